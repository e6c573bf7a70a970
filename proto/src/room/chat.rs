//! What is said in a room.

use serde::Serialize;
use ts_rs::TS;

use super::{ChatText, DisplayName, ParticipantId, UnixMillis};

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
