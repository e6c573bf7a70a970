//! The table: what is sent, and what the draft says becomes of the session.

use mosaik_proto::moqt::SessionCode;

use crate::{control, data, datagrams, requests, upstream};

/// What an offender does with a fresh session.
#[derive(Debug, Clone)]
pub(crate) enum Play {
    /// The control stream begins with these bytes instead of SETUP.
    Setup(Vec<u8>),
    /// SETUP with a good token in front of these options.
    SetupOptions(Vec<u8>),
    /// SETUP, then these bytes on the control stream.
    Control(Vec<u8>),
    /// SETUP, then FIN on the control stream.
    EndControl,
    /// SETUP, then these bytes on a request stream each.
    Requests(Vec<Vec<u8>>),
    /// SETUP, then these bytes and FIN on a request stream.
    RequestFin(Vec<u8>),
    /// SETUP and PUBLISH with [`ALIAS`], then these bytes on unidirectional streams; FIN behind
    /// the last byte of each if it says so.
    Streams(Vec<Vec<u8>>, bool),
    /// SETUP, then a datagram.
    Datagram(Vec<u8>),
    /// SETUP and PUBLISH_NAMESPACE, then these bytes in answer to each SUBSCRIBE of the relay.
    Answers(Vec<Vec<u8>>),
}

/// The alias of the track that an offender publishes.
pub(crate) const ALIAS: u64 = 5;

/// The participant in whose name requests are made; replaced by who plays.
pub(crate) const SELF: &str = "0000000000000000";

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The session is closed with this code.
    Closed(SessionCode),
    /// Only the stream, the request or the datagram ends; the session goes on.
    GoesOn,
}

/// Most things.
pub(crate) const VIOLATION: Fate = Fate::Closed(SessionCode::ProtocolViolation);

/// One line of the table.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// What is wrong.
    pub(crate) name: String,
    pub(crate) play: Play,
    pub(crate) fate: Fate,
}

pub(crate) fn case(name: impl Into<String>, play: Play, fate: Fate) -> Case {
    Case { name: name.into(), play, fate }
}

/// All lines.
pub(crate) fn table() -> Vec<Case> {
    [control::cases(), requests::cases(), data::cases(), datagrams::cases(), upstream::cases()]
        .concat()
}
