//! Who goes first (section 7). The draft counts down to the most urgent, transports count up:
//! [`SendOrder`] is the only place that turns it round.

/// Priority of a subscription or track that names none (sections 10.2.7 and 12.4).
pub const PRIORITY_DEFAULT: u8 = 128;

/// The least urgent publisher priority of what a lesson cannot do without, speech and control (see
/// docs/protocol.md): what waits of anything else does not keep it out of a transport.
pub const PRIORITY_URGENT: u8 = 64;

/// In which order groups of one subscription are sent (section 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GroupOrder {
    /// Lower group IDs first.
    #[default]
    Ascending,
    /// Higher group IDs first.
    Descending,
}

/// What a transport takes: higher goes first.
///
/// Control streams are [`SendOrder::CONTROL`], above every data stream. A data stream's order packs
/// subscriber priority, publisher priority, group and subgroup, most significant first, into the
/// negative half of an `i32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SendOrder(i32);

/// The rank of a track's newest group: the middle, since older ones come before it in one order and
/// behind it in the other. It is the same in all tracks, so that of two tracks with the same
/// priorities none has to wait for the other (section 7.2).
const NEWEST: u64 = 0x3FF;

/// Behind every group.
const BEHIND_LIVE: u64 = 0x7FF;

impl SendOrder {
    /// Control and request streams: above all data (section 7.2).
    pub const CONTROL: Self = Self(i32::MAX);
    /// Padding: below all data (section 11.5.1).
    pub const PADDING: Self = Self(i32::MIN);

    /// The order of a subgroup's stream.
    ///
    /// `subscriber` and `publisher` are draft priorities (lower is more urgent). IDs of groups and
    /// subgroups may be far apart and do not fit: `newer_groups` is how many groups of the track are
    /// above this one, and `lower_subgroups` how many subgroups of the group are below this one.
    /// Both change while a stream is open, which then has another order.
    pub fn of_subgroup(
        subscriber: u8,
        publisher: u8,
        order: GroupOrder,
        newer_groups: u64,
        lower_subgroups: u64,
    ) -> Self {
        let age = newer_groups.min(NEWEST);
        let rank = match order {
            GroupOrder::Ascending => NEWEST - age,
            GroupOrder::Descending => NEWEST + age,
        };
        Self::pack(subscriber, publisher, rank, lower_subgroups.min(0xF))
    }

    /// The order of a fetch's stream while its next object has this publisher priority: behind what
    /// is live at the same priorities, which is what the draft leaves to implementations.
    pub fn of_fetch(subscriber: u8, publisher: u8) -> Self {
        Self::pack(subscriber, publisher, BEHIND_LIVE, 0)
    }

    /// `rank` has 11 bits and `place` 4.
    fn pack(subscriber: u8, publisher: u8, rank: u64, place: u64) -> Self {
        let urgency = u64::from(subscriber) << 23 | u64::from(publisher) << 15 | rank << 4 | place;
        // 31 bits of urgency, 0 the most urgent: -1 downwards.
        Self(-1 - i32::try_from(urgency).unwrap_or(i32::MAX - 1))
    }

    /// Whether its track is as urgent as [`PRIORITY_URGENT`], by what its publisher says.
    pub const fn is_urgent(self) -> bool {
        // The publisher's priority lies above the rank and the subgroup.
        self.0 >= 0 || (-1 - self.0) >> 15 & 0xFF <= PRIORITY_URGENT as i32
    }

    /// The transport's number: higher is sent first.
    pub const fn get(self) -> i32 {
        self.0
    }

    /// The order with this number.
    pub const fn numbered(number: i32) -> Self {
        Self(number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn speech_goes_before_the_camera_and_control_before_both() {
        let speech = SendOrder::of_subgroup(32, 32, GroupOrder::Ascending, 7, 0);
        let camera = SendOrder::of_subgroup(128, 160, GroupOrder::Ascending, 7, 0);
        assert!(SendOrder::CONTROL > speech);
        assert!(speech > camera);
        assert!(camera > SendOrder::PADDING);
    }

    #[test]
    fn in_descending_order_the_newer_group_goes_first() {
        let of = |order, newer| SendOrder::of_subgroup(128, 128, order, newer, 0);
        assert!(of(GroupOrder::Descending, 0) > of(GroupOrder::Descending, 1));
        assert!(of(GroupOrder::Ascending, 0) < of(GroupOrder::Ascending, 1));
    }

    #[test]
    fn a_fetch_takes_its_turn_by_its_priorities_and_lets_live_objects_pass() {
        let live = SendOrder::of_subgroup(128, 128, GroupOrder::Ascending, 7, 3);
        assert!(SendOrder::of_fetch(128, 128) < live);
        assert!(SendOrder::of_fetch(127, 255) > live);
        assert!(SendOrder::of_fetch(128, 127) > live);
        assert!(SendOrder::of_fetch(255, 255) > SendOrder::PADDING);
    }

    proptest! {
        #[test]
        fn speech_is_urgent_whatever_a_subscriber_makes_of_it(
            subscriber in any::<u8>(), publisher in any::<u8>(), rank in any::<u64>(), subgroup in any::<u64>(),
        ) {
            let order = SendOrder::of_subgroup(subscriber, publisher, GroupOrder::Descending, rank, subgroup);
            prop_assert_eq!(order.is_urgent(), publisher <= PRIORITY_URGENT);
            prop_assert!(SendOrder::CONTROL.is_urgent() && !SendOrder::PADDING.is_urgent());
        }

        #[test]
        fn the_drafts_order_is_kept(
            a in (any::<u8>(), any::<u8>(), 0_u64..0x3FF, 0_u64..16),
            b in (any::<u8>(), any::<u8>(), 0_u64..0x3FF, 0_u64..16),
            group_order in prop::sample::select(vec![GroupOrder::Ascending, GroupOrder::Descending]),
        ) {
            let order = |(s, p, age, place)| SendOrder::of_subgroup(s, p, group_order, age, place);
            // A group is later in its order the newer it is, or the older.
            let key = |(s, p, age, place): (u8, u8, u64, u64)| match group_order {
                GroupOrder::Ascending => (s, p, 0x3FF - age, place),
                GroupOrder::Descending => (s, p, age, place),
            };
            prop_assert_eq!(key(a).cmp(&key(b)), order(b).cmp(&order(a)));
        }

        #[test]
        fn the_newest_groups_of_two_tracks_are_equals(subscriber: u8, publisher: u8) {
            let of = |order| SendOrder::of_subgroup(subscriber, publisher, order, 0, 0);
            prop_assert_eq!(of(GroupOrder::Ascending), of(GroupOrder::Descending));
        }
    }
}
