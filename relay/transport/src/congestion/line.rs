//! What the controller of a connection knows of its line, for those who decide what is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use quinn::congestion::Controller;

use super::controller::DelayBounded;

/// After so long without any sign of the peer it may be that nothing gets through.
const SILENCE: Duration = Duration::from_millis(500);

/// How often a packet more is then let through.
const PROBE_APART: Duration = Duration::from_millis(250);

/// How many of these at most: what 16 seconds take.
const PROBES_MAX: u64 = 64;

/// What a line carries, as its sender sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineEstimate {
    /// Bits of packets that were acknowledged in a second, over the last round trip.
    pub delivered: u64,
    /// Whether the window and not the application bounded that.
    pub is_limited: bool,
    /// How much longer a round trip takes than on the empty line.
    pub queue: Duration,
    /// How long a round trip took lately, at least.
    pub round_trip: Duration,
    /// Share of all bytes that was lost lately, from 0 to 1.
    pub loss: f64,
}

/// What a controller tells, and what it is told.
#[derive(Debug)]
pub(super) struct Shared {
    began: Instant,
    /// Microseconds since then, of the last acknowledgement; 0 before the first.
    heard: AtomicU64,
    delivered: AtomicU64,
    is_limited: AtomicBool,
    queue_micros: AtomicU64,
    round_trip_micros: AtomicU64,
    loss_millionths: AtomicU64,
    mtu: AtomicU64,
    /// Bytes beyond the window that may be sent into a silence.
    probe: AtomicU64,
}

impl Shared {
    pub(super) fn new(now: Instant, mtu: u64) -> Self {
        Self {
            began: now,
            heard: AtomicU64::new(0),
            delivered: AtomicU64::new(0),
            is_limited: AtomicBool::new(false),
            queue_micros: AtomicU64::new(0),
            round_trip_micros: AtomicU64::new(0),
            loss_millionths: AtomicU64::new(0),
            mtu: AtomicU64::new(mtu),
            probe: AtomicU64::new(0),
        }
    }

    pub(super) fn set_mtu(&self, mtu: u64) {
        self.mtu.store(mtu, Relaxed);
    }

    /// Something was acknowledged.
    pub(super) fn hear(&self, now: Instant) {
        self.heard.store(micros(now.saturating_duration_since(self.began)).max(1), Relaxed);
        self.probe.store(0, Relaxed);
    }

    pub(super) fn tell(&self, line: &LineEstimate) {
        self.delivered.store(line.delivered, Relaxed);
        self.is_limited.store(line.is_limited, Relaxed);
        self.queue_micros.store(micros(line.queue), Relaxed);
        self.round_trip_micros.store(micros(line.round_trip), Relaxed);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share in millionths"
        )]
        self.loss_millionths.store((line.loss.clamp(0.0, 1.0) * 1e6) as u64, Relaxed);
    }

    /// Bytes that may be sent beyond the window.
    pub(super) fn probe(&self) -> u64 {
        self.probe.load(Relaxed)
    }
}

/// Looks at the line of one connection. Cheap: some loads, no lock.
#[derive(Debug, Clone)]
pub struct LineWatch(Arc<Shared>);

impl LineWatch {
    /// Of a connection with this controller; none if it is another than ours.
    pub fn of(controller: Box<dyn Controller>) -> Option<Self> {
        controller.into_any().downcast::<DelayBounded>().ok().map(|it| it.watch())
    }

    pub(super) const fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    /// What is known at `now`; none before the first round trip. To be read some times a second while
    /// there is something to send: where nothing was heard for half a second it lets a packet more
    /// through each time, since QUIC itself asks an absent peer after ever longer times (RFC 9002,
    /// section 6.2.1), and a line that is back would wait as long again for the next voice.
    pub fn read(&self, now: Instant) -> Option<LineEstimate> {
        let shared = &self.0;
        let heard = shared.heard.load(Relaxed);
        let round_trip = Duration::from_micros(shared.round_trip_micros.load(Relaxed));
        if heard == 0 || round_trip.is_zero() {
            return None;
        }
        let heard = shared.began + Duration::from_micros(heard);
        let silent = now.saturating_duration_since(heard);
        let is_silent = silent > SILENCE.max(2 * round_trip);
        if is_silent {
            let probes = silent.as_millis() / PROBE_APART.as_millis();
            let probes = u64::try_from(probes).unwrap_or(u64::MAX).min(PROBES_MAX);
            shared.probe.store(probes * shared.mtu.load(Relaxed), Relaxed);
        }
        #[expect(clippy::cast_precision_loss, reason = "a share in millionths")]
        let loss = shared.loss_millionths.load(Relaxed) as f64 / 1e6;
        Some(LineEstimate {
            delivered: shared.delivered.load(Relaxed),
            is_limited: shared.is_limited.load(Relaxed),
            queue: Duration::from_micros(shared.queue_micros.load(Relaxed)),
            round_trip,
            loss,
        })
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_lets_a_packet_through_four_times_a_second() {
        let began = Instant::now();
        let shared = Arc::new(Shared::new(began, 1_452));
        let watch = LineWatch::new(Arc::clone(&shared));
        assert_eq!(watch.read(began), None);
        let line = LineEstimate {
            delivered: 1_000_000,
            is_limited: true,
            queue: Duration::from_millis(20),
            round_trip: Duration::from_millis(70),
            loss: 0.25,
        };
        shared.tell(&line);
        shared.hear(began + Duration::from_secs(1));
        assert_eq!(watch.read(began + Duration::from_millis(1_400)), Some(line));
        assert_eq!(shared.probe(), 0);
        watch.read(began + Duration::from_secs(3));
        assert_eq!(shared.probe(), 8 * 1_452);
        watch.read(began + Duration::from_secs(100));
        assert_eq!(shared.probe(), PROBES_MAX * 1_452);
        shared.hear(began + Duration::from_secs(100));
        assert_eq!(shared.probe(), 0);
    }
}
