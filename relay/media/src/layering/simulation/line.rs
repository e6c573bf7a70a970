//! A line: rate over time, a queue that drops at its tail, delay and random loss.

use std::collections::VecDeque;

use super::Random;

/// What a line is like.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    /// From which millisecond on it carries how many bits a second; with none what waits is lost.
    pub(super) rates: Vec<(u64, u64)>,
    /// Milliseconds.
    pub(super) round_trip: u64,
    /// Bytes.
    pub(super) buffer: u64,
    /// Of a thousand packets.
    pub(super) loss: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Packet {
    pub(super) session: usize,
    pub(super) bytes: u64,
    pub(super) sent: u64,
    /// Of which frame it is; `None` is padding.
    pub(super) frame: Option<u64>,
}

#[derive(Debug)]
pub(super) struct Line {
    profile: Profile,
    queue: VecDeque<Packet>,
    waiting: u64,
    /// Bits a thousand of which it may let through.
    credit: u64,
    random: Random,
    dropped: Vec<Packet>,
}

impl Line {
    pub(super) fn new(profile: Profile, seed: u64) -> Self {
        let queue = VecDeque::new();
        Self { profile, queue, waiting: 0, credit: 0, random: Random(seed), dropped: Vec::new() }
    }

    fn rate(&self, now: u64) -> u64 {
        let past = self.profile.rates.iter().take_while(|(from, _)| *from <= now);
        past.last().map_or(0, |(_, rate)| *rate)
    }

    pub(super) fn send(&mut self, packet: Packet) {
        if self.waiting + packet.bytes > self.profile.buffer {
            self.dropped.push(packet);
            return;
        }
        self.waiting += packet.bytes;
        self.queue.push_back(packet);
    }

    /// What leaves the queue in this millisecond, and what is lost.
    pub(super) fn step(&mut self, now: u64) -> Vec<(Packet, bool)> {
        let mut out: Vec<_> = self.dropped.drain(..).map(|packet| (packet, true)).collect();
        if self.rate(now) == 0 {
            (self.waiting, self.credit) = (0, 0);
            out.extend(self.queue.drain(..).map(|packet| (packet, true)));
        }
        self.credit += self.rate(now);
        while let Some(packet) = self.queue.front().copied() {
            let cost = packet.bytes * 8_000;
            if cost > self.credit {
                return out;
            }
            self.credit -= cost;
            self.waiting -= packet.bytes;
            self.queue.pop_front();
            out.push((packet, self.random.below(1_000) < self.profile.loss));
        }
        self.credit = 0;
        out
    }
}
