//! Coming in: the waiting room, and sending people away.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ChatText, DisplayName, Entry, ParticipantId, RawText, UnixMillis};

/// What a moderator asks about who is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum DoorAct {
    /// Say who may come in.
    SetEntry {
        /// Who.
        entry: Entry,
    },
    /// Let someone in who waits.
    Admit {
        /// Whom.
        id: ParticipantId,
    },
    /// Let everyone in who waits, as long as there are seats.
    AdmitAll {},
    /// Send someone away who waits.
    TurnAway {
        /// Whom.
        id: ParticipantId,
    },
    /// Say something to all who wait, now and later.
    TellWaiting {
        /// What; nothing takes it back.
        text: RawText,
    },
    /// Send someone away who is in.
    Remove {
        /// Whom.
        id: ParticipantId,
        /// Whether this participant cannot come back as long as the room is open.
        ban: bool,
    },
}

/// Someone who waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WaitingPerson {
    /// Who.
    pub id: ParticipantId,
    /// The name that others will see.
    pub name: DisplayName,
    /// Since when.
    #[ts(type = "number")]
    pub since: UnixMillis,
}

/// Where someone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// In the waiting room.
    Waiting,
    /// In the room.
    Inside,
}

/// What an inbox says of the door: to moderators who waits, to who waits what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum DoorNews {
    /// Someone waits.
    Waits {
        /// Who.
        person: WaitingPerson,
    },
    /// Someone does not wait any more.
    WaitsNoMore {
        /// Who.
        id: ParticipantId,
    },
    /// The participant is in.
    LetIn {},
    /// A moderator said something to those who wait.
    Notice {
        /// What.
        text: Option<ChatText>,
    },
}

/// What the inbox's snapshot says of the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DoorSnapshot {
    /// Where the participant is.
    pub place: Place,
    /// What was said to those who wait; for them and for moderators.
    pub notice: Option<ChatText>,
    /// Who waits, in the order in which they came; for moderators.
    pub waiting: Vec<WaitingPerson>,
}
