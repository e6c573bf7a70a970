//! What the driver must do now.

use mosaik_proto::moqt::{
    DoneCode, FullTrackName, GroupOrder, Location, Namespace, RequestCode, ResetCode,
    TrackProperties,
};

use crate::{FillKey, LaneId, RequestKey, SessionKey, SubscriptionKey, TrackKey};

/// Something to tell a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send SUBSCRIBE for `name` to `session`; its answer goes to `Tracks::upstream_answered`.
    SubscribeUpstream {
        /// The publisher.
        session: SessionKey,
        /// The track here.
        track: TrackKey,
        /// The track's name.
        name: FullTrackName,
        /// NEW_GROUP_REQUEST, if a subscriber sent one.
        new_group: Option<u64>,
    },
    /// Send REQUEST_UPDATE for `track` to `session`.
    UpdateUpstream {
        /// The publisher.
        session: SessionKey,
        /// The track here.
        track: TrackKey,
        /// FORWARD, if it changes.
        forward: Option<bool>,
        /// NEW_GROUP_REQUEST, if there is one.
        new_group: Option<u64>,
    },
    /// Nobody wants `track` any more: cancel the subscription at `session`.
    CancelUpstream {
        /// The publisher.
        session: SessionKey,
        /// The track here.
        track: TrackKey,
    },
    /// Answer SUBSCRIBE_OK.
    Established {
        /// The request to answer.
        request: RequestKey,
        /// The subscription it became.
        subscription: SubscriptionKey,
        /// The alias on data streams.
        alias: u64,
        /// The largest location seen in the track.
        largest: Option<Location>,
        /// What the publisher says of the track.
        properties: TrackProperties,
    },
    /// Send FETCH to `session`; what comes of it goes to `Tracks::fill_answered`,
    /// `Tracks::filled` and `Tracks::fill_ended`.
    Fill {
        /// The publisher.
        session: SessionKey,
        /// Our name for it.
        fill: FillKey,
        /// The track's name.
        name: FullTrackName,
        /// The first location.
        start: Location,
        /// The last location.
        last: Location,
        /// In which order groups are wanted.
        order: GroupOrder,
    },
    /// There is room for more of what a publisher was not read for.
    ReadOn {
        /// The publisher.
        session: SessionKey,
        /// Which FETCH.
        fill: FillKey,
    },
    /// Cancel a FETCH of ours.
    CancelFill {
        /// The publisher.
        session: SessionKey,
        /// Which.
        fill: FillKey,
    },
    /// Answer FETCH_OK.
    FetchOk {
        /// The request to answer.
        request: RequestKey,
        /// The last location that the answer covers.
        last: Location,
        /// Whether the track is over and `last` its last object.
        is_end_of_track: bool,
        /// What the publisher says of the track.
        properties: TrackProperties,
    },
    /// A fetch is over and its stream ended: with FIN, or by a reset.
    FetchOver {
        /// The fetch's request.
        request: RequestKey,
        /// Why it was reset.
        reset: Option<ResetCode>,
    },
    /// Answer REQUEST_ERROR.
    Refused {
        /// The request to answer.
        request: RequestKey,
        /// Why.
        refused: Refused,
    },
    /// Answer REQUEST_ERROR with REDIRECT: the publisher has the track under another name.
    Redirected {
        /// The request to answer.
        request: RequestKey,
        /// The other name.
        name: FullTrackName,
    },
    /// Send PUBLISH_DONE; the subscription is gone.
    Done {
        /// The subscription's request.
        request: RequestKey,
        /// Why.
        code: DoneCode,
        /// Streams opened for it.
        streams: u64,
    },
    /// Send NAMESPACE or NAMESPACE_DONE.
    Namespace {
        /// The SUBSCRIBE_NAMESPACE request.
        request: RequestKey,
        /// What follows the prefix.
        suffix: Namespace,
        /// Whether it came or went.
        present: bool,
    },
    /// Tracks wait to be offered: take them with [`Tracks::next_wanted`](crate::Tracks::next_wanted).
    Wanted {
        /// The SUBSCRIBE_TRACKS request.
        request: RequestKey,
    },
    /// Reset these streams with CANCELLED.
    ResetLanes {
        /// Whose streams.
        session: SessionKey,
        /// Which.
        lanes: Vec<LaneId>,
    },
}

impl Effect {
    /// Whom to tell.
    pub const fn session(&self) -> SessionKey {
        match self {
            Self::SubscribeUpstream { session, .. }
            | Self::CancelUpstream { session, .. }
            | Self::UpdateUpstream { session, .. }
            | Self::Fill { session, .. }
            | Self::ReadOn { session, .. }
            | Self::CancelFill { session, .. }
            | Self::ResetLanes { session, .. } => *session,
            Self::Established { request, .. }
            | Self::FetchOk { request, .. }
            | Self::FetchOver { request, .. }
            | Self::Refused { request, .. }
            | Self::Redirected { request, .. }
            | Self::Done { request, .. }
            | Self::Namespace { request, .. }
            | Self::Wanted { request } => request.session,
        }
    }
}

/// Why a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The draft's code.
    pub code: RequestCode,
    /// For people and logs.
    pub reason: &'static str,
}

impl Refused {
    pub(crate) const fn new(code: RequestCode, reason: &'static str) -> Self {
        Self { code, reason }
    }

    pub(crate) const NO_PUBLISHER: Self =
        Self::new(RequestCode::DoesNotExist, "nobody publishes this track");
    pub(crate) const NO_RENDITION: Self =
        Self::new(RequestCode::DoesNotExist, "nobody publishes a rendition of this track");
    pub(crate) const NO_PAST: Self = Self::new(
        RequestCode::NotSupported,
        "a switching track has no past: fetch from one of its renditions",
    );
    pub(crate) const RENDEZVOUS: Self =
        Self::new(RequestCode::Timeout, "no publisher came in time");
    pub(crate) const NO_ANSWER: Self =
        Self::new(RequestCode::Timeout, "the publisher did not answer in time");
    pub(crate) const BROKEN_OFF: Self =
        Self::new(RequestCode::InternalError, "the publisher broke its answer off");
    /// The publisher may not publish it.
    pub const REVOKED: Self =
        Self::new(RequestCode::Unauthorized, "the publisher may not publish this track");
    pub(crate) const NOTHING_YET: Self =
        Self::new(RequestCode::InvalidRange, "nothing was published yet");
    pub(crate) const BEYOND: Self =
        Self::new(RequestCode::InvalidRange, "nothing of this range was published yet");
    pub(crate) const PAUSED: Self =
        Self::new(RequestCode::InvalidRange, "the subscription has Forward State 0");
    pub(crate) const NOT_JOINABLE: Self = Self::new(
        RequestCode::InvalidJoiningRequestId,
        "the session has no established subscription with this request",
    );
    pub(crate) const TOO_MANY_TRACKS: Self =
        Self::new(RequestCode::ExcessiveLoad, "this session publishes too many tracks");
    pub(crate) const ASKED_ENOUGH: Self =
        Self::new(RequestCode::ExcessiveLoad, "the publisher is asked for too many tracks");
    pub(crate) const TOO_MANY: Self =
        Self::new(RequestCode::ExcessiveLoad, "too many requests are open in this session");
}
