//! What the shard tells sessions and their requests.

use mosaik_media::{FillKey, Refused, SubscriptionKey, TrackKey};
use mosaik_proto::moqt::{
    DoneCode, FetchOk, FullTrackName, GroupOrder, Location, Namespace, ResetCode, TrackProperties,
};

/// What a session's task is to do.
pub(crate) enum Order {
    SubscribeUpstream {
        track: TrackKey,
        name: FullTrackName,
        new_group: Option<u64>,
    },
    UpdateUpstream {
        track: TrackKey,
        forward: Option<bool>,
        new_group: Option<u64>,
    },
    CancelUpstream {
        track: TrackKey,
    },
    /// FETCH from `start` to `last`.
    Fill {
        fill: FillKey,
        name: FullTrackName,
        start: Location,
        last: Location,
        order: GroupOrder,
    },
    ReadOn {
        fill: FillKey,
    },
    CancelFill {
        fill: FillKey,
    },
    /// What the session may do has changed.
    ReviewRights,
    GoAway,
    /// Close: the peer does not read.
    Unread,
    /// Close, when what was said to the session has had time to go out.
    Close {
        reason: &'static str,
    },
}

/// What a request's stream is to say.
#[derive(Debug)]
pub(crate) enum Reply {
    Established {
        subscription: SubscriptionKey,
        alias: u64,
        largest: Option<Location>,
        properties: TrackProperties,
    },
    Refused(Refused),
    Redirected(FullTrackName),
    Done {
        code: DoneCode,
        streams: u64,
    },
    Namespace {
        suffix: Namespace,
        present: bool,
    },
    /// Tracks wait to be offered.
    Wanted,
    FetchOk(FetchOk),
    /// A fetch's stream ended, and why if it was reset.
    FetchOver {
        reset: Option<ResetCode>,
    },
}
