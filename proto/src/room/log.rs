//! What moderators did: for moderators alone.

use serde::Serialize;
use ts_rs::TS;

use super::{DisplayName, ParticipantId, UnixMillis};

/// What a moderator did that others may ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LoggedAct {
    /// Deleted all messages to everyone.
    ChatCleared,
    /// Deleted somebody else's message.
    MessageDeleted,
    /// Lowered somebody else's hand.
    HandLowered,
    /// Lowered all hands.
    HandsLowered,
    /// Cleared everyone's status.
    StatusesCleared,
    /// Removed a poll and all answers to it.
    PollRemoved,
    /// Took everything off a whiteboard.
    BoardCleared,
    /// Began the notes with an empty page.
    NotesCleared,
    /// Removed a file that somebody else shared.
    FileRemoved,
    /// Removed slides that somebody else brought.
    SlidesRemoved,
    /// Deleted the attendance of an earlier lesson.
    AttendanceForgotten,
    /// Gave somebody another role.
    RoleGiven,
    /// Set what everyone may do.
    LocksSet,
    /// Set what everyone's stage shows large, or left it to each person.
    LayoutSet,
    /// Set what one person may do.
    PersonLocksSet,
    /// Opened groups.
    BreakoutsOpened,
    /// Ended groups.
    BreakoutsClosed,
    /// Set who may come in.
    EntrySet,
    /// Let somebody in who waited.
    LetIn,
    /// Let everyone in who waited.
    AllLetIn,
    /// Turned somebody away who waited.
    TurnedAway,
    /// Removed somebody.
    Removed,
    /// Removed somebody who cannot come back.
    Banned,
    /// Was removed by the room itself for a while: the own device went on sending what was refused.
    Flooded,
}

/// Somebody as the log names them, also when they are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LoggedPerson {
    /// Who.
    pub id: ParticipantId,
    /// The name at that time.
    pub name: DisplayName,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// When.
    #[ts(type = "number")]
    pub at: UnixMillis,
    /// What.
    pub act: LoggedAct,
    /// By whom.
    pub by: LoggedPerson,
    /// To whom; none where it was everyone.
    pub whom: Option<LoggedPerson>,
}
