//! What is large flows: a key frame is as much as ten other frames, and a class of sixty would get theirs
//! in one moment, which is more than the buffer of the line that they share. So a session's pictures leave
//! at twice the bit rate that they are granted, or as fast as what waits is gone in [`Pacing::PICTURES`]:
//! who comes late, or was away, does not wait for that. What may wait beside them, an image of the slides
//! say, flows as fast on its own, or as fast as is given by [`Pacing::OTHERS`]. And what does not leave at once
//! goes on a little later in one session than in another, by [`APART`] at most.

use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::lane::{Slices, truncate};
use crate::turns::Kind;

/// Pictures may leave so many times as fast as they are granted.
const SPEED: u64 = 2;

/// What may leave at once after a rest, as time at that speed: a frame between two key frames.
const BURST: Duration = Duration::from_millis(20);

/// What may leave at once at least: two packets.
const BURST_MIN: u64 = 2_904;

/// By how much sessions differ in when the rest of a large frame leaves.
const APART: Duration = Duration::from_millis(30);

/// A longer time between two flushes counts as this.
const PAUSE_MAX: Duration = Duration::from_millis(100);

/// How fast one sort of what a session is sent leaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pacing {
    /// In how long about what waits is gone, however much it is.
    backlog: Duration,
    /// Bytes a second; `None` while nothing is granted.
    speed: Option<u64>,
    /// Bytes that may leave now.
    credit: u64,
    /// When the last flush was.
    flushed: Option<Instant>,
    /// Bytes that the last flush left, which the transport would have taken.
    waits: u64,
    /// Until when they wait.
    until: Option<Instant>,
}

impl Pacing {
    /// Of pictures.
    pub(crate) const PICTURES: Self = Self::within(Duration::from_millis(60));
    /// Of what else may wait.
    pub(crate) const OTHERS: Self = Self::within(Duration::from_millis(200));

    const fn within(backlog: Duration) -> Self {
        Self { backlog, speed: None, credit: 0, flushed: None, waits: 0, until: None }
    }

    /// The session's pictures are granted so much together, in bits a second.
    pub(crate) const fn grant(&mut self, bitrate: u64) {
        self.speed = if bitrate == 0 { None } else { Some(bitrate.saturating_mul(SPEED) / 8) };
    }

    /// A flush begins of the session with this number.
    pub(crate) fn begin(&mut self, now: Instant, session: u64) {
        let Some(speed) = self.speed else { return };
        if self.waits > 0 {
            let until = *self.until.get_or_insert_with(|| now + phase(session));
            if now < until {
                self.flushed = Some(now);
                self.waits = 0;
                return;
            }
        } else {
            self.until = None;
        }
        let passed = self.flushed.map_or(BURST, |at| now.saturating_duration_since(at));
        let passed = passed.min(PAUSE_MAX);
        self.flushed = Some(now);
        let fresh = in_time(speed, passed).max(share(self.waits, passed, self.backlog));
        let burst = in_time(speed, BURST).max(BURST_MIN);
        let most = if self.waits > 0 { burst.max(fresh) } else { burst };
        self.credit = self.credit.saturating_add(fresh).min(most);
        self.waits = 0;
    }

    /// Leaves in `slices` what may go now, and says whether that is anything. The rest waits for the
    /// next flush.
    pub(crate) fn allow(&mut self, slices: &mut Slices) -> bool {
        if self.speed.is_none() {
            return true;
        }
        if self.credit == 0 {
            let offered: usize = slices.iter().map(Bytes::len).sum();
            self.waits = self.waits.saturating_add(u64::try_from(offered).unwrap_or(u64::MAX));
            return false;
        }
        truncate(slices, usize::try_from(self.credit).unwrap_or(usize::MAX));
        true
    }

    /// The transport took so much of it.
    pub(crate) fn took(&mut self, bytes: usize) {
        self.credit = self.credit.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// Whether something waits that the transport would take.
    pub(crate) const fn is_waiting(&self) -> bool {
        self.waits > 0
    }
}

/// Both sorts of one session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paces {
    pictures: Pacing,
    others: Pacing,
}

impl Default for Paces {
    fn default() -> Self {
        Self { pictures: Pacing::PICTURES, others: Pacing::OTHERS }
    }
}

impl Paces {
    /// See [`Pacing::grant`]: without pictures nothing is held back.
    pub(crate) const fn grant(&mut self, bitrate: u64) {
        self.pictures.grant(bitrate);
        self.others.grant(bitrate);
    }

    /// See [`Pacing::begin`].
    pub(crate) fn begin(&mut self, now: Instant, session: u64) {
        self.pictures.begin(now, session);
        self.others.begin(now, session);
    }

    /// See [`Pacing::allow`]. What is urgent is never held back.
    pub(crate) fn allow(&mut self, kind: Kind, slices: &mut Slices) -> bool {
        self.of(kind).is_none_or(|pacing| pacing.allow(slices))
    }

