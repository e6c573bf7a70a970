//! Locations in the order of a fetch: groups ascending or descending, objects always ascending.

use mosaik_proto::moqt::{GroupId, GroupOrder, Location, ObjectId};

/// The locations from `start` to `last`, inclusively, in a group order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: Location,
    pub(crate) last: Location,
    pub(crate) order: GroupOrder,
}

/// Locations of a span that follow each other in its order and are those between two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) start: Location,
    pub(crate) last: Location,
    /// Which of them comes last in the span's order.
    pub(crate) end: Location,
    /// What comes behind them in the span's order.
    pub(crate) next: Option<Location>,
}

impl Span {
    /// What comes first.
    pub(crate) const fn begin(&self) -> Location {
        match self.order {
            GroupOrder::Ascending => self.start,
            GroupOrder::Descending => self.head_of(self.last.group),
        }
    }

    /// The first location of a group.
    pub(crate) const fn head_of(&self, group: GroupId) -> Location {
        Location::new(group, if group == self.start.group { self.start.object } else { 0 })
    }

    /// The last object of a group.
    pub(crate) const fn last_in(&self, group: GroupId) -> ObjectId {
        if group == self.last.group { self.last.object } else { ObjectId::MAX }
    }

    /// What comes behind a location.
    pub(crate) fn after(&self, at: Location) -> Option<Location> {
        if at.object < self.last_in(at.group) {
            Some(at.next_object())
        } else {
            self.after_group(at.group)
        }
    }

    /// What comes behind a group.
    pub(crate) fn after_group(&self, group: GroupId) -> Option<Location> {
        let next = match self.order {
            GroupOrder::Ascending => group.checked_add(1).filter(|next| *next <= self.last.group),
            GroupOrder::Descending => group.checked_sub(1).filter(|next| *next >= self.start.group),
        };
        next.map(|next| self.head_of(next))
    }

    /// Whether `location` is `at` or comes behind it.
    pub(crate) const fn is_reached(&self, at: Location, location: Location) -> bool {
        if at.group == location.group {
            return location.object >= at.object;
        }
        match self.order {
            GroupOrder::Ascending => location.group > at.group,
            GroupOrder::Descending => location.group < at.group,
        }
    }

    /// From `at` to object `last` of its group, or to the group's end.
    pub(crate) fn within_group(&self, at: Location, last: ObjectId) -> Stretch {
        let end = Location::new(at.group, last.min(self.last_in(at.group)));
        Stretch { start: at, last: end, end, next: self.after(end) }
    }

    /// From `at`, where an ascending span may be anywhere and a descending one at the head of a
    /// group, up to the group `next`, which comes later, or to the end.
    pub(crate) fn up_to(&self, at: Location, next: Option<GroupId>) -> Stretch {
        let far = match (self.order, next) {
            (GroupOrder::Ascending, Some(next)) => {
                Location::new(next.saturating_sub(1), ObjectId::MAX)
            }
            (GroupOrder::Ascending, None) => self.last,
            (GroupOrder::Descending, Some(next)) => self.head_of(next.saturating_add(1)),
            (GroupOrder::Descending, None) => self.start,
        };
        let end = Location::new(far.group, self.last_in(far.group));
        let (start, last) = match self.order {
            GroupOrder::Ascending => (at, end),
            GroupOrder::Descending => (far, Location::new(at.group, self.last_in(at.group))),
        };
        Stretch { start, last, end, next: next.map(|next| self.head_of(next)) }
    }
}

impl Stretch {
    pub(crate) fn has(&self, location: Location) -> bool {
        (self.start..=self.last).contains(&location)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(start: (u64, u64), last: (u64, u64), order: GroupOrder) -> Span {
        let location = |(group, object)| Location::new(group, object);
        Span { start: location(start), last: location(last), order }
    }

    fn walk(span: &Span) -> Vec<(u64, u64)> {
        let steps = std::iter::successors(Some(span.begin()), |at| span.after(*at));
        steps.map(|at| (at.group, at.object)).take(20).collect()
    }

    #[test]
    fn objects_ascend_whatever_the_groups_do() {
        let one = span((3, 2), (3, 4), GroupOrder::Descending);
        assert_eq!(walk(&one), [(3, 2), (3, 3), (3, 4)]);
        let up = span((3, u64::MAX - 1), (5, 1), GroupOrder::Ascending);
        assert_eq!(up.after(Location::new(3, u64::MAX)), Some(Location::new(4, 0)));
        let down = span((3, 7), (5, 1), GroupOrder::Descending);
        assert_eq!(walk(&down)[..3], [(5, 0), (5, 1), (4, 0)]);
        assert_eq!(down.after_group(4), Some(Location::new(3, 7)));
        assert_eq!(down.after(Location::new(3, u64::MAX)), None);
    }

    #[test]
    fn a_stretch_of_groups_ends_before_the_next_one() {
        let up = span((3, 2), (9, 4), GroupOrder::Ascending);
        let stretch = up.up_to(Location::new(4, 6), Some(8));
        assert_eq!(
            (stretch.start, stretch.last),
            (Location::new(4, 6), Location::new(7, u64::MAX))
        );
        assert_eq!((stretch.end, stretch.next), (stretch.last, Some(Location::new(8, 0))));
        assert_eq!(up.up_to(up.begin(), None).last, up.last);

        let down = span((3, 2), (9, 4), GroupOrder::Descending);
        let stretch = down.up_to(down.begin(), Some(5));
        assert_eq!((stretch.start, stretch.last), (Location::new(6, 0), Location::new(9, 4)));
        assert_eq!(stretch.end, Location::new(6, u64::MAX));
        let rest = down.up_to(Location::new(4, 0), None);
        assert_eq!((rest.start, rest.end), (down.start, Location::new(3, u64::MAX)));
        assert_eq!(rest.next, None);
    }

    proptest! {
        #[test]
        fn every_location_comes_once_and_in_order(
            start in (0_u64..4, 0_u64..4), more in (0_u64..3, 0_u64..4), is_descending: bool,
        ) {
            let order =
                if is_descending { GroupOrder::Descending } else { GroupOrder::Ascending };
            let last = (start.0 + more.0, if more.0 == 0 { start.1 + more.1 } else { more.1 });
            let span = span(start, last, order);
            let mut at = Some(span.begin());
            let mut told = 0;
            while let Some(here) = at {
                prop_assert!((span.start..=span.last).contains(&here));
                told += 1;
                // Groups have no end of their own, so each is left behind at its third object.
                at = if here.object >= 3 && here.object < span.last_in(here.group) {
                    span.after_group(here.group)
                } else {
                    span.after(here)
                };
                if let Some(next) = at {
                    prop_assert!(span.is_reached(here, next) && !span.is_reached(next, here));
                }
            }
            prop_assert!(told > more.0, "a group is missing");
        }
    }
}
