//! What the log has not: a FETCH of ours at a publisher, whose objects pass through.

use std::time::Instant;

use mosaik_proto::moqt::{FetchPart, Gap, Location, RequestCode, ResetCode};

use super::{End, Fetch, FetchKey, Fill, FillAnswer, FillKey};
use crate::SessionKey;
use crate::effect::{Effect, Refused};
use crate::tracks::Tracks;

/// What the driver does with the publisher's stream next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// Read on.
    GoOn,
    /// Read on after [`Effect::ReadOn`].
    Pause,
    /// Nothing more is wanted of it.
    Stop,
}

/// The publisher sent what was not asked for.
struct Unasked;

impl Tracks {
    /// The answer to [`Effect::Fill`].
    pub fn fill_answered(&mut self, key: FillKey, answer: Result<FillAnswer, Refused>) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(refused) => {
                let code = passed_on(refused.code == RequestCode::MalformedTrack);
                return self.fill_failed(key, refused, code);
            }
        };
        let Some(fetch) = self.fetch_of(key) else {
            return;
        };
        if let Some(fill) = &mut fetch.fill {
            fill.is_answered = true;
        }
        if !fetch.is_answered {
            fetch.is_answered = true;
            fetch.span.last = fetch.span.last.min(answer.last);
            let request = fetch.request;
            let last = fetch.span.last;
            self.effects.push_back(Effect::FetchOk {
                request,
                last,
                is_end_of_track: answer.is_end_of_track && last == answer.last,
                properties: answer.properties,
            });
        }
        self.complete_fill(key);
        self.mark_fetch(key.fetch);
    }

    /// What the publisher's stream brought.
    pub fn filled(
        &mut self,
        now: Instant,
        key: FillKey,
        parts: impl IntoIterator<Item = FetchPart>,
    ) -> Filled {
        let max = self.limits.fill_bytes;
        let Some(fetch) = self.fetch_of(key) else {
            return Filled::Stop;
        };
        let Some(mut fill) = fetch.fill.take() else {
            return Filled::Stop;
        };
        let was_empty = fetch.out.is_empty();
        let passed = parts.into_iter().try_for_each(|part| fetch.pass_on(&mut fill, part));
        if was_empty && !fetch.out.is_empty() {
            fetch.moved_at = now;
            if let Some(since) = fill.starved_since.take() {
                fetch.fill_left =
                    fetch.fill_left.saturating_sub(now.saturating_duration_since(since));
            }
        }
        fill.is_paused = fetch.out_bytes >= max;
        let is_paused = fill.is_paused;
        fetch.fill = Some(fill);
        if passed.is_err() {
            self.fill_failed(key, Refused::BROKEN_OFF, ResetCode::UnknownObjectStatus);
            return Filled::Stop;
        }
        self.mark_fetch(key.fetch);
        if is_paused { Filled::Pause } else { Filled::GoOn }
    }

    /// The publisher's stream ended: with FIN, or by a reset.
    pub fn fill_ended(&mut self, key: FillKey, end: Result<(), ResetCode>) {
        if let Err(code) = end {
            return self.fill_failed(
                key,
                Refused::BROKEN_OFF,
                passed_on(code == ResetCode::MalformedTrack),
            );
        }
        if let Some(fill) = self.fetch_of(key).and_then(|fetch| fetch.fill.as_mut()) {
            fill.is_whole = true;
        }
        self.complete_fill(key);
        self.mark_fetch(key.fetch);
    }

    /// With FETCH_OK and FIN everything is told: what the publisher left out does not exist (section
    /// 10.12.3). Some say with their End Location what their last object was, which means no less.
    fn complete_fill(&mut self, key: FillKey) {
        let Some(fetch) = self.fetch_of(key) else {
            return;
        };
        let Some(fill) = fetch.fill.take_if(|fill| fill.is_whole && fill.is_answered) else {
            return;
        };
        if fill.at.is_some() {
            fetch.absent_up_to(fill.stretch.end);
        }
        fetch.at = fill.stretch.next;
    }

    /// Nothing comes of it: a fetch without an answer is refused, in any other the rest is told
    /// from the log alone. An object that was begun cannot be ended.
    pub(super) fn fill_failed(&mut self, key: FillKey, refused: Refused, code: ResetCode) {
        let Some(fetch) = self.fetch_of(key) else {
            return;
        };
        let Some(fill) = fetch.fill.take() else {
            return;
        };
        if !fetch.is_answered {
            let request = fetch.request;
            self.effects.push_back(Effect::Refused { request, refused });
            self.reset_fetch(key.fetch);
            self.remove_fetch(key.fetch);
            return;
        }
        if matches!(refused.code, RequestCode::DoesNotExist | RequestCode::InvalidRange) {
            // This is not to be had; something else may be.
            fetch.at = match fill.at {
                Some(_) => fetch.pass_over(&fill.stretch),
                None => fill.stretch.next,
            };
        } else {
            fetch.is_on_its_own = true;
            fetch.at = fill.at.or(fill.stretch.next);
        }
        if fill.payload_left > 0 || code == ResetCode::MalformedTrack {
            fetch.break_off(code);
        }
        self.mark_fetch(key.fetch);
    }

    /// A session is over: what it was asked for is not coming.
    pub(crate) fn fail_fills_at(&mut self, session: SessionKey) {
        let fills = self.fetches.values().filter_map(|fetch| fetch.fill.as_ref());
        let lost: Vec<FillKey> =
            fills.filter(|fill| fill.session == session).map(|fill| fill.key).collect();
        for key in lost {
            self.fill_failed(key, Refused::BROKEN_OFF, ResetCode::UnknownObjectStatus);
        }
    }

    /// Tells the driver of a FETCH that begins, and of one that is to be read on.
    pub(super) fn drive_fill(&mut self, key: FetchKey) {
        let Some(fetch) = self.fetches.get_mut(key.0) else {
            return;
        };
        let has_room = fetch.out_bytes < self.limits.fill_bytes / 2;
        let Some(fill) = &mut fetch.fill else {
            return;
        };
        let session = fill.session;
        if !std::mem::replace(&mut fill.is_begun, true) {
            self.effects.push_back(Effect::Fill {
                session,
                fill: fill.key,
                name: fetch.name.clone(),
                start: fill.stretch.start,
                last: fill.stretch.last,
                order: fetch.span.order,
            });
        } else if fill.is_paused && has_room {
            fill.is_paused = false;
            self.effects.push_back(Effect::ReadOn { session, fill: fill.key });
        }
    }

    /// The fetch that waits for this fill.
    fn fetch_of(&mut self, key: FillKey) -> Option<&mut Fetch> {
        let fetch = self.fetches.get_mut(key.fetch.0)?;
        let is_current = fetch.fill.as_ref().is_some_and(|fill| fill.key == key);
        (is_current && fetch.end == End::Open).then_some(fetch)
    }
}

