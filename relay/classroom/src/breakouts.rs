//! Breakouts: which there are, who is where, and when the groups end.

use std::collections::BTreeMap;
use std::time::Instant;

use mosaik_proto::room::{
    AsideWish, Breakout, BreakoutId, BreakoutNotice, BreakoutPlace, Breakouts as Told, DisplayName,
    Distribution, HelpCall, ParticipantId, UnixMillis,
};

/// Where someone is, and for who talks aside where they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    breakout: BreakoutId,
    back: Option<BreakoutId>,
}

/// See the module. Groups and those who talk aside are independent: either may be without the other.
#[derive(Debug, Default)]
pub(crate) struct Breakouts {
    /// How people come into groups, while there are some.
    how: Option<Distribution>,
    ends: Option<(Instant, UnixMillis)>,
    /// Groups by their number, then those who talk aside.
    list: Vec<Breakout>,
    places: BTreeMap<ParticipantId, Place>,
    /// In which group those were who left.
    away: BTreeMap<ParticipantId, BreakoutId>,
    calls: Vec<HelpCall>,
    /// Who would like to talk aside; those who wait longest first.
    wishes: Vec<AsideWish>,
    pub(crate) notice: Option<BreakoutNotice>,
    pub(crate) voice: Option<ParticipantId>,
    /// How many breakouts there ever were.
    begun: BreakoutId,
}

impl Breakouts {
    pub(crate) fn snapshot(&self) -> Told {
        let place = |(id, place): (&ParticipantId, &Place)| BreakoutPlace {
            id: *id,
            breakout: place.breakout,
        };
        Told {
            how: self.how,
            ends_at: self.ends.map(|(_, wall)| wall),
            list: self.list.clone(),
            places: self.places.iter().map(place).collect(),
            calls: self.calls.clone(),
            notice: self.notice.clone(),
            voice: self.voice,
        }
    }

    pub(crate) const fn how(&self) -> Option<Distribution> {
        self.how
    }

    /// Whether anyone is elsewhere than in the main room.
    pub(crate) fn are_apart(&self) -> bool {
        !self.places.is_empty()
    }

    /// Where someone is; none is the main room.
    pub(crate) fn place(&self, id: ParticipantId) -> Option<BreakoutId> {
        self.places.get(&id).map(|place| place.breakout)
    }

    /// Everyone in a breakout.
    pub(crate) fn people(&self, breakout: BreakoutId) -> Vec<ParticipantId> {
        let is_there = |(_, place): &(&ParticipantId, &Place)| place.breakout == breakout;
        self.places.iter().filter(is_there).map(|(id, _)| *id).collect()
    }

    pub(crate) fn is_group(&self, breakout: BreakoutId) -> bool {
        self.groups().any(|group| group.id == breakout)
    }

    /// The group that someone is in.
    pub(crate) fn group(&self, id: ParticipantId) -> Option<BreakoutId> {
        self.place(id).filter(|breakout| self.is_group(*breakout))
    }

    pub(crate) fn groups(&self) -> impl Iterator<Item = &Breakout> {
        self.list.iter().filter(|breakout| breakout.number > 0)
    }

    /// Where someone talks aside.
    pub(crate) fn aside(&self, id: ParticipantId) -> Option<BreakoutId> {
        self.place(id).filter(|breakout| !self.is_group(*breakout))
    }

    /// All of those who talk aside.
    pub(crate) fn asides(&self) -> Vec<BreakoutId> {
        let asides = self.list.iter().filter(|breakout| breakout.number == 0);
        asides.map(|breakout| breakout.id).collect()
    }

    /// The group with the fewest of `people`, the first of several.
    pub(crate) fn smallest(&self, people: &[ParticipantId]) -> Option<BreakoutId> {
        let count = |group: &&Breakout| {
            people.iter().filter(|id| self.place(**id) == Some(group.id)).count()
        };
        self.groups().min_by_key(count).map(|group| group.id)
    }

    /// Opens so many groups, in place of those that there are.
    pub(crate) fn open(&mut self, count: u32, how: Distribution) -> Vec<BreakoutId> {
        self.close();
        self.how = Some(how);
        let groups: Vec<Breakout> = (1..=count).map(|number| self.begin(number)).collect();
        let ids = groups.iter().map(|group| group.id).collect();
        self.list.splice(0..0, groups);
        ids
    }

