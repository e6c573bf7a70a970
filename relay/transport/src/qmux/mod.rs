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
mod receiving;
mod sending;
mod streams;
#[cfg(test)]
mod tests;

pub(crate) use mux::{Changed, Half, Mux, MuxLimits};
pub(crate) use sending::Ended;

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
