//! How speech goes out on one line: how often each packet of it is repeated, and how many frames share
//! one.
//!
//! A repeat goes behind the next packet, so what it repairs is there a packet later. With independent
//! losses of a share p a listener misses p² of the words with one copy and p³ with two:
//!
//! | p | none | one | two |
//! |---|---|---|---|
//! | 0.5 % | 0.5 % | 0.003 % | |
//! | 1 % | 1 % | 0.01 % | |
//! | 2 % | 2 % | 0.04 % | 0.001 % |
//! | 3 % | 3 % | 0.09 % | 0.003 % |
//! | 5 % | 5 % | 0.25 % | 0.013 % |
//!
//! A listener's concealment hides single frames below about half a percent, so one copy begins there;
//! a second one is worth its 40 kbit/s where the first leaves more than a tenth of a percent. Losses in
//! bursts of four packets, as a wireless network has them, leave r of these, the chance that a packet
//! is lost of which the one before was: 0.75 to the power of the packets in between. Behind pictures of
//! 1.3 Mbit/s, 3.7 packets a frame, r is 0.34: one copy leaves 0.7 % of 2 %. A copy two packets later
//! would leave 0.24 %, but comes when a listener that waits for 97 % of the packets and a frame more has
//! given up: only where more than 3 % come a packet later does it wait for two. So copies go with the
//! next packets, and the second one from [`TWICE`] on, where it is waited for.

use std::time::{Duration, Instant};

use crate::layering::Link;

/// Most copies of one packet beside itself.
pub(crate) const COPIES_MAX: u8 = 2;

/// Looks that are closer show the same packets again.
const LOOKS_APART: Duration = Duration::from_millis(100);

/// Over how long losses are averaged. In 4 s of speech alone are 200 packets: of 2 % these lose 4,
/// give or take 2.
const MEMORY: Duration = Duration::from_secs(4);

/// From what share of lost bytes on everything is repeated once, and below what it is no more.
const ONCE: (f64, f64) = (0.006, 0.003);

/// The same for a second time.
const TWICE: (f64, f64) = (0.035, 0.02);

/// For how long the share must stay below: an average of a few losses is there by chance for some
/// seconds, and a copy too many costs less than a word too few.
const CALM: Duration = Duration::from_secs(10);

/// For how long a line that loses packets at all counts as one that does, before anything else is known
/// of it: a loss is seen round trips later, and of 2 % the average holds enough after seconds only.
const NEW_FOR: Duration = Duration::from_secs(5);

/// What a line carries on which two frames share a packet, bits a second, and up to what it is still
/// taken for one. A packet of its own costs a frame 55 bytes of headers, 22 kbit/s: a tenth of this.
const THIN: (u64, u64) = (300_000, 350_000);

/// The same for three frames.
const THINNEST: (u64, u64) = (150_000, 180_000);

/// Looks in a row at a full line that tell what it carries: a key frame fills the window for less, and
/// the beginning of a session on a long line too.
const FULL_LONG: usize = 8;

/// For how long it counts what a line carried. A line that is not full since does not tell.
const KNOWN_FOR: Duration = Duration::from_secs(30);

/// On a line that carries less than this, nothing is said twice: speech alone, 40 kbit/s and what
/// three frames of it share, is half of it.
const ONCE_MIN: u64 = 100_000;

/// On one that carries less than this, nothing is said three times: 120 kbit/s would be half of it.
const TWICE_MIN: u64 = 240_000;

/// How speech goes out on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packing {
    /// How often each packet goes out again.
    pub copies: u8,
    /// Frames that share a packet; at least 1.
    pub frames: u8,
}

impl Packing {
    /// How long a frame of speech is.
    pub const FRAME: Duration = Duration::from_millis(20);

    /// For a line of which nothing is known.
    pub const PLAIN: Self = Self { copies: 0, frames: 1 };
}

