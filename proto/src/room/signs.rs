//! Small signs of how someone is doing: a lasting status, and reactions that pass.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ParticipantId;

/// How someone is doing, until it is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Has done the task.
    Finished,
    /// Needs help.
    NeedHelp,
    /// It goes too fast.
    TooFast,
    /// It goes too slowly.
    TooSlow,
    /// Is away for a moment.
    BackSoon,
    /// Agrees.
    Agree,
    /// Disagrees.
    Disagree,
}

/// A reaction, to what happens or to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Reaction {
    /// 👍
    ThumbsUp,
    /// ⭐
    Bravo,
    /// ❤️
    Heart,
    /// 😄
    Laugh,
    /// 😮
    Surprised,
    /// 🎉
    Party,
}

/// What someone asks about signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum SignAct {
    /// Set or clear one's own status.
    Status {
        /// None clears it.
        status: Option<Status>,
    },
    /// Clear everyone's status.
    ClearStatuses {},
    /// React to what happens: shown for some seconds, kept nowhere.
    React {
        /// How.
        reaction: Reaction,
    },
}

/// Someone's status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusOf {
    /// Whose.
    pub id: ParticipantId,
    /// Which.
    pub status: Status,
}

/// A change of signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum SignChange {
    /// Someone's status.
    Status {
        /// Whose.
        id: ParticipantId,
        /// None: it was cleared.
        status: Option<Status>,
    },
    /// Nobody has a status any more.
    StatusesCleared {},
    /// Someone reacted.
    Reacted {
        /// Who.
        id: ParticipantId,
        /// How.
        reaction: Reaction,
    },
}
