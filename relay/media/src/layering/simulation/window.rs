//! Two congestion controllers in short: one that bounds the delay, one that fills the queue.

use std::collections::VecDeque;

pub(super) const PACKET: u64 = 1_250;

/// Packets before anything is known of the line, and at least.
const AT_FIRST: u64 = 10 * PACKET;
const LEAST: u64 = 2 * PACKET;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Controller {
    /// Keeps the queue at 10 to 60 ms, the shorter the faster it is, and overlooks loss.
    DelayBounded,
    /// Grows until something is lost, then falls to 70 %, as CUBIC does.
    QueueFilling,
}

/// The window of one session; times in milliseconds, sizes in bytes.
#[derive(Debug)]
pub(super) struct Window {
    controller: Controller,
    pub(super) size: u64,
    floor: u64,
    is_starting: bool,
    is_settling: bool,
    round: Round,
    /// Bytes a second of the last rounds.
    rates: VecDeque<u64>,
    /// Most bytes in flight in each of the last five seconds.
    flights: VecDeque<(u64, u64)>,
    reduced: u64,
}

#[derive(Debug, Default)]
struct Round {
    began: u64,
    acked: u64,
    fastest: Option<u64>,
    is_limited: bool,
}

impl Window {
    pub(super) fn new(controller: Controller, round_trip: u64) -> Self {
        Self {
            controller,
            size: AT_FIRST,
            floor: round_trip,
            is_starting: true,
            is_settling: false,
            round: Round::default(),
            rates: VecDeque::new(),
            flights: VecDeque::new(),
            reduced: 0,
        }
    }

    pub(super) fn limited(&mut self) {
        self.round.is_limited = true;
    }

    pub(super) fn in_flight(&mut self, now: u64, bytes: u64) {
        match self.flights.back_mut() {
            Some((second, most)) if *second == now / 1_000 => *most = (*most).max(bytes),
            _ => self.flights.push_back((now / 1_000, bytes)),
        }
        if self.flights.len() > 5 {
            self.flights.pop_front();
        }
    }

    pub(super) fn ack(&mut self, now: u64, sent: u64, bytes: u64) {
        let round_trip = now - sent;
        self.round.acked += bytes;
        let fastest = self.round.fastest.map_or(round_trip, |fastest| fastest.min(round_trip));
        self.round.fastest = Some(fastest);
        if self.is_starting && self.round.is_limited && !self.is_settling {
            self.size += bytes;
        }
        let alarm = self.controller == Controller::DelayBounded
            && !self.is_settling
            && round_trip > self.floor + 3 * Self::target(self.best());
        if sent >= self.round.began || alarm {
            self.end_round(now);
        }
    }

    pub(super) fn lose(&mut self, now: u64, sent: u64) {
        if self.controller == Controller::QueueFilling && sent >= self.reduced {
            self.size = (self.size * 7 / 10).max(LEAST);
            self.is_starting = false;
            self.reduced = now;
        }
    }

    fn best(&self) -> u64 {
        self.rates.iter().copied().max().unwrap_or(0)
    }

    /// Milliseconds of queue: 30 at a megabit a second, falling with the root of the rate.
    fn target(rate: u64) -> u64 {
        let square = 900 * 125_000 / rate.max(1);
        square.isqrt().clamp(10, 60)
    }

    fn end_round(&mut self, now: u64) {
        let round = std::mem::take(&mut self.round);
        self.round.began = now;
        let rate = round.acked * 1_000 / (now - round.began).max(1);
        self.rates.push_back(rate);
        if self.rates.len() > 8 {
            self.rates.pop_front();
        }
        if std::mem::take(&mut self.is_settling) {
            return;
        }
        let fastest = round.fastest.unwrap_or(self.floor);
        match self.controller {
            Controller::DelayBounded => self.bound(&round, rate, fastest),
            Controller::QueueFilling => {
                if round.is_limited && !self.is_starting {
                    self.size += (self.size / 50).max(PACKET);
                }
            }
        }
    }

    fn bound(&mut self, round: &Round, rate: u64, fastest: u64) {
        if !round.is_limited {
            let most = self.flights.iter().map(|(_, most)| *most).max().unwrap_or(0);
            self.size = self.size.min((2 * most).max(AT_FIRST));
            return;
        }
        let target = Self::target(rate);
        let queue = fastest.saturating_sub(self.floor);
        let holds = |rate: u64, time: u64| rate * time / 1_000;
        if self.is_starting && queue > target {
            self.is_starting = false;
            self.size = holds(self.best(), self.floor + target).max(LEAST);
            self.is_settling = true;
        } else if queue > target {
            self.size = (self.size * (self.floor + target) / fastest.max(1)).max(LEAST);
            self.is_settling = true;
        } else if !self.is_starting {
            let more = (self.size * (target - queue) / target / 4).max(PACKET / 4);
            let most = holds(self.best() * 2, self.floor + target) + 4 * PACKET;
            self.size = (self.size + more).min(most.max(self.size));
        }
    }
}