impl Default for Packing {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// Finds the packing for one line.
#[derive(Debug, Clone, Default)]
pub struct Packer {
    /// What may be lost is lost from the first packet on.
    may_lose: bool,
    /// When it looked first.
    began: Option<Instant>,
    looked: Option<Instant>,
    /// Share of bytes that were lost lately.
    loss: f64,
    /// Since when the loss calls for less than is done.
    calm_since: Option<Instant>,
    /// Looks at a full line in a row, and the most that it carried in one of them, bits a second.
    full: (usize, u64),
    /// What the line carried when it was last full, and when.
    known: Option<(Instant, u64)>,
    /// Copies that the loss calls for.
    wanted: u8,
    packing: Packing,
}

impl Packer {
    /// For a transport that may lose packets, or for one that sends them again by itself.
    pub fn new(may_lose: bool) -> Self {
        Self { may_lose, ..Self::default() }
    }

    /// The packing from now on; `link` is what is known of the line, if anything is.
    pub fn look(&mut self, now: Instant, link: Option<&Link>) -> Packing {
        let Some(link) = link else {
            return self.packing;
        };
        let passed = self.looked.map(|looked| now.saturating_duration_since(looked));
        if passed.is_some_and(|passed| passed < LOOKS_APART) {
            return self.packing;
        }
        self.looked = Some(now);
        let began = *self.began.get_or_insert(now);
        let is_new = self.may_lose && now.saturating_duration_since(began) < NEW_FOR;
        // After a pause one look counts as one, not as the time that nobody looked.
        let passed = passed.unwrap_or(LOOKS_APART).min(LOOKS_APART * 5);
        self.loss += (link.loss - self.loss) * (passed.as_secs_f64() / MEMORY.as_secs_f64());
        self.learn(now, link);
        let carries = self.known.map_or(u64::MAX, |(_, carries)| carries);
        self.wanted = self.copies(now);
        self.packing = Packing {
            copies: self.wanted.max(u8::from(is_new)).min(copies_on(carries)),
            frames: frames_on(carries, self.packing.frames),
        };
        self.packing
    }

    /// More at once, less after some calm.
    fn copies(&mut self, now: Instant) -> u8 {
        let copies = self.wanted;
        let wanted = level(self.loss, |(on, _)| on);
        if wanted >= copies {
            self.calm_since = None;
            return wanted;
        }
        let kept = level(self.loss, |(_, off)| off);
        if kept >= copies {
            self.calm_since = None;
            return copies;
        }
        let since = *self.calm_since.get_or_insert(now);
        if now.saturating_duration_since(since) < CALM {
            return copies;
        }
        self.calm_since = None;
        kept
    }

