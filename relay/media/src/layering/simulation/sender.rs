//! What a session has to send, in order, within its window; and what it tells of its line.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::super::Link;
use super::line::{Line, Packet};
use super::source::Frame;
use super::window::{Controller, PACKET, Window};

/// Milliseconds over which rate, loss and limit are told.
const LATELY: u64 = 200;

/// Milliseconds without any sign of the peer, after which nothing passes.
const SILENCE: u64 = 500;

/// A voice: 60 bytes and 40 of the packet every 20 ms.
const SPEECH: u64 = 100;
pub(super) const SPEECH_RATE: u64 = SPEECH * 8 * 50;

/// Packets that may go out at once.
const BURST: u64 = 10 * PACKET;

#[derive(Debug)]
struct Sending {
    /// `None` is speech.
    frame: Option<Frame>,
    came: u64,
    unsent: u64,
    unarrived: u64,
}

/// What has arrived whole.
pub(super) struct Arrived {
    pub(super) frame: Option<Frame>,
    pub(super) came: u64,
}

#[derive(Debug)]
pub(super) struct Sender {
    window: Window,
    round_trip: u64,
    in_flight: u64,
    /// By number: the older first.
    sending: BTreeMap<u64, Sending>,
    next: u64,
    acks: VecDeque<(u64, Packet, bool)>,
    /// When, acknowledged bytes, lost bytes, whether limited.
    lately: VecDeque<(u64, u64, u64, bool)>,
    smoothed: u64,
    queue: u64,
    pace: u64,
    padding: u64,
    /// When something was acknowledged last, or nothing was on its way.
    heard: u64,
}

impl Sender {
    pub(super) fn new(controller: Controller, round_trip: u64) -> Self {
        Self {
            window: Window::new(controller, round_trip),
            round_trip,
            in_flight: 0,
            sending: BTreeMap::new(),
            next: 0,
            acks: VecDeque::new(),
            lately: VecDeque::new(),
            smoothed: round_trip,
            queue: 0,
            pace: 0,
            padding: 0,
            heard: 0,
        }
    }

    pub(super) fn push(&mut self, now: u64, frame: Option<Frame>) {
        let bytes = frame.map_or(SPEECH, |frame| frame.bytes);
        // Speech first, then the older frame.
        let number = if frame.is_some() { (1 << 40) + self.next } else { self.next };
        self.next += 1;
        self.sending.insert(number, Sending { frame, came: now, unsent: bytes, unarrived: bytes });
    }

    /// Gives up what is not on its way yet and does not belong to this.
    pub(super) fn keep_only(&mut self, sent: Option<(u8, u8)>) {
        self.sending.retain(|_, sending| {
            let fits = sending.frame.is_none_or(|frame| {
                sent.is_some_and(|(rendition, temporal)| {
                    frame.rendition == rendition && frame.temporal <= temporal
                })
            });
            if !fits {
                sending.unsent = 0;
            }
            fits || sending.unarrived > 0 && sending.frame.is_none()
        });
    }

    pub(super) fn oldest(&self, now: u64) -> Option<Duration> {
        let waiting = self.sending.values().filter(|one| one.frame.is_some() && one.unsent > 0);
        waiting.map(|one| Duration::from_millis(now - one.came)).max()
    }

    /// A packet left the line's queue, or was lost; the sender learns it a round trip later.
    pub(super) fn passed(&mut self, now: u64, packet: Packet, is_lost: bool) -> Option<Arrived> {
        self.acks.push_back((now + self.round_trip, packet, is_lost));
        let number = packet.frame.filter(|_| !is_lost)?;
        let sending = self.sending.get_mut(&number)?;
        sending.unarrived = sending.unarrived.saturating_sub(packet.bytes);
        if sending.unarrived > 0 {
            return None;
        }
        let done = self.sending.remove(&number)?;
        Some(Arrived { frame: done.frame, came: done.came })
    }

    pub(super) fn step(&mut self, now: u64, index: usize, padding: u64, line: &mut Line) {
        let (mut acked, mut lost) = (0, 0);
        if self.in_flight == 0 {
            self.heard = now;
        }
        while let Some((_, packet, is_lost)) = self.acks.pop_front_if(|(at, ..)| *at <= now) {
            self.in_flight -= packet.bytes;
            if is_lost {
                lost += packet.bytes;
                self.window.lose(now, packet.sent);
                let again = packet.frame.and_then(|number| self.sending.get_mut(&number));
                if let Some(sending) = again {
                    sending.unsent += packet.bytes;
                }
            } else {
                acked += packet.bytes;
                self.heard = now;
                let round_trip = now - packet.sent;
                self.smoothed = (self.smoothed * 7 + round_trip) / 8;
                self.queue = (self.queue * 3 + round_trip.saturating_sub(self.round_trip)) / 4;
                self.window.ack(now, packet.sent, packet.bytes);
            }
        }
        self.pace = (self.pace + self.window.size * 5 / 4 / self.smoothed.max(1)).min(BURST);
        // No more than it would send in 30 ms, but whole packets.
        let most = if padding > 0 { (30 * padding / 8).max(2_000 * PACKET) } else { 0 };
        self.padding = (self.padding + padding / 8).min(most);
        let is_limited = self.send(now, index, line);
        if is_limited {
            self.window.limited();
        }
        self.window.in_flight(now, self.in_flight);
        self.lately.push_back((now, acked, lost, is_limited));
        while self.lately.pop_front_if(|(at, ..)| *at + LATELY <= now).is_some() {}
    }

    /// Sends what fits; whether something did not.
    fn send(&mut self, now: u64, index: usize, line: &mut Line) -> bool {
        loop {
            let first = self.sending.iter_mut().find(|(_, one)| one.unsent > 0);
            let (frame, size) = match &first {
                Some((number, one)) => (Some(**number), one.unsent.min(PACKET)),
                None if self.padding >= PACKET * 1_000 => (None, PACKET),
                None => return false,
            };
            if self.in_flight + size > self.window.size || size > self.pace {
                return true;
            }
            match first {
                Some((_, one)) => one.unsent -= size,
                None => self.padding -= size * 1_000,
            }
            self.pace -= size;
            self.in_flight += size;
            line.send(Packet { session: index, bytes: size, sent: now, frame });
        }
    }

    pub(super) fn link(&self, now: u64) -> Link {
        let acked: u64 = self.lately.iter().map(|(_, acked, ..)| acked).sum();
        let lost: u64 = self.lately.iter().map(|(_, _, lost, _)| lost).sum();
        let limited = self.lately.iter().filter(|(.., is_limited)| *is_limited).count();
        let share = |bytes: u64| f64::from(u32::try_from(bytes).unwrap_or(u32::MAX));
        Link {
            delivered: acked * 8_000 / LATELY,
            is_limited: limited * 2 > self.lately.len(),
            queue: Duration::from_millis(self.queue),
            round_trip: Duration::from_millis(self.smoothed),
            loss: share(lost) / share(acked + lost).max(1.0),
            is_silent: now >= self.heard + SILENCE,
        }
    }
}
