//! How many streams there are, and may be.

use std::collections::BTreeSet;

use super::{Broken, MuxCode};

/// Streams of ours in one direction.
#[derive(Debug, Default)]
pub(super) struct Own {
    pub(super) opened: u64,
    pub(super) limit: u64,
    /// What may be sent on each before the peer says more.
    pub(super) data: u64,
}

/// Streams of the peer's in one direction.
#[derive(Debug)]
pub(super) struct Theirs {
    at_once: u64,
    limit: u64,
    next: u64,
    over: u64,
    /// Opening a stream opens all below it, which may be heard of later.
    skipped: BTreeSet<u64>,
}

impl Theirs {
    pub(super) const fn new(at_once: u64) -> Self {
        Self { at_once, limit: at_once, next: 0, over: 0, skipped: BTreeSet::new() }
    }

    /// Whether the stream of this index was not heard of before.
    pub(super) fn is_new(&mut self, index: u64) -> Result<bool, Broken> {
        if index < self.next {
            return Ok(self.skipped.remove(&index));
        }
        if index >= self.limit {
            return Err(Broken::new(MuxCode::StreamLimit, "too many streams"));
        }
        self.skipped.extend(self.next..index);
        self.next = index + 1;
        Ok(true)
    }

    /// A stream is over; gives the new limit when it is time to tell it.
    pub(super) const fn release(&mut self) -> Option<u64> {
        self.over += 1;
        if self.limit - self.over > self.at_once / 2 {
            return None;
        }
        self.limit = self.over + self.at_once;
        Some(self.limit)
    }
}
