//! The controller as QUIC calls it: acknowledgements become rounds, rounds go to the modes.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quinn::congestion::{Controller, ControllerFactory};
use quinn_proto::RttEstimator;

use super::history::History;
use super::line::{LineEstimate, LineWatch, Shared};
use super::modes::{Look, Mode};
use super::round::{Round, Seen};
use super::target::{Rate, queue_target, scaled, wanted};

/// Packets that may always be on their way: two, and the one that QUIC keeps free in its window.
pub(super) const PACKETS_MIN: u64 = 3;

/// Packets before anything is known of the line (RFC 9002, section 7.2).
pub(super) const PACKETS_AT_FIRST: u64 = 10;

/// Packets that are on their way at once of a session that had little to say: on a line that fell to
/// 400 kbit/s in the meantime they take a quarter of a second.
pub(super) const PACKETS_IDLE: u64 = 8;

/// A round counts as limited by the window when it used this share of it.
const FULL: f64 = 0.8;

/// A queue of so many targets is answered before the round is over.
const ALARM: u32 = 3;

/// A line that carries less than what flowed by this factor has become slower; beside others what
/// comes through varies by less.
const FALLEN: Rate = 2.0;

/// Who sends again what is lost, and has a window of its own for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    /// Nobody: these are packets, and what is lost is told.
    Packets,
    /// TCP: nothing is lost, and it fights for its share of the line by itself.
    Tcp,
}

/// See the module.
#[derive(Debug, Clone)]
pub struct DelayBounded {
    pub(super) below: Below,
    pub(super) mtu: u64,
    pub(super) window: u64,
    round: Round,
    /// The shortest round trips of the rounds before, the latest first.
    before: [Duration; 2],
    /// Bytes acknowledged together.
    batch: u64,
    pub(super) history: History,
    mode: Mode,
    /// Packets of the round under way still saw the queue of before a change.
    pub(super) is_settling: bool,
    shared: Arc<Shared>,
}

impl DelayBounded {
    /// Of packets with at most `mtu` bytes.
    pub(super) fn new(now: Instant, mtu: u16) -> Self {
        Self::above(Below::Packets, now, mtu)
    }

    /// Of a session above TCP, whose segments hold `mtu` bytes. What is on its way is told by
    /// [`DelayBounded::acked`] and [`DelayBounded::end_acks`].
    pub(crate) fn above_tcp(now: Instant, mtu: u16) -> Self {
        Self::above(Below::Tcp, now, mtu)
    }

    fn above(below: Below, now: Instant, mtu: u16) -> Self {
        let mtu = u64::from(mtu);
        Self {
            below,
            mtu,
            window: PACKETS_AT_FIRST * mtu,
            round: Round::begin(now),
            before: [Duration::MAX; 2],
            batch: 0,
            history: History::new(),
            mode: Mode::START,
            is_settling: false,
            shared: Arc::new(Shared::new(now, mtu)),
        }
    }

    /// What tells of the line as long as the connection stays on it.
    pub(crate) fn watch(&self) -> LineWatch {
        LineWatch::new(Arc::clone(&self.shared))
    }

    pub(super) fn set_window(&mut self, window: u64) {
        self.window = window.max(PACKETS_MIN * self.mtu);
    }

    /// The same, for packets that still have to see what it does.
    pub(super) fn change_window(&mut self, window: u64) {
        self.set_window(window);
        self.is_settling = true;
    }

    fn end_round(&mut self, now: Instant, mut seen: Seen) {
        self.look_past_repairs(&mut seen);
        let rate = self.history.best().max(seen.rate);
        let target = queue_target(rate, self.mtu, self.history.buffer());
        if self.mode.is_beside_others() {
            self.history.keep(now);
        }
        self.history.add(now, &seen, target / 4);
        self.round = Round::begin(now);
        let Some(floor) = self.history.floor() else {
            return;
        };
        let queue = seen.fastest.saturating_sub(floor);
        self.tell(&seen, queue);
        if std::mem::take(&mut self.is_settling) {
            return;
        }
        let has_fallen =
            |rate: &Rate| self.below == Below::Packets && *rate < self.history.flow() / FALLEN;
        if let Some(rate) = seen.carried.filter(has_fallen) {
            // Giving way by shares would take as many rounds as the line has become slower.
            let from = self.window;
            let carried = wanted(rate, floor, target, self.mtu);
            self.change_window(carried.min(from));
            self.mode = Mode::Holding { yields: 1, from };
            return;
        }
        let look = Look { now, seen, floor, queue, target };
        let mode = std::mem::replace(&mut self.mode, Mode::START);
        self.mode = mode.after(self, &look);
    }

    /// While TCP repairs a loss nothing arrives, and then all at once: a round of that looks like one
    /// with a long queue. A queue that is there is there in the next rounds too.
    fn look_past_repairs(&mut self, seen: &mut Seen) {
        if self.below == Below::Tcp {
            let own = seen.fastest;
            if !matches!(self.mode, Mode::Starting { .. }) {
                seen.fastest = self.before.iter().copied().fold(own, Duration::min);
            }
            self.before.rotate_right(1);
            self.before[0] = own;
        }
    }

