//! The modes of the controller, and what a round makes of each.

use std::time::{Duration, Instant};

use super::controller::{Below, DelayBounded, PACKETS_AT_FIRST, PACKETS_IDLE};
use super::rival::Rival;
use super::round::Seen;
use super::target::{Rate, in_flight, real, scaled, wanted};

/// By how much a window grows in a round on an empty line.
const GROWTH: f64 = 0.25;

/// The same where more is lost than usual.
const GROWTH_IN_LOSS: f64 = 0.05;

/// Share of lost bytes up to which loss says nothing: radios lose that much.
const LOSS_USUAL: f64 = 0.02;

/// Share of lost bytes beyond which the line cannot carry what is sent.
const LOSS_TOO_MUCH: f64 = 0.10;

/// What is asked of a line whose buffer overflowed lately, of what it has carried. Twice that where
/// none did.
const OVERFLOWED_MOST: f64 = 1.0;

/// A buffer that holds less is filled by a handful of packets.
const OVERFLOW_SHORT: Duration = Duration::from_millis(15);

/// Rounds in which a start may not get faster before it is over.
const STALLS_MAX: u8 = 2;

/// Rounds that did not fill the window, after which a start is over: who doubles for a key frame of a
/// lesson that has been going on for long takes a line by surprise that has become slower.
const EASY_MAX: u8 = 100;

/// How long a queue may be there without end before it is drained, to see the empty line again; or
/// this many of its round trips, so that draining costs a few percent at most.
const FILLED_MAX: Duration = Duration::from_secs(5);
const FILLED_MAX_ROUNDS: u32 = 40;

/// Times that a session gives way before it takes the queue for somebody else's.
const YIELDS_MAX: u8 = 3;

/// Share of a line that is claimed: as much as a single other gets.
const FAIR: f64 = 0.5;

/// By how much a window grows while it claims a share.
const CLAIM_GROWTH: f64 = 1.5;

/// Share of that growth that must be delivered at first, or the line is its own.
const CLAIM_WORTH: f64 = 0.4;

/// How long a session competes before it gives way for a moment, to see who fills the queue. It waits
/// for an overflow, which others of its kind see too: they all give way together.
const TEST_APART: Duration = Duration::from_secs(8);

/// The first time it does so earlier: a radio that fades looks like somebody else at first.
const FIRST_TEST: Duration = Duration::from_secs(3);

/// Where the queue is longer than this there is nothing to win for a conversation.
const QUEUE_WORTHLESS: Duration = Duration::from_millis(800);

/// Share of the window that is left in a test: half of what CUBIC leaves (RFC 9438, section 4.6).
const TEST_SHARE: f64 = 0.35;

/// Share of the rate that is left to who is alone, whose queue still feeds the line.
const TEST_ALONE: f64 = 0.8;

/// What the controller is about.
#[derive(Debug, Clone)]
pub(super) enum Mode {
    /// Doubling until the line is full, or was not for long.
    Starting { best: Rate, stalls: u8, easy: u8 },
    /// Holding the target; how often it gave way in a row, and from which window.
    Holding { yields: u8, from: u64 },
    /// Letting the queue run dry for a round; the window of before.
    Draining { from: u64 },
    /// Somebody else seems to fill the queue: taking a share of the line step by step, if the first
    /// one is worth it: what it has to deliver.
    Claiming { worth: Option<Rate> },
    /// Somebody else fills the queue; when that is to be tested.
    Competing { rival: Rival, test_at: Instant },
    /// Giving way to see whether the queue is its own; what was delivered before.
    Testing { rival: Rival, rate: Rate },
}

/// One round as the modes look at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) now: Instant,
    pub(super) seen: Seen,
    /// The round trip of the empty line.
    pub(super) floor: Duration,
    /// What the queue added to it at least.
    pub(super) queue: Duration,
    pub(super) target: Duration,
}

impl Look {
    /// What is on its way at this rate with the queue that is wanted.
    fn wanted(&self, rate: Rate, mtu: u64) -> u64 {
        wanted(rate, self.floor, self.target, mtu)
    }
}

impl Mode {
    /// How each begins.
    pub(super) const START: Self = Self::Starting { best: 0.0, stalls: 0, easy: 0 };

