//! FETCH: objects of the past, from the log and, what the log has not, from a publisher
//! (section 10.12).
//!
//! A fetch is a place in a span of locations. What comes next is looked up in the log when the
//! transport has taken what came before, so it costs the memory of a few objects at most. At a
//! location of which the log knows nothing, a publisher is asked: one FETCH of ours, a fill, whose
//! objects pass through as they come, no faster than the subscriber takes them. Where nobody can be
//! asked or nobody knows, the subscriber is told that it is not known.

mod fill;
mod request;
mod serve;
mod span;
mod step;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mosaik_proto::moqt::{
    FetchWriter, FullTrackName, GroupId, GroupOrder, Location, ResetCode, SendOrder,
    TrackProperties,
};
use slotmap::DefaultKey;

use crate::{LaneId, RequestKey, SessionKey, SubscriptionKey, TrackKey};
use span::{Span, Stretch};

pub use fill::Filled;
pub(crate) use serve::Source;

/// One fetch of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FetchKey(pub(crate) DefaultKey);

/// One FETCH of ours, for a fetch of a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FillKey {
    pub(crate) fetch: FetchKey,
    pub(crate) number: u32,
}

/// What a FETCH asks for, whichever objects it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchTerms {
    /// Whose request it is.
    pub request: RequestKey,
    /// Subscriber priority, lower is more urgent.
    pub priority: u8,
    /// In which order groups are sent.
    pub order: GroupOrder,
    /// How long publishers may be waited for; `None` for [`crate::Limits::fill_max`], which is also
    /// the most.
    pub fill_timeout: Option<Duration>,
}

/// Where a joining FETCH begins (section 10.12.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinStart {
    /// This many groups before the one that the subscription joined in.
    Before(u64),
    /// At this group.
    At(GroupId),
}

/// What a publisher says in FETCH_OK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillAnswer {
    /// The last location that its answer covers.
    pub last: Location,
    /// Whether the track is over and `last` its last object.
    pub is_end_of_track: bool,
    /// What it says of the track.
    pub properties: TrackProperties,
}

/// A joining FETCH whose subscription has no answer yet.
#[derive(Debug)]
pub(crate) struct WaitingJoin {
    terms: FetchTerms,
    subscription: SubscriptionKey,
    start: JoinStart,
}

/// One fetch.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "any of them may be true with any other")]
pub(crate) struct Fetch {
    pub(crate) request: RequestKey,
    pub(crate) name: FullTrackName,
    /// The log, if there is one.
    pub(crate) track: Option<TrackKey>,
    span: Span,
    /// From here on a subscription brings what the log has.
    joined_at: Option<Location>,
    priority: u8,
    pub(crate) lane: LaneId,
    pub(crate) order: SendOrder,
    /// Of the object that was made ready last.
    publisher_priority: u8,
    is_reordered: bool,
    writer: FetchWriter,
    /// What the stream begins with, until it was opened.
    header: Option<Bytes>,
    /// What is ready to be sent, and how many bytes that is.
    out: VecDeque<Bytes>,
    out_bytes: usize,
    /// The next location to tell of.
    at: Option<Location>,
    /// Up to where nothing is known that was not told yet, and up to where nothing exists since.
    unknown: Option<Location>,
    absent: Option<Location>,
    /// Whether FETCH_OK was sent.
    is_answered: bool,
    /// The next object, or the rest of it, is still coming into the log.
    pub(crate) waits_for_log: bool,
    /// Where an object may be late, and until when it is waited for.
    late: Option<(Location, Instant)>,
    fill: Option<Fill>,
    fills_begun: u32,
    /// Publishers have no more to say.
    is_on_its_own: bool,
    /// How long publishers may still be waited for.
    fill_left: Duration,
    /// When something was sent last, or was first ready to be sent.
    moved_at: Instant,
    /// The number of the turn in which it was served last.
    pub(crate) served: u64,
    /// Whether the session's list of fetches with something to do has this one.
    pub(crate) is_dirty: bool,
    end: End,
}

/// How far a fetch's stream is from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// There is more.
    Open,
    /// It is to be reset.
    Broken(ResetCode),
    /// FIN or a reset went out, or the subscriber stopped it; `None` for FIN.
    Closed(Option<ResetCode>),
}

/// A FETCH of ours that is under way.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "any of them may be true with any other")]
struct Fill {
    key: FillKey,
    /// The publisher.
    session: SessionKey,
    stretch: Stretch,
    /// The first location that may come next; `None` when the last one came.
    at: Option<Location>,
    /// FETCH_OK came.
    is_answered: bool,
    /// Its stream ended with FIN.
    is_whole: bool,
    /// Payload bytes of the object under way that are still to come.
    payload_left: u64,
    /// Since when there is nothing to send because nothing came.
    starved_since: Option<Instant>,
    /// Whether the publisher is not read from, since what it sent was not taken yet.
    is_paused: bool,
    /// Whether the driver was told to begin.
    is_begun: bool,
}

impl Fetch {
    /// A fetch of everything in `span`, of which nothing was told yet.
    fn new(
        now: Instant,
        terms: &FetchTerms,
        name: FullTrackName,
        span: Span,
        (lane, fill_max): (LaneId, Duration),
    ) -> Self {
        Self {
            request: terms.request,
            name,
            track: None,
            span,
            joined_at: None,
            priority: terms.priority,
            lane,
            order: SendOrder::of_fetch(terms.priority, u8::MAX),
            publisher_priority: u8::MAX,
            is_reordered: false,
            writer: FetchWriter::default(),
            header: Some(FetchWriter::header(terms.request.id)),
            out: VecDeque::new(),
            out_bytes: 0,
            at: Some(span.begin()),
            unknown: None,
            absent: None,
            is_answered: false,
            waits_for_log: false,
            late: None,
            fill: None,
            fills_begun: 0,
            is_on_its_own: false,
            fill_left: terms.fill_timeout.map_or(fill_max, |timeout| timeout.min(fill_max)),
            moved_at: now,
            served: 0,
            is_dirty: false,
            end: End::Open,
        }
    }

    /// Whether the stream is open at the transport.
    const fn is_open(&self) -> bool {
        self.header.is_none() && !matches!(self.end, End::Closed(_))
    }

    /// The stream is given up.
    fn break_off(&mut self, code: ResetCode) {
        if self.end == End::Open {
            self.end = End::Broken(code);
            self.out.clear();
            self.out_bytes = 0;
        }
    }

    /// Until when a late object is waited for, if that is all that is waited for.
    fn late_until(&self) -> Option<Instant> {
        let (location, until) = self.late?;
        let is_all = self.waits_for_log && self.out.is_empty() && self.at == Some(location);
        is_all.then_some(until)
    }

    /// When something must have happened, if anything must.
    pub(crate) fn deadline(&self, stall_max: Duration) -> Option<Instant> {
        if self.end != End::Open {
            return None;
        }
        let is_stuck = !self.out.is_empty() || self.waits_for_log;
        let stalled = is_stuck.then(|| self.late_until().unwrap_or(self.moved_at + stall_max));
        let starved = self.fill.as_ref().and_then(|fill| fill.starved_since);
        stalled.into_iter().chain(starved.map(|since| since + self.fill_left)).min()
    }
}
