//! What a room allows at the moment.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// To whom viewers may write privately. Moderators may write to anyone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PrivateChat {
    /// To nobody.
    Nobody,
    /// To moderators.
    #[default]
    Moderators,
    /// To everyone.
    Everyone,
}

/// What a room allows at the moment; each field begins with its default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// To whom viewers may write privately.
    pub private_chat: PrivateChat,
}
