//! A fetch's stream: what the log has is put into it as the transport takes it (section 11.4.4).

use std::time::{Duration, Instant};

use bytes::Bytes;
use mosaik_proto::moqt::{FetchHead, Gap, GroupOrder, Location, ObjectMark, ResetCode, SendOrder};
use smallvec::SmallVec;

use super::span::Stretch;
use super::step::{Held, Step};
use super::{End, Fetch, FetchKey, Fill, FillKey};
use crate::SessionKey;
use crate::egress::Due;
use crate::group::Subgroup;
use crate::track::Track;

/// Bytes that are made ready before the transport is asked to take them; one object more at most.
const READY_BYTES: usize = 64 << 10;

/// Slices handed to the transport in one write.
const SLICES_PER_WRITE: usize = 32;

/// How long an object is waited for that others overtook: streams of one group are not that far
/// apart, or one of them is stuck.
const LATE_MAX: Duration = Duration::from_millis(250);

/// Fills of one fetch: a log has few holes, since it has few groups. What is missing after these is
/// told as not known.
const FILLS_MAX: u32 = 16;

/// What a fetch is served from at one time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) key: FetchKey,
    pub(crate) track: Option<&'a Track>,
    /// A publisher that can be asked for what the log has not.
    pub(crate) publisher: Option<SessionKey>,
    pub(crate) now: Instant,
}

impl Fetch {
    /// The next thing to do at the transport, if there is any.
    pub(crate) fn due(&mut self, source: &Source<'_>) -> Option<Due> {
        let lane = self.lane;
        match self.end {
            End::Closed(_) => return None,
            End::Broken(code) => {
                let was_open = self.is_open();
                self.end = End::Closed(Some(code));
                return was_open.then_some(Due::Reset { lane, code });
            }
            End::Open => {}
        }
        if self.out.is_empty() {
            self.fill_up(source);
        }
        if (self.is_answered || !self.out.is_empty())
            && let Some(header) = self.header.take()
        {
            self.is_reordered = false;
            return Some(Due::Open { lane, order: self.order, header });
        }
        if std::mem::take(&mut self.is_reordered) && self.is_open() {
            return Some(Due::Reorder { lane, order: self.order });
        }
        if !self.out.is_empty() {
            let slices: SmallVec<[Bytes; 8]> =
                self.out.iter().take(SLICES_PER_WRITE).cloned().collect();
            return Some(Due::More { lane, order: self.order, slices });
        }
        if self.at.is_none() && self.fill.is_none() && self.is_open() {
            self.end = End::Closed(None);
            return Some(Due::Finish { lane, until: None });
        }
        None
    }

    /// The transport did not open the stream.
    pub(crate) fn unopen(&mut self, header: Bytes) {
        self.header = Some(header);
    }

    /// The subscriber stopped the stream: it wants nothing of the fetch any more (section 5.2).
    pub(crate) const fn stop(&mut self) {
        self.end = End::Closed(Some(ResetCode::Cancelled));
    }

    /// The transport took `written` bytes of what was ready.
    pub(crate) fn wrote(&mut self, now: Instant, mut written: usize) {
        if written > 0 {
            self.moved_at = now;
        }
        self.out_bytes = self.out_bytes.saturating_sub(written);
        while let Some(first) = self.out.front_mut() {
            if written < first.len() {
                drop(first.split_to(written));
                break;
            }
            written -= first.len();
            self.out.pop_front();
        }
        if self.out.is_empty()
            && let Some(fill) = &mut self.fill
        {
            fill.starved_since.get_or_insert(now);
        }
    }

    /// Whether there is something to do without anything happening first.
    pub(crate) fn has_work(&self) -> bool {
        match self.end {
            End::Closed(_) => false,
            End::Broken(_) => true,
            End::Open => {
                let is_waiting = self.waits_for_log || self.fill.is_some();
                !self.out.is_empty() || !is_waiting
            }
        }
    }

    /// Makes ready what comes next in the log, until it is enough, a publisher must be asked, or
    /// everything was told.
    fn fill_up(&mut self, source: &Source<'_>) {
        if self.fill.is_some() {
            return;
        }
        self.waits_for_log = false;
        while let Some(at) = self.at.filter(|_| self.out_bytes < READY_BYTES) {
            let held = source.track.map(|track| Held::new(track, source.now));
            let step =
                held.map_or_else(|| Step::Unknown(self.rest(at)), |held| held.step(&self.span, at));
            match step {
                Step::Late(_) if self.is_awaited(at, source.now) => {
                    self.waits_for_log = true;
                    break;
                }
                Step::Object(..) | Step::Wait if self.is_joined_at(at) => {
                    self.tell_unknown(&self.rest_of_join(at));
                }
                Step::Object(subgroup, mark) => {
                    let priority =
                        source.track.map_or(u8::MAX, |track| track.properties.priority());
                    self.tell_object(at, (subgroup, mark), priority);
                }
                Step::Absent(stretch) => {
                    self.absent = Some(stretch.end);
                    self.at = stretch.next;
                }
                Step::Unknown(stretch) | Step::Late(stretch) => match source.publisher {
                    Some(session) => {
                        self.begin_fill(source, session, stretch);
                        break;
                    }
                    None if self.is_answered => self.tell_unknown(&stretch),
                    // Nobody says where the track ends: there is no answer.
                    None => break,
                },
                Step::Wait => {
                    self.waits_for_log = true;
                    break;
                }
            }
        }
        if self.at.is_none()
            && self.fill.is_none()
            && let Some(unknown) = self.unknown.take()
        {
            self.push(Gap::Unknown, unknown);
        }
        if !self.out.is_empty() {
            self.moved_at = source.now;
        }
    }

