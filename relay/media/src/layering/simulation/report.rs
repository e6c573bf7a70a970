//! What came of a session.

use super::super::Level;
use super::sender::Arrived;

/// Milliseconds throughout.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// When another level was granted, and its bits a second.
    pub(super) switches: Vec<(u64, u64)>,
    /// Bytes of pictures that arrived whole, by second.
    pictures: Vec<u64>,
    /// Bytes of everything on the line, by second.
    passed: Vec<u64>,
    /// When frames arrived whole, and their age then.
    frames: Vec<(u64, u64)>,
    /// Age of speech when it arrived.
    speech: Vec<(u64, u64)>,
}

fn add(seconds: &mut Vec<u64>, now: u64, bytes: u64) {
    let second = usize::try_from(now / 1_000).unwrap_or(0);
    if seconds.len() <= second {
        seconds.resize(second + 1, 0);
    }
    seconds[second] += bytes;
}

fn mean(seconds: &[u64], from: u64, to: u64) -> u64 {
    let count = (to - from) / 1_000;
    let [first, last] = [from, to].map(|at| usize::try_from(at / 1_000).unwrap_or(0));
    let bytes: u64 = seconds.iter().take(last).skip(first).sum();
    bytes * 8 / count.max(1)
}

impl Report {
    pub(super) fn passed(&mut self, now: u64, bytes: u64) {
        add(&mut self.passed, now, bytes);
    }

    pub(super) fn arrived(&mut self, now: u64, arrived: &Arrived) {
        let age = now - arrived.came;
        match arrived.frame {
            Some(frame) => {
                add(&mut self.pictures, now, frame.bytes);
                self.frames.push((now, age));
            }
            None => self.speech.push((now, age)),
        }
    }

    pub(super) fn decided(&mut self, now: u64, granted: Option<Level>) {
        let bitrate = granted.map_or(0, |level| level.bitrate);
        if self.switches.last().map_or(0, |(_, last)| *last) != bitrate {
            self.switches.push((now, bitrate));
        }
    }

    /// Bits a second that were granted at `now`.
    pub(super) fn granted(&self, now: u64) -> u64 {
        let before = self.switches.iter().take_while(|(at, _)| *at <= now);
        before.last().map_or(0, |(_, bitrate)| *bitrate)
    }

    /// Switches in this time.
    pub(super) fn switched(&self, from: u64, to: u64) -> usize {
        self.switches.iter().filter(|(at, _)| (from..to).contains(at)).count()
    }

    /// The last switch in this time.
    pub(super) fn settled(&self, from: u64, to: u64) -> u64 {
        let last = self.switches.iter().rfind(|(at, _)| (from..to).contains(at));
        last.map_or(0, |(at, _)| at - from)
    }

    /// Bits a second of pictures that arrived whole.
    pub(super) fn pictures(&self, from: u64, to: u64) -> u64 {
        mean(&self.pictures, from, to)
    }

    /// Bits a second of everything on the line.
    pub(super) fn used(&self, from: u64, to: u64) -> u64 {
        mean(&self.passed, from, to)
    }

    /// The longest time without a picture.
    pub(super) fn stall(&self, from: u64, to: u64) -> u64 {
        let within = self.frames.iter().map(|(at, _)| *at).filter(|at| (from..to).contains(at));
        let mut last = from;
        let mut longest = 0;
        for at in within.chain([to]) {
            longest = longest.max(at - last);
            last = at;
        }
        longest
    }

    /// The age that 95 of 100 pieces of speech do not exceed.
    pub(super) fn speech(&self, from: u64, to: u64) -> u64 {
        percentile(&self.speech, from, to)
    }
}

fn percentile(ages: &[(u64, u64)], from: u64, to: u64) -> u64 {
    let within = ages.iter().filter(|(at, _)| (from..to).contains(at));
    let mut ages: Vec<u64> = within.map(|(_, age)| *age).collect();
    ages.sort_unstable();
    ages.get(ages.len() * 95 / 100).copied().unwrap_or(0)
}
