//! What is said on a room's control tracks, as docs/protocol.md describes it.
//!
//! Parse, do not validate: a value of these types is within its bounds. Text from outside becomes
//! one of them once, where it comes in.

mod command;
mod event;
mod limits;
mod name;

pub use command::{Command, CommandNumber, Malformed, NumberedCommand};
pub use event::{
    ChatMessage, CloseReason, EndReason, InboxObject, Participant, Refusal, RefusedCommand,
    RoomEvent, RoomSnapshot, StateObject,
};
pub use limits::{COMMAND_BYTES_MAX, DISPLAY_NAME_CHARS_MAX, Limits, Rate, TEXT_CHARS_MAX};
pub use name::{BadName, BadText, ChatText, DisplayName, ParticipantId, Role, RoomId};

/// Milliseconds since the Unix epoch.
pub type UnixMillis = u64;

/// Rises by one with each event of a room.
pub type Revision = u64;
