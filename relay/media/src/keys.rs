//! Names that this crate gives out; each is good until its thing is closed and never reused.

use mosaik_proto::moqt::{GroupId, SubgroupId};
use slotmap::DefaultKey;

/// A session, remote or local.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionKey(pub(crate) DefaultKey);

/// A track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrackKey(pub(crate) DefaultKey);

/// One session's subscription to one track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubscriptionKey(pub(crate) DefaultKey);

/// A request of a session: the ID is the peer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestKey {
    /// Whose request it is.
    pub session: SessionKey,
    /// Its request ID.
    pub id: u64,
}

/// An outgoing stream of a session, numbered by us in the order in which they are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LaneId(pub u64);

/// A subgroup that is being received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubgroupKey {
    /// The track.
    pub track: TrackKey,
    /// The group in the track.
    pub group: GroupId,
    /// The subgroup in the group.
    pub subgroup: SubgroupId,
    /// Which of the streams on which the subgroup came: each but the last was broken off.
    pub stream: u32,
}
