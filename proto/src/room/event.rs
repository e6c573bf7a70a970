//! What a room says: to everyone on `state`, to one on `inbox/<participant>`.

use serde::Serialize;
use ts_rs::TS;

use super::{ChatText, CommandNumber, DisplayName, ParticipantId, Revision, Role, UnixMillis};

/// A person in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// Survives reconnects.
    pub id: ParticipantId,
    /// What others see.
    pub name: DisplayName,
    /// What the participant is here.
    pub role: Role,
    /// False while the connection is lost and the seat is kept.
    pub present: bool,
    /// Whether the microphone is on.
    pub mic: bool,
    /// Whether the camera is on.
    pub cam: bool,
    /// When the participant first came.
    #[ts(type = "number")]
    pub joined_at: UnixMillis,
}

/// Something that was said to all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessage {
    /// Counts the room's messages from 1 on.
    #[ts(type = "number")]
    pub id: u64,
    /// Who said it.
    pub author: ParticipantId,
    /// The author's name then; the author may have left.
    pub name: DisplayName,
    /// What was said.
    pub text: ChatText,
    /// When.
    #[ts(type = "number")]
    pub at: UnixMillis,
}

/// All of a room that everyone may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RoomSnapshot<'a> {
    /// The room's id.
    pub room: &'a str,
    /// The room's title.
    pub title: &'a str,
    /// In the order in which they came.
    pub participants: Vec<Participant>,
    /// The newest messages, oldest first.
    pub chat: Vec<ChatMessage>,
}

/// Why a room ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum EndReason {
    /// A moderator ended it.
    Moderator,
    /// Nobody was there.
    Empty,
}

/// A change that everyone learns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum RoomEvent {
    /// Someone came.
    Joined {
        /// Who.
        participant: Participant,
    },
    /// A connection was lost or is back.
    Presence {
        /// Whose.
        id: ParticipantId,
        /// Whether it is there.
        present: bool,
    },
    /// Someone is gone.
    Left {
        /// Who.
        id: ParticipantId,
    },
    /// Someone switched a microphone or camera.
    Sources {
        /// Who.
        id: ParticipantId,
        /// Whether the microphone is on.
        mic: bool,
        /// Whether the camera is on.
        cam: bool,
    },
    /// Someone said something.
    Said {
        /// What.
        message: ChatMessage,
    },
    /// The room is over.
    Ended {
        /// Why.
        reason: EndReason,
    },
}

/// One object of the `state` track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum StateObject<'a> {
    /// Begins a group.
    Snapshot {
        /// The revision that the snapshot shows.
        #[ts(type = "number")]
        revision: Revision,
        /// The room.
        state: RoomSnapshot<'a>,
    },
    /// Follows it.
    Event {
        /// The revision that the event leads to.
        #[ts(type = "number")]
        revision: Revision,
        /// What happened.
        event: RoomEvent,
    },
}

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

/// One object of an `inbox` track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum InboxObject {
    /// Begins a group.
    Snapshot {
        /// Every command up to this one has its answer.
        #[ts(type = "number")]
        acknowledged: CommandNumber,
        /// Those of them that were refused, as far as they are kept.
        refused: Vec<RefusedCommand>,
    },
    /// A command was done.
    Acknowledged {
        /// Which.
        #[ts(type = "number")]
        number: CommandNumber,
    },
    /// A command was refused.
    Refused {
        /// Which.
        #[ts(type = "number")]
        number: CommandNumber,
        /// Why.
        refusal: Refusal,
    },
    /// The session is about to be closed by the room.
    Closed {
        /// `replaced`, `ended` or `left`.
        reason: CloseReason,
    },
}

/// Why the room closes a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CloseReason {
    /// The same participant came in elsewhere.
    Replaced,
    /// The room is over.
    Ended,
    /// The participant left.
    Left,
}
