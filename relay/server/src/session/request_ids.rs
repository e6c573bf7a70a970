//! Request IDs: the peer's are even or odd throughout, rise by two, and come once (section 10.1).

use std::collections::BTreeMap;

use mosaik_proto::moqt::Violation;

/// Holes in the numbers that came. Requests travel on streams of their own and overtake each other,
/// and one that is taken back at once may never be seen; no more of them are under way than streams
/// may be open. Beyond it the lowest number missing counts as come.
const HOLES_MAX: usize = 1024;

#[derive(Debug)]
pub(super) struct RequestIds {
    /// The lowest peer's ID that has not come.
    next_theirs: u64,
    /// What has come beyond it: the first of each run without a hole, and the one behind its last.
    ahead: BTreeMap<u64, u64>,
    next_ours: u64,
}

impl RequestIds {
    /// For the server's side: the client's are even, ours odd.
    pub(super) const fn server() -> Self {
        Self { next_theirs: 0, ahead: BTreeMap::new(), next_ours: 1 }
    }

    /// Takes note of the peer's ID.
    ///
    /// # Errors
    /// [`Violation::RequestId`] for the wrong parity, and one that came before.
    pub(super) fn take(&mut self, id: u64) -> Result<(), Violation> {
        if !self.may_come(id) {
            return Err(Violation::RequestId(id));
        }
        let behind = id.saturating_add(2);
        let before = self.ahead.range(..id).next_back().filter(|(_, end)| **end == id);
        let start = before.map_or(id, |(start, _)| *start);
        let end = self.ahead.remove(&behind).unwrap_or(behind);
        self.ahead.insert(start, end);
        let is_next = |(start, _): (&u64, &u64)| *start == self.next_theirs;
        if self.ahead.first_key_value().is_some_and(is_next) || self.ahead.len() > HOLES_MAX {
            let lowest = self.ahead.pop_first();
            self.next_theirs = lowest.map_or(self.next_theirs, |(_, end)| end);
        }
        Ok(())
    }

    /// Whether a request of the peer's with this ID may still come.
    pub(super) fn may_come(&self, id: u64) -> bool {
        let run = self.ahead.range(..=id).next_back();
        id.is_multiple_of(2) && id >= self.next_theirs && run.is_none_or(|(_, end)| id >= *end)
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
    use std::collections::BTreeSet;

    use proptest::prelude::*;

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

    #[test]
    fn a_request_that_was_never_seen_ends_no_session_however_long_it_goes_on() {
        let mut ids = RequestIds::server();
        for id in (2..100_000).step_by(2) {
            assert_eq!(ids.take(id), Ok(()));
        }
        assert_eq!((ids.ahead.len(), ids.unprocessed()), (1, 0));
        assert_eq!((ids.take(0), ids.take(0)), (Ok(()), Err(Violation::RequestId(0))));
    }

    #[test]
    fn numbers_with_holes_everywhere_cost_so_much_and_no_more() {
        let mut ids = RequestIds::server();
        for id in (2..100_000).step_by(4) {
            assert_eq!(ids.take(id), Ok(()));
            assert!(ids.ahead.len() <= HOLES_MAX);
        }
        assert_eq!(ids.take(u64::MAX - 1), Ok(()));
        assert_eq!(ids.take(u64::MAX - 1), Err(Violation::RequestId(u64::MAX - 1)));
    }

    proptest! {
        #[test]
        fn each_id_is_taken_once(numbers in prop::collection::vec(0_u64..64, 0..128)) {
            let (mut ids, mut seen) = (RequestIds::server(), BTreeSet::new());
            for id in numbers {
                let is_new = id % 2 == 0 && seen.insert(id);
                prop_assert_eq!(ids.may_come(id), is_new);
                prop_assert_eq!(ids.take(id).is_ok(), is_new);
            }
            let missing = (0..).step_by(2).find(|id| !seen.contains(id));
            prop_assert_eq!(Some(ids.unprocessed()), missing);
        }
    }
}
