//! People in a room.

use serde::Serialize;
use ts_rs::TS;

use super::{DisplayName, Locks, ParticipantId, Role, UnixMillis};

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
    /// Locked for this person, whatever the room says.
    pub locked: Locks,
    /// Free for this person, whatever the room says.
    pub freed: Locks,
}

impl Participant {
    /// The locks that hold for this person in a room with these: moderators have none, presenters
    /// only their own.
    pub const fn locks(&self, room: Locks) -> Locks {
        match self.role {
            Role::Moderator => Locks::NONE,
            Role::Presenter => self.locked,
            Role::Viewer => room.except(self.freed).and(self.locked),
        }
    }
}