    /// Whether what may be on its way to `at` is still waited for.
    fn is_awaited(&mut self, at: Location, now: Instant) -> bool {
        let until = match self.late {
            Some((location, until)) if location == at => until,
            _ => now + LATE_MAX,
        };
        self.late = Some((at, until));
        now < until
    }

    /// What is left of the span where there is no log.
    fn rest(&self, at: Location) -> Stretch {
        if self.span.order == GroupOrder::Descending && at != self.span.head_of(at.group) {
            self.span.within_group(at, u64::MAX)
        } else {
            self.span.up_to(at, None)
        }
    }

    /// Whether a subscription brings what is at `at`.
    fn is_joined_at(&self, at: Location) -> bool {
        self.joined_at.is_some_and(|joined| at >= joined)
    }

    /// What a subscription brings from `at` on: the rest of its group, and ascending all the rest.
    fn rest_of_join(&self, at: Location) -> Stretch {
        match self.span.order {
            GroupOrder::Ascending => self.span.up_to(at, None),
            GroupOrder::Descending => self.span.within_group(at, u64::MAX),
        }
    }

    fn tell_object(
        &mut self,
        at: Location,
        (subgroup, mark): (&Subgroup, &ObjectMark),
        priority: u8,
    ) {
        let end = mark.properties_at.saturating_add(mark.properties_len);
        let head = FetchHead {
            location: at,
            subgroup: Some(subgroup.id),
            priority: subgroup.start.priority.unwrap_or(priority),
            properties: subgroup.copy(mark.properties_at, end),
            payload_len: mark.end.saturating_sub(mark.payload_at),
        };
        self.tell_head(&head);
        for slice in subgroup.slices(mark.payload_at, mark.end) {
            self.make_ready(slice);
        }
        self.at = self.span.after(at);
    }

    /// Puts the head of an object behind everything that is ready.
    pub(super) fn tell_head(&mut self, head: &FetchHead) {
        if let Some(unknown) = self.unknown.take() {
            self.push(Gap::Unknown, unknown);
        }
        // That objects do not exist needs no word where others follow.
        self.absent = None;
        self.publisher_priority = head.priority;
        let order = SendOrder::of_fetch(self.priority, head.priority);
        self.is_reordered |= order != self.order;
        self.order = order;
        let bytes = self.writer.head(head);
        self.make_ready(bytes);
    }

    /// Whether the objects of a stretch exist is not known.
    fn tell_unknown(&mut self, stretch: &Stretch) {
        self.at = self.pass_over(stretch);
    }

    /// The same, and what comes behind it.
    pub(super) fn pass_over(&mut self, stretch: &Stretch) -> Option<Location> {
        self.not_known_up_to(stretch.end);
        stretch.next
    }

    /// The same up to a location; objects before it of which it is known are told apart.
    pub(super) fn not_known_up_to(&mut self, end: Location) {
        if let Some(absent) = self.absent.take() {
            if let Some(unknown) = self.unknown.take() {
                self.push(Gap::Unknown, unknown);
            }
            self.push(Gap::NonExistent, absent);
        }
        self.unknown = Some(end);
    }

    /// Objects up to a location do not exist.
    pub(super) const fn absent_up_to(&mut self, end: Location) {
        self.absent = Some(end);
    }

    fn push(&mut self, gap: Gap, last: Location) {
        let bytes = self.writer.gap(gap, last);
        self.make_ready(bytes);
    }

    pub(super) fn make_ready(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.out_bytes = self.out_bytes.saturating_add(bytes.len());
            self.out.push_back(bytes);
        }
    }

    /// Whether a publisher may be asked for what comes next.
    pub(crate) fn may_ask(&self) -> bool {
        let is_ready = self.out.is_empty() && self.fill.is_none();
        is_ready && !self.is_on_its_own && self.fills_begun < FILLS_MAX && !self.fill_left.is_zero()
    }

    fn begin_fill(&mut self, source: &Source<'_>, session: SessionKey, stretch: Stretch) {
        let key = FillKey { fetch: source.key, number: self.fills_begun };
        self.fills_begun = self.fills_begun.saturating_add(1);
        self.fill = Some(Fill {
            key,
            session,
            stretch,
            at: self.at,
            is_answered: false,
            is_whole: false,
            payload_left: 0,
            starved_since: self.out.is_empty().then_some(source.now),
            is_paused: false,
            is_begun: false,
        });
    }
}
