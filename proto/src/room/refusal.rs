//! Why something that was asked for was not done.

use serde::Serialize;
use ts_rs::TS;

use super::{CommandNumber, Lock, Medium};

/// Why a command was not done: what a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Refusal {
    /// Too many in too short a time.
    #[error("too fast; the next one in {retry_after_ms} ms")]
    TooFast {
        /// When the next one may come.
        #[ts(type = "number")]
        retry_after_ms: u64,
    },
    /// Nothing but white space.
    #[error("the text is empty")]
    TextEmpty,
    /// Too many characters.
    #[error("the text has more than {max} characters")]
    TextTooLong {
        /// How many are allowed.
        max: usize,
    },
    /// Not with this role.
    #[error("this role may not do that")]
    NotAllowed,
    /// The room is over.
    #[error("the room is closing")]
    RoomClosing,
    /// A number was left out.
    #[error("command {expected} is missing")]
    OutOfOrder {
        /// The number that must come next.
        #[ts(type = "number")]
        expected: CommandNumber,
    },
    /// No command that we know.
    #[error("the command is malformed")]
    Malformed,
    /// No seat is left.
    #[error("all {max} seats are taken")]
    RoomFull {
        /// How many there are.
        max: usize,
    },
    /// There are as many as there may be.
    #[error("there are {max} already")]
    Full {
        /// How many there may be.
        max: usize,
    },
    /// It is larger than one may be.
    #[error("more than {max} bytes")]
    TooLarge {
        /// How many bytes there may be.
        #[ts(type = "number")]
        max: u64,
    },
    /// There is no room left for it.
    #[error("the room keeps {max} bytes and has no room left")]
    NoSpace {
        /// How many bytes the room keeps.
        #[ts(type = "number")]
        max: u64,
    },
    /// What was sent is not what its name or its place says, or is nothing that is taken.
    #[error("the content is not what it is said to be")]
    WrongContent,
    /// The poll takes no more answers.
    #[error("the poll is closed")]
    PollClosed,
    /// Of an anonymous poll: this person or this key has voted already.
    #[error("there is a ballot already that this key does not open")]
    VotedAlready,
    /// Of an anonymous poll: so few answers would tell who gave them.
    #[error("fewer than {min} answers")]
    TooFew {
        /// How many there must be.
        min: usize,
    },
    /// A moderator has locked this.
    #[error("{lock:?} is locked")]
    Locked {
        /// What.
        lock: Lock,
    },
    /// The participant has not agreed to reach others in this way.
    #[error("it was not agreed to be {medium:?}")]
    NotAgreed {
        /// In which.
        medium: Medium,
    },
    /// Somebody must lead the room.
    #[error("the room would be without a moderator")]
    LastModerator,
    /// Nobody new may come in.
    #[error("the room is locked")]
    RoomLocked,
    /// A moderator has removed this participant.
    #[error("the participant was removed")]
    Removed,
    /// The person, message or question is not there (any more).
    #[error("what was meant is not there")]
    NotThere,
}

/// A command that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RefusedCommand {
    /// Which.
    #[ts(type = "number")]
    pub number: CommandNumber,
    /// Why.
    pub refusal: Refusal,
}
