//! How everyone's line is: the newest that the relay told of each person, and what moderators were
//! not told yet.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use mosaik_proto::room::{LineOf, LineQuality, ParticipantId};

/// Moderators are told so long after the first line that changed: a class whose lines get worse at
/// once costs an object every two seconds.
const TOLD_AFTER: Duration = Duration::from_secs(2);

/// One line for each person who is connected.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    known: BTreeMap<ParticipantId, LineQuality>,
    /// Those of which moderators were not told yet.
    changed: BTreeSet<ParticipantId>,
    tell_at: Option<Instant>,
}

impl Lines {
    /// Somebody's line is like this now.
    pub(crate) fn set(&mut self, now: Instant, id: ParticipantId, line: LineQuality) {
        self.known.insert(id, line);
        self.changed.insert(id);
        self.tell_at.get_or_insert(now + TOLD_AFTER);
    }

    /// Somebody has no line any more.
    pub(crate) fn forget(&mut self, id: ParticipantId) {
        self.known.remove(&id);
        self.changed.remove(&id);
    }

    /// How somebody's line is, once it is known.
    pub(crate) fn of(&self, id: ParticipantId) -> Option<LineQuality> {
        self.known.get(&id).copied()
    }

    /// Everyone's that is known.
    pub(crate) fn all(&self) -> Vec<LineOf> {
        self.known.iter().map(|(id, line)| LineOf { id: *id, line: *line }).collect()
    }

    /// When [`Lines::take_changed`] has something.
    pub(crate) const fn deadline(&self) -> Option<Instant> {
        self.tell_at
    }

    /// Those that have changed, if it is time to tell them.
    pub(crate) fn take_changed(&mut self, now: Instant) -> Vec<LineOf> {
        if self.tell_at.take_if(|at| *at <= now).is_none() {
            return Vec::new();
        }
        let changed = std::mem::take(&mut self.changed).into_iter();
        changed.filter_map(|id| Some(LineOf { id, line: self.of(id)? })).collect()
    }
}