    fn tell(&self, seen: &Seen, queue: Duration) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate")]
        let delivered = (seen.rate * 8.0) as u64;
        self.shared.tell(&LineEstimate {
            delivered,
            is_limited: seen.is_full,
            queue,
            round_trip: seen.fastest,
            loss: self.history.loss(),
        });
    }

    /// Bytes that may be on their way.
    pub(crate) fn may_be_out(&self) -> u64 {
        // TCP asks an absent peer by itself.
        let probe = if self.below == Below::Tcp { 0 } else { self.shared.probe() };
        self.window.saturating_add(probe)
    }

    /// How long the queue may be at the rates of the last rounds.
    fn target(&self) -> Duration {
        queue_target(self.history.best(), self.mtu, self.history.buffer())
    }

    /// How long a round trip takes at most on a line with no more than a short queue; none before one
    /// was seen.
    pub(crate) fn patience(&self) -> Option<Duration> {
        self.history.floor().map(|floor| floor + self.target() * ALARM)
    }

    /// The line carries so many bytes a second and no more: what was known of it is gone.
    pub(crate) fn fell(&mut self, rate: Rate) {
        let Some(floor) = self.history.floor() else { return };
        let target = queue_target(rate, self.mtu, self.history.buffer());
        let carried = wanted(rate, floor, target, self.mtu);
        if carried < self.window {
            self.history.fell(rate);
            self.set_window(carried);
        }
    }

    fn minimum(&self) -> u64 {
        PACKETS_MIN * self.mtu
    }

    /// `bytes` that left at `sent` have arrived. Whether more would have been sent if the window had
    /// allowed it is `!app_limited`.
    pub(crate) fn acked(&mut self, now: Instant, sent: Instant, bytes: u64, app_limited: bool) {
        self.batch += bytes;
        let is_full = !app_limited || self.round.acked() + bytes >= scaled(self.window, FULL);
        self.round.ack(now, sent, bytes, is_full);
        if matches!(self.mode, Mode::Starting { .. }) && is_full && !self.is_settling {
            // What comes late has waited in a queue: a window that still grew would double it.
            let floor = self.history.floor().or_else(|| self.round.fastest());
            let took = now.saturating_duration_since(sent);
            let is_late = floor.is_some_and(|floor| took > floor + self.target());
            let growth = if is_late { 0 } else { bytes };
            self.window = self.window.saturating_add(growth);
        }
    }

    /// After all that arrived at `now`: what is still on its way, in bytes.
    pub(crate) fn end_acks(&mut self, now: Instant, in_flight: u64) {
        self.shared.hear(now);
        self.round.end_acks(std::mem::take(&mut self.batch), in_flight);
        let alarm = || self.patience().filter(|_| !self.is_settling && self.mode.is_calm());
        if let Some(seen) = self.round.end(now, alarm) {
            self.end_round(now, seen);
        }
    }
}

impl Controller for DelayBounded {
    fn on_ack(
        &mut self,
        now: Instant,
        sent: Instant,
        bytes: u64,
        app_limited: bool,
        rtt: &RttEstimator,
    ) {
        self.acked(now, sent, bytes, app_limited);
        if let Mode::Competing { rival, .. } = &mut self.mode {
            rival.ack(now, sent, bytes, app_limited, rtt);
        }
        if let Mode::Competing { rival, .. } = &self.mode {
            self.set_window(rival.window(self));
        }
    }

    fn on_end_acks(
        &mut self,
        now: Instant,
        in_flight: u64,
        app_limited: bool,
        largest_packet_num_acked: Option<u64>,
    ) {
        if let Mode::Competing { rival, .. } = &mut self.mode {
            rival.end_acks(now, in_flight, app_limited, largest_packet_num_acked);
        }
        self.end_acks(now, in_flight);
    }

    fn on_congestion_event(
        &mut self,
        now: Instant,
        sent: Instant,
        is_persistent_congestion: bool,
        lost_bytes: u64,
    ) {
        self.round.lose(lost_bytes);
        if is_persistent_congestion {
            // Nothing got through for a while: what was known of the line is gone.
            let mtu = u16::try_from(self.mtu).unwrap_or(u16::MAX);
            let shared = Arc::clone(&self.shared);
            *self = Self { shared, window: self.minimum(), ..Self::above(self.below, now, mtu) };
            return;
        }
        let mode = std::mem::replace(&mut self.mode, Mode::START);
        self.mode = mode.after_loss(self, now, sent, lost_bytes);
    }

    fn on_mtu_update(&mut self, new_mtu: u16) {
        self.mtu = u64::from(new_mtu);
        self.shared.set_mtu(self.mtu);
        self.set_window(self.window);
        if let Mode::Competing { rival, .. } | Mode::Testing { rival, .. } = &mut self.mode {
            rival.set_mtu(new_mtu);
        }
    }

    fn window(&self) -> u64 {
        self.may_be_out()
    }

    fn clone_box(&self) -> Box<dyn Controller> {
        Box::new(self.clone())
    }

    fn initial_window(&self) -> u64 {
        PACKETS_AT_FIRST * self.mtu
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// Makes a [`DelayBounded`] for each session.
#[derive(Debug, Clone, Copy, Default)]
pub struct DelayBoundedConfig;

impl ControllerFactory for DelayBoundedConfig {
    fn build(self: Arc<Self>, now: Instant, current_mtu: u16) -> Box<dyn Controller> {
        Box::new(DelayBounded::new(now, current_mtu))
    }
}
