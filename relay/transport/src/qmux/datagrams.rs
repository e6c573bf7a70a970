//! Datagrams that wait: bounded, and the oldest are dropped first, as in QUIC.

use std::collections::VecDeque;
use std::time::Instant;

use bytes::Bytes;

/// How much may wait, in bytes.
const BYTES_MAX: usize = 64 << 10;

/// What a datagram counts beside its bytes, so that empty ones count too.
const COST: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Datagrams {
    /// Each with the time after which it is worth nothing.
    waiting: VecDeque<(Bytes, Option<Instant>)>,
    bytes: usize,
}

impl Datagrams {
    pub(super) fn push(&mut self, datagram: Bytes, until: Option<Instant>) {
        self.bytes += COST + datagram.len();
        self.waiting.push_back((datagram, until));
        while self.bytes > BYTES_MAX && self.pop().is_some() {}
    }

    pub(super) fn pop(&mut self) -> Option<Bytes> {
        let (oldest, _) = self.waiting.pop_front()?;
        self.bytes -= COST + oldest.len();
        Some(oldest)
    }

    /// The next one, if it has at most `size` bytes.
    pub(super) fn pop_within(&mut self, size: usize) -> Option<Bytes> {
        if self.waiting.front()?.0.len() > size { None } else { self.pop() }
    }

    /// Drops what is worth nothing at `now`.
    pub(super) fn drop_late(&mut self, now: Instant) {
        self.waiting.retain(|(_, until)| until.is_none_or(|until| now <= until));
        self.bytes = self.waiting.iter().map(|(datagram, _)| COST + datagram.len()).sum();
    }

    /// What waits, in bytes.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}
