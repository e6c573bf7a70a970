//! People in a room.

use serde::Serialize;
use ts_rs::TS;

use super::{DisplayName, ParticipantId, Role, UnixMillis};

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