    /// Two people are about to talk aside.
    pub(crate) fn begin_aside(&mut self) -> Breakout {
        let aside = self.begin(0);
        self.list.push(aside.clone());
        aside
    }

    const fn begin(&mut self, number: u32) -> Breakout {
        self.begun = self.begun.saturating_add(1);
        Breakout { id: self.begun, number, name: None }
    }

    /// Those who talked aside do not any more: where each of them was before.
    pub(crate) fn end_aside(
        &mut self,
        aside: BreakoutId,
    ) -> Vec<(ParticipantId, Option<BreakoutId>)> {
        self.list.retain(|breakout| breakout.id != aside);
        let people = self.people(aside);
        let back = |id| self.places.get(&id).and_then(|place| place.back);
        people.into_iter().map(|id| (id, back(id))).collect()
    }

    /// Puts someone somewhere; none is the main room. A call for help of theirs is over.
    pub(crate) fn put(&mut self, id: ParticipantId, breakout: Option<BreakoutId>) {
        let back = self.place(id).filter(|before| self.is_group(*before));
        self.calls.retain(|call| call.by != id);
        match breakout {
            Some(breakout) => self.places.insert(id, Place { breakout, back }),
            None => self.places.remove(&id),
        };
    }

    /// Ends all groups: everyone who was in one is in the main room.
    pub(crate) fn close(&mut self) {
        let asides = self.asides();
        self.places.retain(|_, place| asides.contains(&place.breakout));
        self.places.values_mut().for_each(|place| place.back = None);
        self.list.retain(|breakout| breakout.number == 0);
        self.away.clear();
        self.calls.clear();
        (self.how, self.ends, self.notice, self.voice) = (None, None, None, None);
    }

    /// Someone left; a viewer comes back into the group. Of more than `most` who left some start anew.
    pub(crate) fn leave(&mut self, id: ParticipantId, is_viewer: bool, most: usize) {
        let group = self.group(id).filter(|_| is_viewer);
        self.put(id, None);
        if let Some(group) = group {
            self.away.insert(id, group);
        }
        while self.away.len() > most {
            self.away.pop_first();
        }
    }

    /// The group that someone left.
    pub(crate) fn take_away(&mut self, id: ParticipantId) -> Option<BreakoutId> {
        self.away.remove(&id)
    }

    /// False if no group is called that or it has the name already.
    pub(crate) fn rename(&mut self, id: BreakoutId, name: Option<&DisplayName>) -> bool {
        let mut groups = self.list.iter_mut().filter(|breakout| breakout.number > 0);
        let Some(group) = groups.find(|group| group.id == id && group.name.as_ref() != name) else {
            return false;
        };
        group.name = name.cloned();
        true
    }

    pub(crate) fn ends(&self) -> Option<Instant> {
        self.ends.map(|(at, _)| at)
    }

    pub(crate) const fn set_end(&mut self, ends: Option<(Instant, UnixMillis)>) {
        self.ends = ends;
    }

    /// False if this group calls already.
    pub(crate) fn call(&mut self, call: HelpCall) -> bool {
        let is_new = self.calls.iter().all(|other| other.breakout != call.breakout);
        self.calls.extend(is_new.then_some(call));
        is_new
    }

    pub(crate) fn wishes(&self) -> &[AsideWish] {
        &self.wishes
    }

    /// False if they wish it already.
    pub(crate) fn wish(&mut self, wish: AsideWish) -> bool {
        let is_new = self.wishes.iter().all(|other| other.id != wish.id);
        self.wishes.extend(is_new.then_some(wish));
        is_new
    }

    /// False if they do not wish it.
    pub(crate) fn forget_wish(&mut self, id: ParticipantId) -> bool {
        let before = self.wishes.len();
        self.wishes.retain(|wish| wish.id != id);
        self.wishes.len() < before
    }

    /// False if this group does not call.
    pub(crate) fn answer(&mut self, breakout: BreakoutId) -> bool {
        let before = self.calls.len();
        self.calls.retain(|call| call.breakout != breakout);
        self.calls.len() < before
    }
}
