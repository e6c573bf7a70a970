//! Where an object is in its track (section 1.4.2).

/// Identifies a group within a track; rises with time.
pub type GroupId = u64;
/// Identifies a subgroup within a group.
pub type SubgroupId = u64;
/// Identifies an object within a group.
pub type ObjectId = u64;

/// Group and object; ordered as the draft orders locations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Location {
    /// The object's group.
    pub group: GroupId,
    /// The object within the group.
    pub object: ObjectId,
}

impl Location {
    /// The first location of a track.
    pub const START: Self = Self { group: 0, object: 0 };

    /// The location of `object` in `group`.
    pub const fn new(group: GroupId, object: ObjectId) -> Self {
        Self { group, object }
    }

    /// The location right behind this one in the same group.
    #[must_use]
    pub const fn next_object(self) -> Self {
        Self { group: self.group, object: self.object.saturating_add(1) }
    }

    /// The start of the following group.
    #[must_use]
    pub const fn next_group(self) -> Self {
        Self { group: self.group.saturating_add(1), object: 0 }
    }
}
