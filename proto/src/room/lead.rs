//! Leading: roles, locks, presets.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Layout, Lock, Locks, ParticipantId, PersonLock, Preset, Role, RoomSettings, UnixMillis,
};

/// What a moderator asks about roles and locks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum LeadAct {
    /// Give someone a role.
    SetRole {
        /// Whom.
        id: ParticipantId,
        /// Which.
        role: Role,
    },
    /// Lock something for all viewers, or free it.
    SetLock {
        /// What.
        lock: Lock,
        /// Whether it is locked from now on.
        locked: bool,
    },
    /// Lock something for one person, free it, or leave it to the room.
    SetPersonLock {
        /// For whom.
        id: ParticipantId,
        /// What.
        lock: Lock,
        /// What holds from now on.
        state: PersonLock,
    },
    /// Take the settings of a preset.
    UsePreset {
        /// Which.
        preset: Preset,
    },
    /// Set what everyone's stage shows large.
    SetLayout {
        /// What; none leaves it to each person.
        layout: Option<Layout>,
    },
}

/// A change of roles or locks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum LeadChange {
    /// Someone has another role.
    Role {
        /// Who.
        id: ParticipantId,
        /// Which.
        role: Role,
    },
    /// The room has other settings.
    Settings {
        /// All of them.
        settings: RoomSettings,
    },
    /// For one person other locks hold in place of the room's.
    PersonLocks {
        /// For whom.
        id: ParticipantId,
        /// Locked, whatever the room says.
        locked: Locks,
        /// Free, whatever the room says.
        freed: Locks,
    },
    /// All moderators are gone, or one is there again.
    Unattended {
        /// When the room ends if none comes back; none when one is there.
        #[ts(type = "number | null")]
        ends_at: Option<UnixMillis>,
    },
}
