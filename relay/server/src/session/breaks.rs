//! Breaks in a session's datagrams, in which its streams are heard.
//!
//! QUIC sends datagrams before all streams. Speech is small, but whoever publishes decides how many
//! datagrams a track has: where they fill the line, nothing else would ever leave.

use std::time::{Duration, Instant};

/// For how long datagrams may wait in the transport without a moment in which none does.
const BUSY_MAX: Duration = Duration::from_millis(200);

/// How long none is handed over then: a fifth of the line is left for streams, and speech waits no
/// longer than a listener holds.
const BREAK: Duration = Duration::from_millis(50);

/// When to take one.
#[derive(Debug, Default)]
pub(crate) struct Breaks {
    /// Since when datagrams wait in the transport at each look.
    busy_since: Option<Instant>,
    /// Until when none is handed over.
    until: Option<Instant>,
}

impl Breaks {
    /// Whether nothing is to be handed over now; `is_busy` tells whether datagrams wait in the
    /// transport.
    pub(crate) fn is_break(&mut self, now: Instant, is_busy: bool) -> bool {
        if self.until.is_some_and(|until| now < until) {
            return true;
        }
        self.until = None;
        if !is_busy {
            self.busy_since = None;
            return false;
        }
        let since = *self.busy_since.get_or_insert(now);
        if now.saturating_duration_since(since) < BUSY_MAX {
            return false;
        }
        self.busy_since = None;
        self.until = Some(now + BREAK);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TURN: Duration = Duration::from_millis(5);

    /// How many of the turns of a second are breaks.
    fn breaks(is_busy: impl Fn(u32) -> bool) -> usize {
        let (begin, mut breaks) = (Instant::now(), Breaks::default());
        (0..200).filter(|turn| breaks.is_break(begin + TURN * *turn, is_busy(*turn))).count()
    }

    #[test]
    fn a_line_full_of_datagrams_has_a_fifth_of_its_time_for_streams() {
        assert_eq!(breaks(|_| true), 40);
    }

    #[test]
    fn speech_that_leaves_now_and_then_goes_on_without_a_break() {
        assert_eq!(breaks(|turn| turn % 30 != 0), 0);
    }
}
