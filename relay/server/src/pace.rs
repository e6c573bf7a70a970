//! How often listeners are served: at once while there is CPU to spare, less often under load.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use mosaik_media::SessionKey;

/// Share of its core that the thread may use before turns move apart. What is left is for bursts
/// of joining, and for the objects that come in the meantime.
const BUSY_SHARE: f64 = 0.4;

/// What the thread may use at once after it was idle: a burst is served without waiting.
const CREDIT_MAX: Duration = Duration::from_millis(40);

/// Turns are never further apart than this: a listener's jitter buffer holds it.
const APART_MAX: Duration = Duration::from_millis(100);

/// The distance between two turns: none while the thread has used less than [`BUSY_SHARE`] of its
/// core lately, and beyond that as much as keeps it there.
#[derive(Debug)]
pub(crate) struct Pace {
    /// When the last turn began.
    begun: Instant,
    /// When and at what CPU time `credit` was right.
    seen: (Instant, Duration),
    /// Seconds of CPU time that the thread has left; below zero it has to wait.
    credit: f64,
    used: fn() -> Duration,
}

impl Pace {
    /// A pace that begins now; `used` is the CPU time of the thread.
    pub(crate) fn new(now: Instant, used: fn() -> Duration) -> Self {
        Self { begun: now, seen: (now, used()), credit: CREDIT_MAX.as_secs_f64(), used }
    }

    /// From when on a turn may begin, as things are now; `None` if at once.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Instant> {
        self.count(now);
        let owed = (self.credit < 0.0).then(|| Duration::from_secs_f64(-self.credit))?;
        let next = (now + owed.div_f64(BUSY_SHARE)).min(self.begun + APART_MAX);
        (next > now).then_some(next)
    }

    /// A turn begins.
    pub(crate) fn begin(&mut self, now: Instant) {
        self.begun = now;
    }

    fn count(&mut self, now: Instant) {
        let used = (self.used)();
        let (then, used_then) = std::mem::replace(&mut self.seen, (now, used));
        let earned = now.saturating_duration_since(then).as_secs_f64() * BUSY_SHARE;
        let spent = used.saturating_sub(used_then).as_secs_f64();
        let credit = self.credit + earned - spent;
        // What cannot be paid back within the longest wait is forgiven, as the wait is.
        let least = -APART_MAX.as_secs_f64() * BUSY_SHARE;
        self.credit = credit.clamp(least, CREDIT_MAX.as_secs_f64());
    }
}

/// For how long somebody who published something counts as talking.
const TALKING: Duration = Duration::from_secs(2);

/// How many are served at once for talking. A lesson has one or two; where everyone talks, nobody
/// is hurried.
const TALKERS_MAX: usize = 16;

/// Sessions that published a moment ago. In a dialogue each turn of waiting is heard twice.
#[derive(Debug, Default)]
pub(crate) struct Talkers {
    heard: HashMap<SessionKey, Instant>,
}

impl Talkers {
    pub(crate) fn heard(&mut self, session: SessionKey, now: Instant) {
        if self.heard.len() < TALKERS_MAX || self.heard.contains_key(&session) {
            self.heard.insert(session, now);
        }
    }

    pub(crate) fn has(&self, session: SessionKey) -> bool {
        self.heard.contains_key(&session)
    }

    pub(crate) fn remove(&mut self, session: SessionKey) {
        self.heard.remove(&session);
    }

    /// Forgets who has been silent for a while.
    pub(crate) fn forget(&mut self, now: Instant) {
        self.heard.retain(|_, at| now.saturating_duration_since(*at) < TALKING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> Duration {
        Duration::ZERO
    }

    /// A thread that did nothing else and used `spent` since `now`.
    fn having_spent(now: Instant, spent: fn() -> Duration) -> Pace {
        Pace { used: spent, ..Pace::new(now, none) }
    }

    #[test]
    fn turns_follow_at_once_while_there_is_cpu_to_spare() {
        let now = Instant::now();
        assert_eq!(having_spent(now, none).next(now), None);
        let mut burst = having_spent(now, || CREDIT_MAX);
        assert_eq!(burst.next(now), None);
    }

    #[test]
    fn turns_move_apart_with_what_was_used_and_never_too_far() {
        let now = Instant::now();
        let mut busy = having_spent(now, || CREDIT_MAX + Duration::from_millis(20));
        let next = busy.next(now).unwrap_or(now);
        assert_eq!((next - now).as_millis(), 50);
        assert_eq!(busy.next(next + Duration::from_micros(1)), None);
        let mut flooded = having_spent(now, || Duration::from_secs(2));
        assert_eq!(flooded.next(now), Some(now + APART_MAX));
        assert_eq!(flooded.next(now + APART_MAX), None);
    }

    #[test]
    fn who_is_silent_is_no_talker_any_more_and_there_is_a_bound() {
        let mut keys = mosaik_media::Tracks::new(mosaik_media::Limits::default());
        let now = Instant::now();
        let mut talkers = Talkers::default();
        let sessions: Vec<SessionKey> = (0..=TALKERS_MAX).map(|_| keys.open_session()).collect();
        for session in &sessions {
            talkers.heard(*session, now);
        }
        assert!(talkers.has(sessions[0]) && !talkers.has(sessions[TALKERS_MAX]));
        talkers.forget(now + TALKING);
        assert!(!talkers.has(sessions[0]));
    }
}
