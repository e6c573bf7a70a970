//! Who was there when: for moderators alone.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{DisplayName, ParticipantId, Role, UnixMillis};

/// What a moderator asks to be told once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Report {
    /// Who was there when.
    Attendance,
    /// The same of lessons before this one, as far as it is kept.
    Earlier,
    /// What moderators did.
    Log,
}

/// What a moderator does about attendance that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum AttendanceAct {
    /// Delete that of an earlier lesson.
    #[serde(rename_all = "camelCase")]
    Forget {
        /// When the lesson opened.
        #[ts(type = "number")]
        opened_at: UnixMillis,
    },
}

/// A lesson that is over, in the same room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EarlierLesson {
    /// When the room opened.
    #[ts(type = "number")]
    pub opened_at: UnixMillis,
    /// When it closed.
    #[ts(type = "number")]
    pub closed_at: UnixMillis,
    /// When this is forgotten.
    #[ts(type = "number")]
    pub kept_until: UnixMillis,
    /// Everyone, in the order in which they came.
    pub people: Vec<Attendee>,
}

/// How long someone was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Attendee {
    /// Who.
    pub id: ParticipantId,
    /// The name that the person came with last.
    pub name: DisplayName,
    /// The role that the person came with last.
    pub role: Role,
    /// When the person first came.
    #[ts(type = "number")]
    pub came_at: UnixMillis,
    /// When the person was there last; none while they are here.
    #[ts(type = "number | null")]
    pub left_at: Option<UnixMillis>,
    /// Milliseconds with a connection.
    #[ts(type = "number")]
    pub here_ms: u64,
    /// Milliseconds in which a lost connection was on its way back, up to `line_trouble_max` each.
    #[ts(type = "number")]
    pub line_ms: u64,
    /// Milliseconds between leaving, or being lost for longer, and coming back.
    #[ts(type = "number")]
    pub absent_ms: u64,
}
