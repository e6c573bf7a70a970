//! What moderators are told when they ask: in their inbox and nowhere else.

use mosaik_proto::room::{InboxObject, Report};

use super::{Asked, Room};
use crate::effect::Effects;

impl Room {
    pub(super) fn report(&mut self, asked: Asked, of: Report, effects: &mut Effects) {
        let object = match of {
            Report::Attendance => {
                InboxObject::Attendance { at: asked.wall, people: self.attendance.list(asked.now) }
            }
            Report::Log => InboxObject::Log { entries: self.log.iter().cloned().collect() },
        };
        self.tell(asked.from, &object, effects);
    }
}
