//! Who may do what, and how often: one table.

use mosaik_proto::room::{Command, Limits, Pace, Role};

use crate::bounds::Sort;

/// Something that a command asks for.
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

impl Act {
    /// What a command asks for.
    pub(crate) const fn of(command: &Command) -> Self {
        match command {
            Command::Say { .. } => Self::PublicChat,
            Command::SetSources { .. } => Self::OwnSources,
            Command::Leave {} => Self::Leave,
            Command::EndRoom {} => Self::EndRoom,
        }
    }

    /// How often it may be asked for, together with all of its sort.
    pub(crate) const fn pace(self, limits: &Limits) -> (Sort, Pace) {
        match self {
            Self::PublicChat => (Sort::Chat, limits.chat),
            Self::OwnSources => (Sort::Sources, limits.sources),
            Self::Leave | Self::EndRoom => (Sort::Rare, limits.rare),
        }
    }
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
