//! What moderators are told when they ask: in their inbox and nowhere else.

use std::time::Instant;

use mosaik_proto::room::{
    AttendanceAct, EarlierLesson, InboxObject, LoggedAct, Refusal, Report, Role, UnixMillis,
};

use super::{Asked, Room};
use crate::earlier::Earlier;
use crate::effect::Effects;

impl Room {
    pub(super) fn report(&mut self, asked: Asked, of: Report, effects: &mut Effects) {
        let object = match of {
            Report::Attendance => {
                InboxObject::Attendance { at: asked.wall, people: self.attendance.list(asked.now) }
            }
            Report::Earlier => InboxObject::Earlier { lessons: self.earlier.lessons() },
            Report::Log => InboxObject::Log { entries: self.log.iter().cloned().collect() },
        };
        self.tell(asked.from, &object, effects);
    }

    /// Deletes what is kept of an earlier lesson.
    pub(super) fn attendance(
        &mut self,
        asked: Asked,
        act: &AttendanceAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let AttendanceAct::Forget { opened_at } = act;
        if !self.earlier.forget(*opened_at) {
            return Err(Refusal::NotThere);
        }
        self.note(LoggedAct::AttendanceForgotten, asked, None);
        let object = InboxObject::Earlier { lessons: self.earlier.lessons() };
        for moderator in self.moderators().collect::<Vec<_>>() {
            self.tell(moderator, &object, effects);
        }
        Ok(())
    }

    /// What was kept of lessons before this one.
    pub fn begin_after(&mut self, earlier: Earlier) {
        self.earlier = earlier;
    }

    /// What is kept of a room that is over, with this lesson if it is to be: who was there when, if
    /// somebody led it and somebody came. Neither a class alone nor a teacher who looks in pushes
    /// out what is kept of others.
    pub fn into_earlier(
        mut self,
        now: Instant,
        (opened_at, closed_at): (UnixMillis, UnixMillis),
    ) -> Earlier {
        let limits = &self.limits.earlier;
        let mut people = self.attendance.list(now);
        let is_lesson = people.iter().any(|person| person.role != Role::Moderator)
            && self.unattended.had_moderator();
        if limits.days > 0 && is_lesson {
            for person in &mut people {
                person.left_at.get_or_insert(closed_at);
            }
            let lesson = EarlierLesson { opened_at, closed_at, kept_until: closed_at, people };
            self.earlier.keep(now, lesson, limits);
        }
        self.earlier
    }
}