    /// See [`Pacing::took`].
    pub(crate) fn took(&mut self, kind: Kind, bytes: usize) {
        if let Some(pacing) = self.of(kind) {
            pacing.took(bytes);
        }
    }

    /// See [`Pacing::is_waiting`].
    pub(crate) const fn is_waiting(&self) -> bool {
        self.pictures.is_waiting() || self.others.is_waiting()
    }

    const fn of(&mut self, kind: Kind) -> Option<&mut Pacing> {
        match kind {
            Kind::Urgent => None,
            Kind::Base | Kind::Enhancement => Some(&mut self.pictures),
            Kind::Other => Some(&mut self.others),
        }
    }
}

/// How long the rest of a large frame waits in this session: even over all of them.
fn phase(session: u64) -> Duration {
    /// 2^32 by the golden ratio: what follows each other is far apart.
    const SPREAD: u32 = 2_654_435_769;
    let low = u32::try_from(session & u64::from(u32::MAX)).unwrap_or_default();
    APART * (low.wrapping_mul(SPREAD) >> 16) / (1 << 16)
}

/// Bytes at `speed`, which is bytes a second.
fn in_time(speed: u64, time: Duration) -> u64 {
    share(speed, time, Duration::from_secs(1))
}

/// As much of `bytes` as `time` is of `whole`.
fn share(bytes: u64, time: Duration, whole: Duration) -> u64 {
    let share = u128::from(bytes).saturating_mul(time.as_nanos()) / whole.as_nanos().max(1);
    u64::try_from(share).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test has to begin somewhere")]
mod tests {
    use super::*;

    /// Bytes of `offered` that leave in each of the flushes, 5 ms apart.
    fn flushes(pacing: &mut Pacing, mut offered: usize, begin: Instant) -> Vec<usize> {
        let mut left = Vec::new();
        for flush in 0.. {
            pacing.begin(begin + Duration::from_millis(5) * flush, 0);
            let before = offered;
            loop {
                let mut slices = Slices::new();
                slices.push(Bytes::from(vec![0; offered]));
                if offered == 0 || !pacing.allow(&mut slices) {
                    break;
                }
                let taken = slices.iter().map(Bytes::len).sum();
                pacing.took(taken);
                offered -= taken;
            }
            left.push(before - offered);
            if offered == 0 {
                return left;
            }
        }
        left
    }

    #[test]
    fn a_key_frame_leaves_over_fifty_milliseconds_and_another_frame_at_once() {
        let (mut pacing, begin) = (Pacing::PICTURES, Instant::now());
        pacing.grant(1_300_000);
        assert_eq!(flushes(&mut pacing, 5_400, begin), [5_400]);
        let later = begin + Duration::from_secs(1);
        let key_frame = flushes(&mut pacing, 21_000, later);
        assert_eq!(key_frame.first(), Some(&6_500), "{key_frame:?}");
        assert!((9..=12).contains(&key_frame.len()), "{key_frame:?}");
        assert!(key_frame.iter().skip(1).all(|bytes| *bytes < 2_000), "{key_frame:?}");
    }

    #[test]
    fn of_sixty_sessions_no_two_follow_each_other_closely() {
        let mut phases: Vec<Duration> = (0..60).map(phase).collect();
        assert!(phases.iter().all(|phase| *phase < APART));
        phases.sort_unstable();
        let gaps = phases.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
        assert!(gaps.max() < Some(APART / 20));
    }

    #[test]
    fn what_waited_long_is_gone_soon() {
        let (mut pacing, begin) = (Pacing::PICTURES, Instant::now());
        pacing.grant(1_300_000);
        let backlog = flushes(&mut pacing, 300_000, begin);
        assert!(backlog.len() < 50, "{} flushes", backlog.len());
    }

    #[test]
    fn turns_far_apart_let_as_much_go_as_turns_that_are_close() {
        let (mut pacing, begin) = (Pacing::PICTURES, Instant::now());
        pacing.grant(1_300_000);
        flushes(&mut pacing, 6_500, begin);
        let mut slices: Slices = [Bytes::from(vec![0; 30_000])].into_iter().collect();
        assert!(!pacing.allow(&mut slices));
        pacing.begin(begin + PAUSE_MAX, 0);
        assert!(pacing.allow(&mut slices));
        assert_eq!(slices.iter().map(Bytes::len).sum::<usize>(), 30_000);
    }

    #[test]
    fn an_image_of_the_slides_flows_for_a_fifth_of_a_second() {
        let (mut pacing, begin) = (Pacing::OTHERS, Instant::now());
        pacing.grant(1_300_000);
        let image = flushes(&mut pacing, 60_000, begin);
        assert!((30..=45).contains(&image.len()), "{} flushes", image.len());
        assert!(image.iter().skip(1).all(|bytes| *bytes < 3_000), "{image:?}");
    }

    #[test]
    fn without_a_grant_nothing_is_held_back() {
        let (mut pacing, begin) = (Pacing::PICTURES, Instant::now());
        assert_eq!(flushes(&mut pacing, 300_000, begin), [300_000]);
        assert!(!pacing.is_waiting());
    }
}
