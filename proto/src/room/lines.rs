//! How somebody's line is, as the relay sees it: coarse, in memory, for that person and moderators.

use serde::Serialize;
use ts_rs::TS;

use super::ParticipantId;

/// How a session came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LinePath {
    /// QUIC without HTTP/3.
    Quic,
    /// WebTransport.
    WebTransport,
    /// A WebSocket, over TCP.
    WebSocket,
}

/// How many packets to this person are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LineLoss {
    /// Hardly any.
    None,
    /// So many that speech is sent more than once.
    Some,
    /// So many that it may be heard.
    Much,
}

/// What is sent of the pictures that this person's page wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LinePicture {
    /// None is wished of which there is a choice: nobody shows one, the page shows none, or there is
    /// one rendition alone.
    NotWanted,
    /// All that is wished.
    Full,
    /// Less than that.
    Reduced,
    /// Nothing.
    None,
}

/// Why it is less than wished, or what else is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LineReason {
    /// Nothing is.
    None,
    /// More may fit, and is being tried.
    Rising,
    /// The line carries no more.
    LineFull,
    /// Packets are lost.
    Loss,
    /// What is sent waits in the line.
    Delay,
    /// Nothing passes.
    Silent,
    /// Some pictures fit and others do not.
    TooManyPictures,
}

/// What comes of this person's speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LineSpeech {
    /// The microphone is off, or nobody listens.
    NotWanted,
    /// It arrives.
    Arrives,
    /// The microphone is on, and nothing arrives.
    Missing,
}

/// How one person's line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LineQuality {
    /// The way of the session.
    pub path: LinePath,
    /// There and back, in milliseconds: in steps of 10, above 100 of 50, above 500 of 100.
    pub delay_ms: u32,
    /// What is lost on the way to the person.
    pub loss: LineLoss,
    /// What is sent to the person.
    pub picture: LinePicture,
    /// Why.
    pub reason: LineReason,
    /// What comes from the person.
    pub speech: LineSpeech,
}

/// Whose line is how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LineOf {
    /// Whose.
    pub id: ParticipantId,
    /// How.
    pub line: LineQuality,
}
