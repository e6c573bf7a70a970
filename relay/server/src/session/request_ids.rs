//! Request IDs: the peer's are even or odd throughout, rise by two, and come once (section 10.1).

use std::collections::BTreeSet;

use mosaik_proto::moqt::Violation;

/// IDs that may be ahead of the lowest one missing: requests travel on streams of their own and
/// overtake each other, but no more of them than streams may be open.
const AHEAD_MAX: usize = 1024;

#[derive(Debug)]
pub(super) struct RequestIds {
    /// The lowest peer's ID that has not come.
    next_theirs: u64,
    ahead: BTreeSet<u64>,
    next_ours: u64,
}

impl RequestIds {
    /// For the server's side: the client's are even, ours odd.
    pub(super) const fn server() -> Self {
        Self { next_theirs: 0, ahead: BTreeSet::new(), next_ours: 1 }
    }

    /// Takes note of the peer's ID.
    ///
    /// # Errors
    /// [`Violation::RequestId`] for the wrong parity, one that came before, or too far a jump.
    pub(super) fn take(&mut self, id: u64) -> Result<(), Violation> {
        let is_new = id >= self.next_theirs && !self.ahead.contains(&id);
        if !id.is_multiple_of(2) || !is_new || self.ahead.len() >= AHEAD_MAX {
            return Err(Violation::RequestId(id));
        }
        self.ahead.insert(id);
        while self.ahead.remove(&self.next_theirs) {
            self.next_theirs = self.next_theirs.saturating_add(2);
        }
        Ok(())
    }

    /// Whether a request of the peer's with this ID may still come.
    pub(super) fn may_come(&self, id: u64) -> bool {
        id.is_multiple_of(2) && id >= self.next_theirs && !self.ahead.contains(&id)
    }

    /// The next one of ours.
    pub(super) const fn ours(&mut self) -> u64 {
        let id = self.next_ours;
        self.next_ours = id.saturating_add(2);
        id
    }

    /// The smallest of the peer's that was not processed, for GOAWAY.
    pub(super) const fn unprocessed(&self) -> u64 {
        self.next_theirs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_once_in_any_order_and_are_even() {
        let mut ids = RequestIds::server();
        for id in [0, 4, 2, 6] {
            assert_eq!(ids.take(id), Ok(()));
        }
        for id in [0, 4, 6, 7] {
            assert_eq!(ids.take(id), Err(Violation::RequestId(id)));
        }
        assert_eq!(ids.unprocessed(), 8);
        assert!(ids.may_come(8) && !ids.may_come(6) && !ids.may_come(9));
        assert_eq!((ids.ours(), ids.ours()), (1, 3));
    }
}
