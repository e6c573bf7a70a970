//! Who may do what: one table.

use mosaik_proto::room::Role;

/// Something that not everyone may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Write in the public chat.
    PublicChat,
    /// Switch one's own microphone and camera.
    OwnSources,
    /// Leave.
    Leave,
    /// End the room for all.
    EndRoom,
}

/// Whether someone of this role may do it.
pub(crate) const fn may(role: Role, act: Act) -> bool {
    match (act, role) {
        (Act::PublicChat | Act::OwnSources | Act::Leave, _) | (Act::EndRoom, Role::Moderator) => {
            true
        }
        (Act::EndRoom, Role::Viewer) => false,
    }
}
