//! Whether the peer of a session reads what it asked for.
//!
//! A peer that reads nothing at all is full sooner or later. One that lets its transport take what
//! fits is not: each group that is given up gives its room back, unread as it is, and the next one
//! begins. A thin line looks the same from above, but it carries something all the time; a peer that
//! does not read has its line silent while something is due.

use std::time::{Duration, Instant};

/// Bytes that tell a line which carries something from one with signs of life alone.
const CARRIED_MIN: u64 = 1_000;

/// How long a line may be silent between two packets beside its round trips: an acknowledgement is
/// delayed by 25 ms, and under load this process looks every 100 ms.
const SILENCE_USUAL: Duration = Duration::from_millis(200);

/// One in so many parts of the time must have been spent waiting, and of that three quarters in
/// silence.
const WAITING_MIN: u32 = 8;

/// What one session's transport took lately. It costs nothing while everything is taken.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// Since when the transport takes nothing of what is due.
    stuck: Option<Instant>,
    /// What happened since it did not take everything, and no stream went out whole.
    slow: Option<Slow>,
}

#[derive(Debug, Clone, Copy)]
struct Slow {
    since: Instant,
    /// When it was looked at last, and whether something waited then.
    looked: (Instant, bool),
    /// Bytes that had left when the line was last seen to carry something, and since when not.
    left: u64,
    silent_since: Instant,
    waited: Duration,
    silent: Duration,
}

/// What became of one flush.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flushed {
    /// Whether the transport did not take everything.
    pub(crate) is_blocked: bool,
    /// Whether it took anything.
    pub(crate) has_moved: bool,
    /// Whether it took the last of a stream.
    pub(crate) has_finished: bool,
}

/// What a transport knows of its line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineSeen {
    /// Bytes that have left this machine for the peer.
    pub(crate) left: u64,
    pub(crate) round_trip: Duration,
}

impl Reader {
    /// Takes note of a flush; `line` is asked only where something waits. True if for as long as
    /// `patience` the transport took nothing, or no stream went out whole and the line was silent
    /// while something waited: a peer that is there reads something in that time on any line.
    pub(crate) fn is_gone(
        &mut self,
        now: Instant,
        flushed: Flushed,
        line: impl FnOnce() -> Option<LineSeen>,
        patience: Duration,
    ) -> bool {
        let is_stuck = flushed.is_blocked && !flushed.has_moved;
        let stuck = is_stuck.then(|| *self.stuck.get_or_insert(now));
        self.stuck = stuck;
        if flushed.has_finished {
            self.slow = None;
        }
        let is_full = stuck.is_some_and(|since| now.saturating_duration_since(since) > patience);
        let is_silent = self.is_silent(now, flushed.is_blocked, line, patience);
        if is_full || is_silent {
            *self = Self::default();
        }
        is_full || is_silent
    }

    fn is_silent(
        &mut self,
        now: Instant,
        is_blocked: bool,
        line: impl FnOnce() -> Option<LineSeen>,
        patience: Duration,
    ) -> bool {
        if self.slow.is_none() && !is_blocked {
            return false;
        }
        let Some(line) = line() else {
            return false;
        };
        let slow = self.slow.get_or_insert_with(|| Slow::begin(now, line.left));
        slow.look(now, is_blocked, line);
        if now.saturating_duration_since(slow.since) < patience {
            return false;
        }
        let Slow { waited, silent, .. } = *slow;
        self.slow = None;
        waited * WAITING_MIN > patience && silent * 4 > waited * 3
    }
}

impl Slow {
    const fn begin(now: Instant, left: u64) -> Self {
        Self {
            since: now,
            looked: (now, false),
            left,
            silent_since: now,
            waited: Duration::ZERO,
            silent: Duration::ZERO,
        }
    }

