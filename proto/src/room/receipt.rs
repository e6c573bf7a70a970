//! The receipt of a room that closed: what it held, and what was left of it afterwards.

use std::fmt;

use serde::Serialize;
use ts_rs::TS;

use super::UnixMillis;

/// What a room holds, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HeldKind {
    /// Logs of its tracks: sound, pictures, and what the room told.
    Tracks,
    /// Who is there, hands, statuses, settings.
    People,
    /// Messages to everyone.
    Chat,
    /// Private messages.
    Private,
    /// Polls with their answers.
    Polls,
    /// What is drawn on boards, and whose pages they are.
    Boards,
    /// The notes.
    Notes,
    /// Which slides there are; their pictures and words are in the logs of tracks.
    Slides,
    /// Which files there are or come; their bytes are in the logs of tracks.
    Files,
    /// Who was there when.
    Attendance,
    /// What moderators did.
    Log,
}

impl HeldKind {
    /// Every kind there is.
    pub const ALL: [Self; 11] = [
        Self::Tracks,
        Self::People,
        Self::Chat,
        Self::Private,
        Self::Polls,
        Self::Boards,
        Self::Notes,
        Self::Slides,
        Self::Files,
        Self::Attendance,
        Self::Log,
    ];
}

/// How much of one kind a room held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldPart {
    /// Of which kind.
    pub kind: HeldKind,
    /// Bytes when the room closed: of tracks those in their logs, of everything else those that it
    /// would take on the wire.
    #[ts(type = "number")]
    pub before: u64,
    /// The same, measured once everyone's session was gone.
    #[ts(type = "number")]
    pub after: u64,
}

/// See the module. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The room's id.
    pub room: String,
    /// When the room opened.
    #[ts(type = "number")]
    pub opened_at: UnixMillis,
    /// When it closed.
    #[ts(type = "number")]
    pub closed_at: UnixMillis,
    /// When what was left was measured.
    #[ts(type = "number")]
    pub measured_at: UnixMillis,
    /// Every kind once.
    pub held: Vec<HeldPart>,
    /// For how many days attendance is kept, and nothing else.
    pub attendance_days: u8,
}

/// By which those who led the room get its receipt.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[ts(type = "string")]
pub struct ReceiptSecret(String);

impl ReceiptSecret {
    /// The secret that this text is.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Secrets stay out of logs.
impl fmt::Debug for ReceiptSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptSecret(…)")
    }
}
