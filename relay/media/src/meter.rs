//! How many bits a second a track brings, by temporal layer.

use std::time::{Duration, Instant};

use mosaik_proto::moqt::SubgroupId;

/// Temporal layers that are told apart; subgroups above belong to the last one.
pub(crate) const LAYERS: usize = 3;

/// Bytes are summed up for so long before they count.
const STEP: Duration = Duration::from_millis(200);

/// How long bytes count. A group is about as long: a shorter memory would take each key frame for a
/// rise, and what follows it for a fall.
const MEMORY: Duration = Duration::from_secs(2);

/// How long bytes count for [`Meter::usual`]: an image of the slides now and then is no rate.
const MEMORY_USUAL: Duration = Duration::from_secs(10);

/// From when on it is a measurement: half a group.
const MEASURED_MIN: Duration = Duration::from_secs(1);

/// A moving average over about [`MEMORY`]. It costs an addition for each read of a stream.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meter {
    /// When the present step began.
    since: Option<Instant>,
    /// Bytes of the present step.
    bytes: [u64; LAYERS],
    /// Bits a second until then.
    rates: [u64; LAYERS],
    /// How much time is in `rates`, up to [`MEMORY`].
    measured: Duration,
    /// Bits a second of all layers over [`MEMORY_USUAL`].
    usual: u64,
}

impl Meter {
    /// Bytes of a subgroup came.
    pub(crate) fn count(&mut self, now: Instant, subgroup: SubgroupId, bytes: u64) {
        let since = *self.since.get_or_insert(now);
        if now.saturating_duration_since(since) >= STEP {
            self.step(now);
        }
        let layer = usize::try_from(subgroup).unwrap_or(usize::MAX).min(LAYERS - 1);
        if let Some(sum) = self.bytes.get_mut(layer) {
            *sum = sum.saturating_add(bytes);
        }
    }

    /// Bits a second of each layer, once there is something to say.
    pub(crate) fn layers(&self, now: Instant) -> Option<[u64; LAYERS]> {
        let idle = self.idle(now);
        if self.measured + idle < MEASURED_MIN {
            return None;
        }
        if idle < STEP * 2 {
            return Some(self.rates);
        }
        // Nothing has come for a while.
        let mut meter = self.clone();
        meter.step(now);
        Some(meter.rates)
    }

    /// The same once a group is behind it: the first half of one has the key frame, and would be taken
    /// for a seventh more.
    pub(crate) fn settled(&self, now: Instant) -> Option<[u64; LAYERS]> {
        self.layers(now).filter(|_| self.measured + self.idle(now) >= MEMORY)
    }

    /// Whether anything came within `time`, give or take a [`STEP`].
    pub(crate) fn has_come(&self, now: Instant, time: Duration) -> bool {
        self.since.is_some() && self.idle(now) < time
    }

    /// Bits a second in all, as far as known.
    pub(crate) fn total(&self, now: Instant) -> u64 {
        self.layers(now).unwrap_or(self.rates).iter().sum()
    }

    /// Bits a second in all, over ten seconds.
    pub(crate) fn usual(&self, now: Instant) -> u64 {
        let mut meter = self.clone();
        meter.step(now);
        meter.usual
    }

