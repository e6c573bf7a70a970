//! Every bound of this crate, with what it protects.

use std::time::Duration;

use bytes::Bytes;
use mosaik_proto::moqt::Parts;

/// What a piece of wire bytes costs beside its bytes: its place in the log, and the buffer's own
/// bookkeeping. A publisher decides how small its pieces are.
const PIECE_COST: u64 = 128;

/// What an object costs beside its bytes: where it is.
const OBJECT_COST: u64 = 64;

/// Bytes of memory that the log needs for these.
pub fn cost_of(parts: &Parts) -> u64 {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let bytes = count(parts.wire.iter().map(Bytes::len).sum());
    let pieces = count(parts.wire.len()).saturating_mul(PIECE_COST);
    let objects = count(parts.objects.len()).saturating_mul(OBJECT_COST);
    bytes.saturating_add(pieces).saturating_add(objects)
}

/// Bounds on what sessions may make the relay hold; each beyond is refused, none is fatal to
/// others.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Groups that a track keeps. Three seconds of speech and six of video: enough for a subscriber
    /// that falls behind to be served without a skip; older groups are dropped first.
    pub groups_per_track: usize,
    /// Bytes that one object has: a key frame of a 4K screen at the highest quality is below 1 MB.
    /// The stream of a larger one is stopped.
    pub bytes_per_object: u64,
    /// Bytes that one group keeps, as [`cost_of`] counts them. A 2 s group of a 4K screen at
    /// 25 Mbit/s is 6.3 MB; beyond it
    /// the group is cut.
    pub bytes_per_group: u64,
    /// Bytes that a track keeps in all its groups; older groups are dropped first.
    pub bytes_per_track: u64,
    /// Bytes that the tracks of one namespace keep, which is a participant's.
    pub bytes_per_namespace: u64,
    /// Bytes that all tracks keep whose namespaces begin with the same field, which is a room's.
    pub bytes_per_root: u64,
    /// Bytes that all tracks keep; beyond it the track that grows keeps its newest group alone, and
    /// if that is not enough it is cut.
    pub bytes_in_all: u64,
    /// Subgroups of one group: temporal layers need four, a hostile publisher gets no more.
    pub subgroups_per_group: usize,
    /// Objects of one group: 10 minutes of control messages at 100 a second.
    pub objects_per_group: usize,
    /// Namespaces one session may announce.
    pub announcements_per_session: usize,
    /// Namespace prefixes one session may listen to.
    pub listeners_per_session: usize,
    /// Namespaces that a listener is told of at once: twice what the largest room has. One that asks
    /// for more is refused.
    pub namespaces_per_listener: usize,
    /// Subscriptions one session may hold: a gallery of 60 with voice, camera and catalog each.
    pub subscriptions_per_session: usize,
    /// Fetches one session may have under way: a page of slides, and what a late joiner asks for.
    pub fetches_per_session: usize,
    /// Bytes that a publisher may be ahead of the subscriber whose fetch it fills; beyond it it is
    /// not read from.
    pub fill_bytes: usize,
    /// Datagrams waiting for one subscription; the oldest is dropped first.
    pub datagrams_per_subscription: usize,
    /// The longest that a SUBSCRIBE waits for a publisher.
    pub rendezvous_max: Duration,
    /// How long a publisher may take to answer our SUBSCRIBE.
    pub upstream_answer_max: Duration,
    /// The longest that publishers are waited for in one fetch (section 10.2.5).
    pub fill_max: Duration,
    /// How long a subscriber may take nothing of a fetch of which something is ready.
    pub fetch_stall_max: Duration,
    /// How long a subscriber may take next to nothing of a track that it asked for.
    pub behind_max: Duration,
    /// Tracks that one session may publish at once.
    pub tracks_per_session: usize,
    /// Tracks that one publisher is asked for at once; more are asked for when it has answered. Its
    /// session's queue takes four orders for each.
    pub asked_per_session: usize,
    /// How long subscriptions outlive a lost publisher.
    pub publisher_grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            groups_per_track: 3,
            bytes_per_object: 4 << 20,
            bytes_per_group: 8 << 20,
            bytes_per_track: 16 << 20,
            bytes_per_namespace: 100 << 20,
            bytes_per_root: 400 << 20,
            bytes_in_all: 1 << 30,
            subgroups_per_group: 8,
            objects_per_group: 60_000,
            announcements_per_session: 16,
            listeners_per_session: 8,
            namespaces_per_listener: 1_024,
            subscriptions_per_session: 256,
            fetches_per_session: 32,
            fill_bytes: 256 << 10,
            datagrams_per_subscription: 64,
            rendezvous_max: Duration::from_secs(30),
            upstream_answer_max: Duration::from_secs(10),
            fill_max: Duration::from_secs(10),
            fetch_stall_max: Duration::from_secs(10),
            behind_max: Duration::from_secs(30),
            tracks_per_session: 64,
            asked_per_session: 256,
            publisher_grace: Duration::from_secs(15),
        }
    }
}