    /// Whether somebody else seems to fill the queue.
    pub(super) const fn is_beside_others(&self) -> bool {
        matches!(self, Self::Claiming { .. } | Self::Competing { .. } | Self::Testing { .. })
    }

    /// Whether nothing is being found out, for which whole rounds are needed.
    pub(super) const fn is_calm(&self) -> bool {
        matches!(self, Self::Starting { .. } | Self::Holding { yields: 0, .. })
    }

    /// A round is over.
    pub(super) fn after(self, it: &mut DelayBounded, look: &Look) -> Self {
        match self {
            Self::Starting { best, stalls, easy } => start(it, look, best, stalls, easy),
            Self::Holding { yields, from } => hold(it, look, yields, from),
            Self::Draining { from } => {
                it.history.was_drained(look.now);
                it.set_window(from.min(look.wanted(it.history.best(), it.mtu)));
                holding(it)
            }
            Self::Claiming { worth } => claim(it, look, worth),
            Self::Competing { rival, test_at } => compete(it, look, rival, test_at),
            Self::Testing { rival, rate } => test(it, look, &rival, rate),
        }
    }

    /// Something was lost.
    pub(super) fn after_loss(
        self,
        it: &mut DelayBounded,
        now: Instant,
        sent: Instant,
        lost: u64,
    ) -> Self {
        let Self::Competing { mut rival, test_at } = self else {
            return self;
        };
        let before = rival.window(it);
        rival.lose(now, sent, lost);
        let after = rival.window(it);
        it.set_window(after);
        if after < before && now >= test_at {
            return begin_test(it, rival, before);
        }
        Self::Competing { rival, test_at }
    }
}

/// Holds the target from here on.
fn holding(it: &DelayBounded) -> Mode {
    Mode::Holding { yields: 0, from: it.window }
}

fn start(it: &mut DelayBounded, look: &Look, best: Rate, stalls: u8, easy: u8) -> Mode {
    if !look.seen.is_full {
        trim(it, look, PACKETS_AT_FIRST);
        if easy >= EASY_MAX {
            return holding(it);
        }
        return Mode::Starting { best, stalls, easy: easy + 1 };
    }
    let is_faster = look.seen.rate > best * (1.0 + GROWTH);
    let stalls = if is_faster { 0 } else { stalls + 1 };
    let is_over =
        look.queue > look.target || stalls > STALLS_MAX || it.history.loss() > LOSS_TOO_MUCH;
    if !is_over {
        return Mode::Starting { best: best.max(look.seen.rate), stalls, easy };
    }
    it.change_window(look.wanted(it.history.best(), it.mtu));
    holding(it)
}

fn hold(it: &mut DelayBounded, look: &Look, yields: u8, from: u64) -> Mode {
    if !look.seen.is_full {
        trim(it, look, PACKETS_IDLE);
        return holding(it);
    }
    if look.queue > look.target {
        return give_way(it, look, yields, from);
    }
    let loss = it.history.loss();
    if loss > LOSS_USUAL && real(look.seen.lost) > LOSS_USUAL * real(look.seen.acked) {
        // What is lost behind a short queue may have found no room in it.
        let held = look.seen.slowest.saturating_sub(look.floor);
        if held < look.target.max(OVERFLOW_SHORT) {
            it.history.overflowed(look.now, held);
        }
    }
    if loss > LOSS_TOO_MUCH && look.seen.lost > 0 {
        let carried = look.wanted(look.seen.rate, it.mtu);
        it.change_window(carried.min(it.window));
        return holding(it);
    }
    let filled_max = FILLED_MAX.max(look.floor * FILLED_MAX_ROUNDS);
    if it.history.filled_for(look.now) > filled_max {
        return drain(it, look);
    }
    grow(it, look, loss);
    holding(it)
}

/// Half of what fills the line without a queue, so that the queue runs dry in a round.
fn drain(it: &mut DelayBounded, look: &Look) -> Mode {
    let from = it.window;
    it.change_window(in_flight(it.history.best(), look.floor) / 2 + it.mtu);
    Mode::Draining { from }
}