    fn learn(&mut self, now: Instant, link: &Link) {
        let (full, most) = self.full;
        self.full = if link.is_limited {
            ((full + 1).min(FULL_LONG), most.max(link.delivered))
        } else {
            (0, 0)
        };
        let is_more = |(_, carries): &(Instant, u64)| link.delivered > *carries;
        if self.full.0 == FULL_LONG {
            self.known = Some((now, self.full.1));
            // It is full all the time, and what it carried long ago says nothing.
            self.full = (FULL_LONG / 2, link.delivered);
        } else if let Some((_, carries)) = self.known.as_mut().filter(|known| is_more(known)) {
            *carries = link.delivered;
        }
        let is_old = |(at, _): &(Instant, u64)| now.saturating_duration_since(*at) > KNOWN_FOR;
        self.known = self.known.filter(|known| !is_old(known));
    }
}

/// How often is repeated what loses this much, by the first or second of each pair of thresholds.
fn level(loss: f64, which: fn((f64, f64)) -> f64) -> u8 {
    u8::from(loss >= which(ONCE)) + u8::from(loss >= which(TWICE))
}

const fn copies_on(carries: u64) -> u8 {
    match carries {
        ..ONCE_MIN => 0,
        ONCE_MIN..TWICE_MIN => 1,
        TWICE_MIN.. => 2,
    }
}

fn frames_on(carries: u64, frames: u8) -> u8 {
    let bound = |(thin, still): (u64, u64), has: u8| if frames >= has { still } else { thin };
    1 + u8::from(carries < bound(THIN, 2)) + u8::from(carries < bound(THINNEST, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a test has to begin somewhere")]
    fn start() -> Instant {
        Instant::now()
    }

    /// A packer with time, which looks at a line.
    struct Line {
        packer: Packer,
        now: Instant,
    }

    impl Line {
        fn new() -> Self {
            Self { packer: Packer::default(), now: start() }
        }

        /// What was done in each tenth of `seconds`, on a line that is as `link` says.
        fn pass(&mut self, seconds: usize, link: impl Fn(usize) -> Link) -> Vec<Packing> {
            (0..seconds * 10)
                .map(|tenth| {
                    self.now += LOOKS_APART;
                    self.packer.look(self.now, Some(&link(tenth)))
                })
                .collect()
        }
    }

    fn losing(loss: f64) -> Link {
        Link { loss, delivered: 100_000, ..Link::default() }
    }

    fn carrying(delivered: u64, is_limited: bool) -> Link {
        Link { delivered, is_limited, ..Link::default() }
    }

    fn copies(packings: &[Packing]) -> Vec<u8> {
        let mut copies: Vec<u8> = packings.iter().map(|packing| packing.copies).collect();
        copies.dedup();
        copies
    }

    #[test]
    fn copies_follow_the_loss_and_do_not_flap() {
        let mut line = Line::new();
        assert_eq!(copies(&line.pass(10, |_| losing(0.001))), [0]);
        assert_eq!(copies(&line.pass(20, |_| losing(0.02))), [0, 1]);
        assert_eq!(copies(&line.pass(20, |_| losing(0.05))), [1, 2]);
        assert_eq!(copies(&line.pass(60, |_| losing(0.0))), [2, 0]);
        // 2 % as they are seen: what is lost is lost in a fifth of the time.
        let in_bursts = |tenth| losing(if tenth % 25 < 5 { 0.1 } else { 0.0 });
        assert_eq!(copies(&line.pass(60, in_bursts)), [0, 1]);
    }

    #[test]
    fn a_line_that_may_lose_is_taken_for_one_that_does_at_first() {
        let mut line = Line { packer: Packer::new(true), now: start() };
        assert_eq!(copies(&line.pass(4, |_| losing(0.0))), [1]);
        assert_eq!(copies(&line.pass(4, |_| losing(0.0))), [1, 0]);
    }

    #[test]
    fn copies_begin_within_two_seconds() {
        let mut line = Line::new();
        line.pass(10, |_| losing(0.0));
        assert!(line.pass(2, |_| losing(0.02)).last().is_some_and(|last| last.copies == 1));
    }

    #[test]
    fn frames_share_a_packet_on_a_line_that_is_known_to_be_thin() {
        let frames = |packings: &[Packing]| {
            let mut frames: Vec<u8> = packings.iter().map(|packing| packing.frames).collect();
            frames.dedup();
            frames
        };
        let mut line = Line::new();
        assert_eq!(frames(&line.pass(5, |_| carrying(60_000, false))), [1]);
        assert_eq!(frames(&line.pass(5, |_| carrying(200_000, true))), [1, 2]);
        assert_eq!(frames(&line.pass(5, |_| carrying(320_000, true))), [2]);
        assert_eq!(frames(&line.pass(5, |_| carrying(120_000, true))), [2, 3]);
        // It is known for a while, until it shows more or nothing.
        assert_eq!(frames(&line.pass(20, |_| carrying(60_000, false))), [3]);
        assert_eq!(frames(&line.pass(20, |_| carrying(60_000, false))), [3, 1]);
        line.pass(5, |_| carrying(200_000, true));
        assert_eq!(frames(&line.pass(5, |_| carrying(900_000, false))), [1]);
        // A key frame fills a window for less than that.
        assert_eq!(frames(&line.pass(9, |tenth| carrying(200_000, tenth % 10 < 7))), [1]);
    }

    #[test]
    fn copies_do_not_fill_a_line_that_carries_little_else() {
        for (carries, wanted) in [(90_000, 0), (200_000, 1), (400_000, 2)] {
            let mut line = Line::new();
            let link = Link { loss: 0.1, ..carrying(carries, true) };
            let last = line.pass(10, |_| link).pop();
            assert_eq!(last.map(|packing| packing.copies), Some(wanted), "{carries}");
        }
    }
}