    fn idle(&self, now: Instant) -> Duration {
        self.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    fn step(&mut self, now: Instant) {
        let passed = self.idle(now).min(MEMORY);
        let elapsed = self.idle(now).as_nanos().max(1);
        self.measured = (self.measured + passed).min(MEMORY);
        let memory = self.measured.as_nanos().max(1);
        let kept = memory.saturating_sub(passed.as_nanos());
        let bits = u128::from(self.bytes.iter().sum::<u64>()) * 8 * 1_000_000_000;
        let span = MEMORY_USUAL.max(self.idle(now));
        let before = span.saturating_sub(self.idle(now)).as_nanos();
        let usual = (u128::from(self.usual) * before + bits) / span.as_nanos();
        self.usual = u64::try_from(usual).unwrap_or(u64::MAX);
        for (rate, bytes) in self.rates.iter_mut().zip(std::mem::take(&mut self.bytes)) {
            let fresh = u128::from(bytes) * 8 * 1_000_000_000 / elapsed;
            let sum = u128::from(*rate) * kept + fresh * passed.as_nanos();
            *rate = u64::try_from(sum / memory).unwrap_or(u64::MAX);
        }
        self.since = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a test has to begin somewhere")]
    fn start() -> Instant {
        Instant::now()
    }

    const FRAME: Duration = Duration::from_millis(40);

    /// Frames of `sizes` in turn for `time`, the layer of each beside its bytes.
    fn meter(begin: Instant, time: Duration, sizes: &[(u64, u64)]) -> Meter {
        let mut meter = Meter::default();
        let mut at = Duration::ZERO;
        for (layer, bytes) in sizes.iter().cycle() {
            if at >= time {
                break;
            }
            meter.count(begin + at, *layer, *bytes);
            at += FRAME;
        }
        meter
    }

    #[test]
    fn each_layer_has_its_rate_and_unknown_ones_belong_to_the_last() {
        let begin = start();
        let frames = [(0, 3_000), (2, 1_000), (1, 2_000), (7, 1_000)];
        let time = Duration::from_secs(10);
        let layers = meter(begin, time, &frames).layers(begin + time).unwrap();
        for (found, wanted) in layers.into_iter().zip([150_000, 100_000, 100_000]) {
            assert!(found.abs_diff(wanted) < wanted / 10, "{layers:?}");
        }
    }

    #[test]
    fn key_frames_do_not_look_like_a_rise() {
        let begin = start();
        let mut frames = vec![(0, 1_800); 50];
        frames[0] = (0, 20_000);
        let seconds = |seconds| Duration::from_secs(seconds);
        let rates: Vec<u64> = (8..=12)
            .flat_map(|second| [seconds(second), seconds(second) + FRAME * 6])
            .map(|time| meter(begin, time, &frames).total(begin + time))
            .collect();
        let (least, most) = (rates.iter().min().unwrap(), rates.iter().max().unwrap());
        assert!(*most < *least * 13 / 10, "{rates:?}");
    }

    #[test]
    fn a_key_frame_that_nothing_has_followed_yet_settles_nothing() {
        let begin = start();
        let mut frames = vec![(0, 1_800); 50];
        frames[0] = (0, 10_000);
        let of = |time| meter(begin, time, &frames);
        let half = Duration::from_millis(1_040);
        assert!(of(half).layers(begin + half).is_some());
        assert_eq!(of(half).settled(begin + half), None);
        let whole = Duration::from_millis(2_040);
        let settled: u64 = of(whole).settled(begin + whole).unwrap().iter().sum();
        assert!(settled.abs_diff(392_800) < 10_000, "{settled}");
    }

    #[test]
    fn an_image_every_ten_seconds_is_no_rate_and_a_steady_stream_is() {
        let begin = start();
        let mut slides = Meter::default();
        for second in [0, 10, 20, 30] {
            slides.count(begin + Duration::from_secs(second), 0, 60_000);
        }
        for after in 1..10 {
            let usual = slides.usual(begin + Duration::from_secs(30 + after));
            assert!((30_000..100_000).contains(&usual), "{usual} after {after} s");
        }
        let time = Duration::from_secs(40);
        let usual = meter(begin, time, &[(0, 1_000)]).usual(begin + time);
        assert!(usual.abs_diff(200_000) < 20_000, "{usual}");
    }

    #[test]
    fn nothing_is_said_before_it_is_known_and_silence_is_heard() {
        let begin = start();
        let half = Duration::from_millis(500);
        assert_eq!(meter(begin, half, &[(0, 1_000)]).layers(begin + half), None);
        let time = Duration::from_secs(3);
        let meter = meter(begin, time, &[(0, 1_000)]);
        assert!(meter.total(begin + time) > 190_000);
        assert!(meter.total(begin + time + Duration::from_secs(1)) < 120_000);
        assert!(meter.total(begin + time + Duration::from_secs(4)) < 11_000);
    }
}
