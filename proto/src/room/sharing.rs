//! Who shares a screen.

use serde::Serialize;
use ts_rs::TS;

use super::ParticipantId;

/// The screens that are shared, and whether the stage is the newest one's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Sharing {
    /// Who shares one, the newest last.
    pub screens: Vec<ParticipantId>,
    /// Whether the newest screen stands where slides and whiteboards do: none of them was shown since
    /// it was shared.
    pub on_stage: bool,
}
