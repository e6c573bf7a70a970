//! Signs of life, and answers to all that left before: numbers that rise on both sides.

use super::{Broken, MuxCode};

#[derive(Debug, Default)]
pub(super) struct Pings {
    /// The last one of the peer's.
    theirs: Option<u64>,
    /// How many of ours there were.
    ours: u64,
    /// The latest of ours that was answered, and that nobody was told of.
    answered: Option<u64>,
}

impl Pings {
    /// The number of our next one.
    pub(super) const fn ask(&mut self) -> u64 {
        let number = self.ours;
        self.ours += 1;
        number
    }

    /// The peer asks.
    pub(super) fn asked(&mut self, number: u64) -> Result<(), Broken> {
        if self.theirs.is_some_and(|last| number <= last) {
            return Err(Broken::new(MuxCode::Protocol, "a ping goes back"));
        }
        self.theirs = Some(number);
        Ok(())
    }

    /// The peer answers. Numbers that were never asked do no harm: they count as the latest.
    pub(super) fn answer(&mut self, number: u64) {
        self.answered = self.answered.max(Some(number));
    }

    /// The latest that was answered since the last call.
    pub(super) const fn take_answered(&mut self) -> Option<u64> {
        self.answered.take()
    }
}
