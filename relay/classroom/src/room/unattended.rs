//! A room whose moderators are gone: it goes on for a while, and everyone is told for how long.

use std::time::Instant;

use mosaik_proto::room::{EndReason, LeadChange, Role, RoomEvent, UnixMillis};

use super::Room;
use crate::effect::Effects;

/// Since when a room is without a moderator, once it had one.
#[derive(Debug, Default)]
pub(super) struct Unattended {
    had_moderator: bool,
    ends: Option<(Instant, UnixMillis)>,
}

impl Unattended {
    /// Whether somebody ever led the room.
    pub(super) const fn had_moderator(&self) -> bool {
        self.had_moderator
    }

    /// When the room ends.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.ends.map(|(at, _)| at)
    }

    /// The same as the time that people see.
    pub(super) fn ends_at(&self) -> Option<UnixMillis> {
        self.ends.map(|(_, wall)| wall)
    }
}

impl Room {
    /// Looks whether a moderator is there, and tells when that has changed. A seat counts, whether
    /// its connection is there or not.
    pub(super) fn note_moderators(&mut self, now: Instant, effects: &mut Effects) {
        let has_moderator = self.roster.people().any(|person| person.role == Role::Moderator);
        self.unattended.had_moderator |= has_moderator;
        let is_left = !has_moderator && !self.roster.is_empty();
        let is_unattended = self.unattended.had_moderator && is_left;
        if is_unattended == self.unattended.ends.is_some() || self.is_over {
            return;
        }
        let grace = self.limits.unattended_grace;
        self.unattended.ends = is_unattended.then(|| {
            let millis = u64::try_from(grace.as_millis()).unwrap_or(u64::MAX);
            (now + grace, self.wall(now).saturating_add(millis))
        });
        let change = LeadChange::Unattended { ends_at: self.unattended.ends_at() };
        self.event(RoomEvent::Lead { change }, effects);
    }

    /// Ends the room when nobody came back to lead it.
    pub(super) fn expire_unattended(&mut self, now: Instant, effects: &mut Effects) {
        let is_due = self.unattended.deadline().is_some_and(|at| at <= now);
        if is_due && !self.is_over {
            self.end(EndReason::Unattended, effects);
        }
    }

    /// The time that people see, counted from when something happened last.
    fn wall(&self, now: Instant) -> UnixMillis {
        let (then, wall) = self.clock;
        let since = now.saturating_duration_since(then).as_millis();
        wall.saturating_add(u64::try_from(since).unwrap_or(u64::MAX))
    }
}
