//! QMux (draft-ietf-quic-qmux-02): QUIC's streams over a connection that keeps order, without a
//! clock or a socket.
//!
//! Ours is the server's side. What is sent is chosen at the last moment, the most urgent stream
//! first: nothing waits in a socket that something more urgent could have overtaken, and what is
//! reset while it waits never leaves.

mod datagrams;
mod frame;
mod mux;
mod parameters;
mod pings;
mod receiving;
mod sending;
mod streams;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use tokio::sync::Notify;

pub(crate) use mux::Mux;
pub(crate) use sending::Ended;

/// What a record changed for those who wait.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Changed {
    /// A stream of the peer's, or the session's end.
    pub(crate) arrived: bool,
    /// More may be written or opened.
    pub(crate) room: bool,
}

/// The windows and counts of our side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MuxLimits {
    pub(crate) session_window: u64,
    pub(crate) stream_window: u64,
    pub(crate) streams_bidi: u64,
    pub(crate) streams_uni: u64,
    /// Milliseconds.
    pub(crate) idle_timeout: u64,
}

/// Bytes that may leave now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leave {
    /// Of datagrams, and of streams that are as urgent as speech and control.
    pub(crate) urgent: usize,
    /// Of all other streams.
    pub(crate) bulk: usize,
}

impl Leave {
    pub(crate) const ALL: Self = Self { urgent: usize::MAX, bulk: usize::MAX };
    /// Frames of the session alone.
    pub(crate) const NONE: Self = Self { urgent: 0, bulk: 0 };
}

/// One half or two of a stream that a caller may use.
pub(crate) struct Half {
    pub(crate) id: u64,
    pub(crate) changed: Arc<Notify>,
}

/// Largest record that every side takes (section 5): what we take, and what we send at most.
pub(crate) const RECORD_BYTES: usize = 16_382;

/// Transport error codes (RFC 9000, section 20.1) that this side finds a reason for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MuxCode {
    Internal = 0x1,
    FlowControl = 0x3,
    StreamLimit = 0x4,
    StreamState = 0x5,
    FrameEncoding = 0x7,
    Parameter = 0x8,
    Protocol = 0xA,
}

/// The peer broke a rule of QMux; the session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) code: MuxCode,
    pub(crate) why: &'static str,
}

impl Broken {
    pub(crate) const fn new(code: MuxCode, why: &'static str) -> Self {
        Self { code, why }
    }
}

/// Bit 0 of a stream's ID is who opened it (1: the server), bit 1 its direction (1: one way).
const fn is_ours(id: u64) -> bool {
    id & 1 == 1
}

const fn is_one_way(id: u64) -> bool {
    id & 2 == 2
}
