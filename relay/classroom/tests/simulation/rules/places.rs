//! Who is in which breakout, by the commands that were accepted. Where chance decides, and what a new
//! breakout is called, the room says; whether it may be so is looked at.

use std::collections::{BTreeMap, BTreeSet};

use mosaik_proto::room::ParticipantId;
use serde_json::{Value, json};

/// Where someone is, and for who talks aside the group where they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct At {
    breakout: u64,
    back: Option<u64>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    pub(crate) how: Option<String>,
    pub(crate) groups: BTreeSet<u64>,
    at: BTreeMap<ParticipantId, At>,
    /// In which group those were who left.
    away: BTreeMap<ParticipantId, u64>,
    /// Who is put into a group by chance, as the room is about to say.
    by_chance: BTreeSet<ParticipantId>,
    /// Two who begin to talk aside, as the room is about to say where.
    begins: Option<[ParticipantId; 2]>,
    /// How many groups the room is about to name.
    opens: Option<usize>,
    /// Every breakout that there ever was.
    used: BTreeSet<u64>,
    pub(crate) voice: Option<ParticipantId>,
}

impl Places {
    /// Where someone is; none is the main room.
    pub(crate) fn of(&self, id: ParticipantId) -> Option<u64> {
        self.at.get(&id).map(|at| at.breakout)
    }

    pub(crate) fn are_apart(&self) -> bool {
        !self.at.is_empty()
    }

    pub(crate) fn group(&self, id: ParticipantId) -> Option<u64> {
        self.of(id).filter(|breakout| self.groups.contains(breakout))
    }

    pub(crate) fn aside(&self, id: ParticipantId) -> Option<u64> {
        self.of(id).filter(|breakout| !self.groups.contains(breakout))
    }

    pub(crate) fn people(&self, breakout: u64) -> BTreeSet<ParticipantId> {
        let there = self.at.iter().filter(|(_, at)| at.breakout == breakout);
        there.map(|(id, _)| *id).collect()
    }

    /// `dealt`: those who do not lead.
    pub(crate) fn open(&mut self, act: &Value, dealt: &[ParticipantId]) {
        self.close();
        self.how = act["how"].as_str().map(str::to_owned);
        self.opens = act["count"].as_u64().map(|count| usize::try_from(count).unwrap());
        if act["how"] == "random" {
            let here = dealt.iter().filter(|id| self.of(**id).is_none());
            self.by_chance = here.copied().collect();
        }
    }

    /// Everyone who was in a group is in the main room.
    pub(crate) fn close(&mut self) {
        self.at.retain(|_, at| !self.groups.contains(&at.breakout));
        self.at.values_mut().for_each(|at| at.back = None);
        self.groups.clear();
        self.away.clear();
        self.by_chance.clear();
        (self.how, self.voice) = (None, None);
    }

    pub(crate) fn go(
        &mut self,
        id: ParticipantId,
        to: Option<u64>,
        leads: impl Fn(ParticipantId) -> bool,
    ) {
        if let Some(aside) = self.aside(id) {
            self.end_aside(aside, leads);
        }
        self.by_chance.remove(&id);
        self.put(id, to);
    }

    /// Two talk aside; an aside of either ends, but for their own.
    pub(crate) fn take_aside(
        &mut self,
        pair: [ParticipantId; 2],
        leads: impl Fn(ParticipantId) -> bool + Copy,
    ) {
        let [one, other] = pair.map(|id| self.aside(id));
        if one.is_some() && one == other {
            return;
        }
        for aside in [one, other].into_iter().flatten() {
            self.end_aside(aside, leads);
        }
        if pair.map(Some).contains(&self.voice) {
            self.voice = None;
        }
        // Whatever group they would have come into: they are not in it.
        self.by_chance.retain(|id| !pair.contains(id));
        self.begins = Some(pair);
    }

    pub(crate) fn end_aside(&mut self, aside: u64, leads: impl Fn(ParticipantId) -> bool) {
        for id in self.people(aside) {
            let back = self.at[&id].back.filter(|back| self.groups.contains(back));
            self.put(id, back);
            if back.is_none() {
                self.start(id, leads(id));
            }
        }
    }

    pub(crate) fn enter(&mut self, id: ParticipantId, leads: bool) {
        match self.away.remove(&id).filter(|group| self.groups.contains(group)) {
            Some(group) => self.put(id, Some(group)),
            None => self.start(id, leads),
        }
    }

    pub(crate) fn leave(&mut self, id: ParticipantId, leads: bool) {
        if let Some(group) = self.group(id).filter(|_| !leads) {
            self.away.insert(id, group);
        }
        self.at.remove(&id);
        self.by_chance.remove(&id);
    }

    pub(crate) fn forget(&mut self, id: ParticipantId) {
        self.away.remove(&id);
    }

    /// Nobody talks aside alone, and only who leads is heard everywhere.
    pub(crate) fn settle(&mut self, leads: impl Fn(ParticipantId) -> bool + Copy) {
        let asides: BTreeSet<u64> = self.at.keys().filter_map(|id| self.aside(*id)).collect();
        for aside in asides {
            if self.people(aside).len() < 2 {
                self.end_aside(aside, leads);
            }
        }
        self.voice = self.voice.filter(|id| leads(*id));
    }

    /// What the room says of what was left to it must be possible; everything else must be as it is here.
    pub(crate) fn agree(&mut self, told: &Value) {
        let list = told["list"].as_array().unwrap();
        if self.opens.is_none() && self.groups.is_empty() && self.at.is_empty() && list.is_empty() {
            return;
        }
        if let Some(count) = self.opens.take() {
            let groups = list.iter().filter(|one| one["number"] != 0);
            self.groups = groups.map(|group| group["id"].as_u64().unwrap()).collect();
            assert_eq!(self.groups.len(), count, "so many groups were asked for");
            assert!(self.groups.is_disjoint(&self.used), "a group has a name of before");
            self.used.extend(&self.groups);
        }
        let places = told["places"].as_array().unwrap().iter();
        let places: BTreeMap<ParticipantId, u64> = places
            .map(|place| {
                let id = place["id"].as_str().unwrap().parse().unwrap();
                (id, place["breakout"].as_u64().unwrap())
            })
            .collect();
        for id in std::mem::take(&mut self.by_chance) {
            let group = places.get(&id).copied();
            assert!(group.is_some_and(|group| self.groups.contains(&group)), "{id} has no group");
            self.put(id, group);
        }
        if let Some(pair) = self.begins.take() {
            let aside = places.get(&pair[0]).copied().expect("nobody talks aside");
            assert!(self.used.insert(aside), "those who talk aside are where others were");
            for id in pair {
                self.put(id, Some(aside));
            }
        }
        let here = self.at.iter().map(|(id, at)| (*id, at.breakout)).collect();
        assert_eq!(places, here, "people are elsewhere");
        assert_eq!(told["voice"], json!(self.voice), "somebody else is heard everywhere");
        assert_eq!(told["how"], json!(self.how));
    }

    /// Who comes into groups that are dealt out goes where the room says.
    fn start(&mut self, id: ParticipantId, leads: bool) {
        if self.how.as_deref() == Some("random") && !leads {
            self.by_chance.insert(id);
        }
    }

    fn put(&mut self, id: ParticipantId, to: Option<u64>) {
        let back = self.group(id);
        match to {
            Some(breakout) => self.at.insert(id, At { breakout, back }),
            None => self.at.remove(&id),
        };
    }
}