    fn look(&mut self, now: Instant, is_blocked: bool, line: LineSeen) {
        let (looked, was_blocked) = std::mem::replace(&mut self.looked, (now, is_blocked));
        let passed = now.saturating_duration_since(looked);
        if was_blocked {
            self.waited += passed;
        }
        if line.left.saturating_sub(self.left) >= CARRIED_MIN || !was_blocked {
            self.left = line.left;
            self.silent_since = now;
            return;
        }
        let usual = SILENCE_USUAL + line.round_trip * 2;
        let silence = now.saturating_duration_since(self.silent_since);
        if silence > usual {
            // The first time all of it counts.
            self.silent += if silence.saturating_sub(passed) > usual { passed } else { silence };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);
    const LOOK: Duration = Duration::from_millis(20);

    fn start() -> Instant {
        Instant::now()
    }

    /// A minute of looks; each says whether something waits and how many bytes have left so far.
    fn is_gone_in_a_minute(seen: impl Fn(Duration) -> (Flushed, u64)) -> bool {
        let (begin, mut reader) = (start(), Reader::default());
        (0..3_000).any(|look| {
            let at = LOOK * look;
            let (flushed, left) = seen(at);
            let line = LineSeen { left, round_trip: Duration::from_millis(50) };
            reader.is_gone(begin + at, flushed, || Some(line), PATIENCE)
        })
    }

    fn blocked(is_blocked: bool) -> Flushed {
        Flushed { is_blocked, has_moved: true, has_finished: false }
    }

    /// Groups of two seconds, of each of which `share` fits.
    fn takes(share: f64) -> bool {
        is_gone_in_a_minute(|at| {
            let (groups, into) = (at.as_secs() / 2, at.as_secs_f64() % 2.0);
            let left = (into / 2.0).min(share) * 240_000.0;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes")]
            let left = groups * 240_000 + left as u64;
            (blocked(into / 2.0 > share), left)
        })
    }

    #[test]
    fn who_lets_a_part_of_each_group_in_and_reads_nothing_is_gone() {
        assert!(takes(0.1));
        assert!(takes(0.5));
        assert!(takes(0.75));
    }

    #[test]
    fn who_has_a_thin_line_is_not_gone() {
        // A packet every 100 ms.
        assert!(!is_gone_in_a_minute(|at| (
            blocked(true),
            u64::from(at.subsec_millis() / 100) * 1_200 + at.as_secs() * 12_000
        )));
    }

    #[test]
    fn ten_seconds_without_any_line_are_forgiven_on_a_thin_one() {
        assert!(!is_gone_in_a_minute(|at| {
            let carried =
                at.min(Duration::from_secs(8)) + at.saturating_sub(Duration::from_secs(18));
            (blocked(true), u64::try_from(carried.as_millis()).unwrap() / 100 * 1_200)
        }));
    }

    #[test]
    fn a_stream_that_goes_out_whole_now_and_then_is_enough() {
        assert!(!is_gone_in_a_minute(|at| {
            let has_finished = at.as_secs() % 20 == 19;
            (Flushed { has_finished, ..blocked(true) }, 0)
        }));
    }

    #[test]
    fn who_takes_nothing_at_all_is_gone_whatever_the_transport_knows() {
        let (begin, mut reader) = (start(), Reader::default());
        let stuck = Flushed { has_moved: false, ..blocked(true) };
        assert!(!reader.is_gone(begin, stuck, || None, PATIENCE));
        assert!(!reader.is_gone(begin + PATIENCE, stuck, || None, PATIENCE));
        assert!(reader.is_gone(begin + PATIENCE * 2, stuck, || None, PATIENCE));
    }

    #[test]
    fn a_pause_that_ends_is_forgiven() {
        let (begin, mut reader) = (start(), Reader::default());
        let stuck = Flushed { has_moved: false, ..blocked(true) };
        assert!(!reader.is_gone(begin, stuck, || None, PATIENCE));
        assert!(!reader.is_gone(begin + PATIENCE, blocked(true), || None, PATIENCE));
        assert!(!reader.is_gone(begin + PATIENCE * 2, stuck, || None, PATIENCE));
    }
}
