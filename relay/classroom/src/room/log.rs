//! The log of what moderators did: kept in memory, told to moderators who ask.

use mosaik_proto::room::{LogEntry, LoggedAct, LoggedPerson, ParticipantId};

use super::{Asked, Room};

impl Room {
    /// Notes what a moderator did, and to whom if it was one person. Nothing is noted of somebody
    /// whom the room knows no more.
    pub(super) fn note(&mut self, act: LoggedAct, by: Asked, whom: Option<ParticipantId>) {
        let Some(doer) = self.logged(by.from) else {
            return;
        };
        let whom = whom.and_then(|id| self.logged(id));
        self.log.push_back(LogEntry { at: by.wall, act, by: doer, whom });
        while self.log.len() > self.limits.log_kept {
            self.log.pop_front();
        }
    }

    /// Whoever left has a name in the attendance still, and who waits has one at the door.
    fn logged(&self, id: ParticipantId) -> Option<LoggedPerson> {
        let waits = || self.door.waiting.participant(id).map(|person| person.name.clone());
        let name = self.attendance.name(id).or_else(waits)?;
        Some(LoggedPerson { id, name })
    }
}
