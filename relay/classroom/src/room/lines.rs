//! How everyone's line is: told to the person at once, to moderators together, and to nobody else.

use std::time::Instant;

use mosaik_proto::room::{InboxObject, LineOf, LineQuality, ParticipantId, Role};

use super::Room;
use crate::effect::Effects;
use crate::roster::SessionNumber;

impl Room {
    /// Whose session it is; nobody's once another one has taken its place.
    pub fn owner_of(&self, session: SessionNumber) -> Option<ParticipantId> {
        self.roster.owner_of(session)
    }

    /// The line of somebody's session is like this now.
    pub(super) fn note_line(
        &mut self,
        now: Instant,
        session: SessionNumber,
        line: LineQuality,
        effects: &mut Effects,
    ) {
        let Some(id) = self.owner_of(session) else {
            return;
        };
        if self.lines.of(id) != Some(line) {
            self.lines.set(now, id, line);
            self.tell(id, &InboxObject::Line { line }, effects);
        }
    }

    /// Tells moderators of the lines that have changed, if it is time.
    pub(super) fn tell_lines(&mut self, now: Instant, effects: &mut Effects) {
        let lines = self.lines.take_changed(now);
        if lines.is_empty() {
            return;
        }
        let moderators: Vec<ParticipantId> = self.moderators().collect();
        for moderator in moderators {
            self.tell(moderator, &InboxObject::Lines { lines: lines.clone() }, effects);
        }
    }

    /// What an inbox's snapshot says of everyone's line.
    pub(super) fn lines_for(&self, id: ParticipantId) -> Vec<LineOf> {
        match self.roster.role(id) {
            Some(Role::Moderator) => self.lines.all(),
            Some(Role::Presenter | Role::Viewer) | None => Vec::new(),
        }
    }
}
