//! Datagrams that wait: bounded, and the oldest are dropped first, as in QUIC.

use std::collections::VecDeque;

use bytes::Bytes;

/// How much may wait, in bytes.
const BYTES_MAX: usize = 64 << 10;

/// What a datagram counts beside its bytes, so that empty ones count too.
const COST: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Datagrams {
    waiting: VecDeque<Bytes>,
    bytes: usize,
}

impl Datagrams {
    pub(super) fn push(&mut self, datagram: Bytes) {
        self.bytes += COST + datagram.len();
        self.waiting.push_back(datagram);
        while self.bytes > BYTES_MAX && self.pop().is_some() {}
    }

    pub(super) fn pop(&mut self) -> Option<Bytes> {
        let oldest = self.waiting.pop_front()?;
        self.bytes -= COST + oldest.len();
        Some(oldest)
    }

    /// The next one, if it has at most `size` bytes.
    pub(super) fn pop_within(&mut self, size: usize) -> Option<Bytes> {
        if self.waiting.front()?.len() > size { None } else { self.pop() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}