fn give_way(it: &mut DelayBounded, look: &Look, yields: u8, from: u64) -> Mode {
    let from = if yields == 0 { it.window } else { from };
    if yields >= YIELDS_MAX && look.queue > look.target * 2 {
        let growth = real(from) / real(it.window);
        let growth = growth.max(CLAIM_GROWTH);
        it.change_window(scaled(it.window, growth));
        let worth = 1.0 + (growth - 1.0) * CLAIM_WORTH;
        return Mode::Claiming { worth: Some(look.seen.rate * worth) };
    }
    let share = (look.floor + look.target).div_duration_f64(look.seen.fastest);
    it.change_window(scaled(it.window, share));
    Mode::Holding { yields: yields.saturating_add(1), from }
}

/// A window that nobody used lets a burst pass that the line may no longer carry: it may be filled
/// by what flowed lately, a key frame takes a round trip more. Who waits for several packets before
/// acknowledging them must have several.
fn trim(it: &mut DelayBounded, look: &Look, packets_min: u64) {
    let used = look.wanted(it.history.flow(), it.mtu) + look.seen.together * it.mtu;
    it.set_window(it.window.min(used.max(packets_min * it.mtu)));
}

/// Grows by how much of the target is free, less where something is lost. More than twice what the
/// line has carried is not asked of it, and little more than that where the buffer overflowed.
fn grow(it: &mut DelayBounded, look: &Look, loss: f64) {
    let free = 1.0 - look.queue.div_duration_f64(look.target);
    let growth = if loss > LOSS_USUAL { GROWTH_IN_LOSS } else { GROWTH };
    let more = scaled(it.window, growth * free).max(scaled(it.mtu, free / 4.0));
    let best = it.history.best();
    let most = if it.history.buffer().is_some() {
        look.wanted(best * OVERFLOWED_MOST, it.mtu)
    } else if it.below == Below::Tcp {
        // What it repairs hides a queue for some rounds.
        look.wanted(best * (1.0 + GROWTH), it.mtu).saturating_add(it.mtu)
    } else {
        look.wanted(best * 2.0, it.mtu).saturating_add(3 * it.mtu)
    };
    let most = most.max(it.window);
    it.set_window(it.window.saturating_add(more).min(most));
}

fn claim(it: &mut DelayBounded, look: &Look, worth: Option<Rate>) -> Mode {
    if look.queue <= look.target {
        return holding(it);
    }
    if worth.is_some_and(|worth| look.seen.rate < worth) {
        // More on its way delivers no more: the queue is its own, on a line that got slower.
        it.change_window(look.wanted(look.seen.rate, it.mtu));
        return holding(it);
    }
    let fair = fair(it, look);
    if it.window >= fair {
        return begin_competing(it, look.now, FIRST_TEST);
    }
    it.change_window(scaled(it.window, CLAIM_GROWTH).min(fair));
    Mode::Claiming { worth: None }
}

/// What is on its way of a session that has its share of the line.
fn fair(it: &DelayBounded, look: &Look) -> u64 {
    in_flight(it.history.line() * FAIR, look.seen.fastest)
}

fn begin_competing(it: &mut DelayBounded, now: Instant, test_in: Duration) -> Mode {
    let rival = Rival::begin(it, now);
    it.set_window(rival.window(it));
    Mode::Competing { rival, test_at: now + test_in }
}

fn compete(it: &mut DelayBounded, look: &Look, rival: Rival, test_at: Instant) -> Mode {
    if look.queue <= look.target || look.queue > QUEUE_WORTHLESS {
        return holding(it);
    }
    it.set_window(rival.window(it));
    // Where nothing overflows it waits for half as long again, and not for longer.
    if look.now < test_at + TEST_APART / 2 {
        return Mode::Competing { rival, test_at };
    }
    let window = rival.used(it);
    begin_test(it, rival, window)
}

fn begin_test(it: &mut DelayBounded, rival: Rival, before: u64) -> Mode {
    it.change_window(scaled(before, TEST_SHARE));
    Mode::Testing { rival, rate: it.history.mean() }
}

fn test(it: &mut DelayBounded, look: &Look, rival: &Rival, rate: Rate) -> Mode {
    if look.queue <= look.target || look.seen.rate > rate * TEST_ALONE {
        it.change_window(look.wanted(look.seen.rate, it.mtu));
        return holding(it);
    }
    it.change_window(rival.window(it).max(fair(it, look)));
    begin_competing(it, look.now, TEST_APART)
}
