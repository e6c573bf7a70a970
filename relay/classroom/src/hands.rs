//! Raised hands in the order in which they went up, and who has been called on.

use std::collections::BTreeMap;

use mosaik_proto::room::{
    CalledOn, HandsSnapshot, ParticipantId, PersonLock, RaisedHand, UnixMillis,
};

use crate::chance::Chance;

#[derive(Debug, Default)]
pub(crate) struct Hands {
    raised: Vec<RaisedHand>,
    /// Kept of those who left too: who comes back has not been forgotten.
    called: BTreeMap<ParticipantId, u32>,
    asked: Vec<ParticipantId>,
    picked: Vec<ParticipantId>,
    cameras: Vec<ParticipantId>,
    /// Whose microphone was freed to speak, and how it was locked for them before.
    pub(crate) floor: BTreeMap<ParticipantId, PersonLock>,
}

impl Hands {
    /// A hand goes up behind all others; none if it is up.
    pub(crate) fn raise(&mut self, id: ParticipantId, since: UnixMillis) -> Option<RaisedHand> {
        if self.raised.iter().any(|hand| hand.id == id) {
            return None;
        }
        let hand = RaisedHand { id, since };
        self.raised.push(hand.clone());
        Some(hand)
    }

    /// A hand goes down; false if it was.
    pub(crate) fn lower(&mut self, id: ParticipantId) -> bool {
        let before = self.raised.len();
        self.raised.retain(|hand| hand.id != id);
        self.raised.len() < before
    }

    /// All hands go down; false if they were.
    pub(crate) fn lower_all(&mut self) -> bool {
        !std::mem::take(&mut self.raised).is_empty()
    }

    /// Someone is asked to speak, and the hand goes down.
    pub(crate) fn call_on(&mut self, id: ParticipantId) {
        self.lower(id);
        add(&mut self.asked, id);
    }

    /// Someone who was called on speaks. At most `kept` people are remembered: beyond it those are
    /// forgotten who are not `here`.
    pub(crate) fn speak(
        &mut self,
        id: ParticipantId,
        kept: usize,
        here: impl Fn(ParticipantId) -> bool,
    ) {
        let times = self.called.entry(id).or_default();
        *times = times.saturating_add(1);
        if self.called.len() > kept {
            self.called.retain(|id, _| here(*id));
        }
    }

    /// Someone answers to being called on; false if nobody asked.
    pub(crate) fn answer(&mut self, id: ParticipantId) -> bool {
        take(&mut self.asked, id)
    }

    /// Someone is asked to show themselves; false if they are already.
    pub(crate) fn ask_camera(&mut self, id: ParticipantId) -> bool {
        add(&mut self.cameras, id)
    }

    /// Someone answers to that; false if nobody asked.
    pub(crate) fn answer_camera(&mut self, id: ParticipantId) -> bool {
        take(&mut self.cameras, id)
    }

    /// Picks one of `candidates` who was not picked in this round, and says whether a new round
    /// begins with it. A new one does not begin with whom the last one ended with.
    pub(crate) fn pick(
        &mut self,
        candidates: &[ParticipantId],
        chance: &mut Chance,
    ) -> Option<(ParticipantId, bool)> {
        if candidates.is_empty() {
            return None;
        }
        let is_left = |id: &&ParticipantId| !self.picked.contains(id);
        let mut left: Vec<ParticipantId> = candidates.iter().filter(is_left).copied().collect();
        let is_new_round = left.is_empty();
        if is_new_round {
            let last = self.picked.last().copied();
            self.picked.clear();
            left = candidates.iter().copied().filter(|id| Some(*id) != last).collect();
            if left.is_empty() {
                left = candidates.to_vec();
            }
        }
        let id = left.get(chance.below(left.len())).copied()?;
        self.picked.push(id);
        Some((id, is_new_round))
    }

    /// Someone left: no hand, nothing to answer, nobody to pick again.
    pub(crate) fn leave(&mut self, id: ParticipantId) {
        self.lower(id);
        self.answer(id);
        self.answer_camera(id);
        take(&mut self.picked, id);
    }

    pub(crate) fn snapshot(&self) -> HandsSnapshot {
        let called = self.called.iter().map(|(id, times)| CalledOn { id: *id, times: *times });
        HandsSnapshot {
            raised: self.raised.clone(),
            called: called.collect(),
            asked: self.asked.clone(),
            picked: self.picked.clone(),
            cameras: self.cameras.clone(),
        }
    }
}

/// Behind all others; false if someone is there already.
fn add(list: &mut Vec<ParticipantId>, id: ParticipantId) -> bool {
    let is_new = !list.contains(&id);
    list.extend(is_new.then_some(id));
    is_new
}

/// False if someone is not there.
fn take(list: &mut Vec<ParticipantId>, id: ParticipantId) -> bool {
    let before = list.len();
    list.retain(|other| *other != id);
    list.len() < before
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u64) -> ParticipantId {
        ParticipantId::new(number)
    }

    #[test]
    fn whoever_raised_first_stays_first_whatever_the_others_do() {
        let mut hands = Hands::default();
        for number in [3, 1, 2] {
            assert!(hands.raise(id(number), number).is_some());
        }
        assert_eq!(hands.raise(id(3), 9), None, "a second time changes nothing");
        hands.lower(id(1));
        hands.raise(id(1), 10);
        let order: Vec<ParticipantId> =
            hands.snapshot().raised.iter().map(|hand| hand.id).collect();
        assert_eq!(order, [id(3), id(2), id(1)]);
    }

    #[test]
    fn speaking_is_counted_and_being_called_on_asked_once() {
        let mut hands = Hands::default();
        hands.raise(id(1), 1);
        hands.call_on(id(1));
        assert_eq!(hands.snapshot().called, [], "nobody has spoken yet");
        hands.speak(id(1), 9, |_| true);
        hands.call_on(id(1));
        assert_eq!(hands.snapshot().called, [CalledOn { id: id(1), times: 1 }]);
        assert_eq!((hands.snapshot().raised.len(), hands.snapshot().asked.len()), (0, 1));
        assert!(hands.answer(id(1)) && !hands.answer(id(1)));
    }

    #[test]
    fn chance_picks_everyone_once_before_anyone_twice_and_the_same_for_the_same_seed() {
        let class: Vec<ParticipantId> = (1..=20).map(id).collect();
        let draw = |seed| {
            let (mut hands, mut chance) = (Hands::default(), Chance::new(seed));
            let mut drawn = Vec::new();
            for turn in 0..40 {
                let (who, is_new_round) = hands.pick(&class, &mut chance).unwrap();
                assert_eq!(is_new_round, turn == 20);
                assert_ne!(drawn.last(), Some(&who), "twice in a row");
                drawn.push(who);
            }
            drawn
        };
        let drawn = draw(7);
        for round in drawn.chunks(20) {
            let mut round = round.to_vec();
            round.sort_unstable();
            assert_eq!(round, class);
        }
        assert_eq!(draw(7), drawn);
        assert_ne!(draw(8), drawn);
        let mut hands = Hands::default();
        hands.pick(&class, &mut Chance::new(1));
        assert_eq!(hands.pick(&[], &mut Chance::new(1)), None);
        assert_eq!(hands.snapshot().picked.len(), 1, "a pick in vain ends no round");
    }

    #[test]
    fn who_has_spoken_is_bounded() {
        let mut hands = Hands::default();
        for number in 0..100 {
            hands.speak(id(number), 10, |someone| someone == id(number));
        }
        assert!(hands.snapshot().called.len() <= 11);
    }
}