/// What a stream is reset with that cannot be ended because of its publisher.
const fn passed_on(is_malformed: bool) -> ResetCode {
    if is_malformed { ResetCode::MalformedTrack } else { ResetCode::UnknownObjectStatus }
}

impl Fetch {
    /// The fill whose time is over, if it is.
    pub(super) fn starved_fill(&self, now: Instant) -> Option<&Fill> {
        let is_over = |since: Instant| since + self.fill_left <= now;
        self.fill.as_ref().filter(|fill| fill.starved_since.is_some_and(is_over))
    }

    /// Puts a part of the publisher's answer behind everything that is ready.
    fn pass_on(&mut self, fill: &mut Fill, part: FetchPart) -> Result<(), Unasked> {
        match part {
            FetchPart::Payload(bytes) => {
                let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                fill.payload_left = fill.payload_left.saturating_sub(len);
                self.make_ready(bytes);
            }
            FetchPart::Head(head) => {
                let at = fill.at.ok_or(Unasked)?;
                let is_next = self.span.is_reached(at, head.location);
                if !is_next || !fill.stretch.has(head.location) {
                    return Err(Unasked);
                }
                fill.payload_left = head.payload_len;
                self.tell_head(&head);
                self.told(fill, head.location);
            }
            FetchPart::Gap(gap, last) => {
                let at = fill.at.ok_or(Unasked)?;
                if !self.span.is_reached(at, last) {
                    return Err(Unasked);
                }
                // A gap may reach further than what was asked for.
                let is_within = self.span.is_reached(last, fill.stretch.end);
                let last = if is_within { last } else { fill.stretch.end };
                match gap {
                    Gap::Unknown => self.not_known_up_to(last),
                    Gap::NonExistent => self.absent_up_to(last),
                }
                self.told(fill, last);
            }
        }
        Ok(())
    }

    /// Everything up to a location of the stretch was told.
    fn told(&self, fill: &mut Fill, last: Location) {
        let is_end = last == fill.stretch.end;
        fill.at = self.span.after(last).filter(|_| !is_end);
    }
}
