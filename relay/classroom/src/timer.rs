//! The room's timer: what it shows at which time.

use std::time::Duration;

use mosaik_proto::room::{Refusal, Timer, TimerAct, TimerClock, TimerForm, UnixMillis};

const MINUTE: Duration = Duration::from_mins(1);

/// One timer at a time; none at first.
#[derive(Debug, Default)]
pub(crate) struct OneTimer(Option<Timer>);

impl OneTimer {
    /// Does what is asked; false if it was so.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] for no time or one longer than `max`, [`Refusal::NotThere`] where
    /// there is no timer to change.
    pub(crate) fn act(
        &mut self,
        wall: UnixMillis,
        act: TimerAct,
        max: Duration,
    ) -> Result<bool, Refusal> {
        let before = self.0;
        self.0 = match act {
            TimerAct::Start { form } => Some(start(wall, form, max)?),
            TimerAct::End {} => None,
            TimerAct::Pause {} | TimerAct::Resume {} | TimerAct::AddMinute {} => {
                Some(change(wall, before.ok_or(Refusal::NotThere)?, act, max)?)
            }
        };
        Ok(before != self.0)
    }

    pub(crate) const fn get(&self) -> Option<Timer> {
        self.0
    }
}

fn start(wall: UnixMillis, form: TimerForm, max: Duration) -> Result<Timer, Refusal> {
    let zero_at = match form {
        TimerForm::Countdown { seconds } => {
            let length = Duration::from_secs(seconds.into());
            if length.is_zero() || length > max {
                return Err(Refusal::Malformed);
            }
            wall.saturating_add(millis(length))
        }
        TimerForm::Stopwatch {} => wall,
    };
    Ok(Timer { form, clock: TimerClock::Runs { zero_at } })
}

fn change(wall: UnixMillis, timer: Timer, act: TimerAct, max: Duration) -> Result<Timer, Refusal> {
    let counts_down = matches!(timer.form, TimerForm::Countdown { .. });
    let shows = |zero_at: UnixMillis| {
        if counts_down { zero_at.saturating_sub(wall) } else { wall.saturating_sub(zero_at) }
    };
    // A minute more for those who have no time left is a minute from now.
    let more = |left: u64| left.saturating_add(millis(MINUTE)).min(millis(max)).max(left);
    let clock = match (act, timer.clock) {
        (TimerAct::AddMinute {}, _) if !counts_down => return Err(Refusal::NotThere),
        (TimerAct::AddMinute {}, TimerClock::Runs { zero_at }) => {
            TimerClock::Runs { zero_at: wall.saturating_add(more(shows(zero_at))) }
        }
        (TimerAct::AddMinute {}, TimerClock::Paused { shows_ms }) => {
            TimerClock::Paused { shows_ms: more(shows_ms) }
        }
        (TimerAct::Pause {}, TimerClock::Runs { zero_at }) => {
            TimerClock::Paused { shows_ms: shows(zero_at) }
        }
        (TimerAct::Resume {}, TimerClock::Paused { shows_ms }) => TimerClock::Runs {
            zero_at: if counts_down {
                wall.saturating_add(shows_ms)
            } else {
                wall.saturating_sub(shows_ms)
            },
        },
        (_, clock) => clock,
    };
    Ok(Timer { clock, ..timer })
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOURS: Duration = Duration::from_hours(3);

    fn countdown(seconds: u32) -> TimerAct {
        TimerAct::Start { form: TimerForm::Countdown { seconds } }
    }

    fn clock(timer: &OneTimer) -> TimerClock {
        timer.get().expect("a timer").clock
    }

    #[test]
    fn a_pause_costs_nobody_time_and_a_minute_more_is_a_minute() {
        let mut timer = OneTimer::default();
        assert_eq!(timer.act(1_000, countdown(60), HOURS), Ok(true));
        assert_eq!(timer.act(21_000, TimerAct::Pause {}, HOURS), Ok(true));
        assert_eq!(timer.act(30_000, TimerAct::Pause {}, HOURS), Ok(false));
        assert_eq!(clock(&timer), TimerClock::Paused { shows_ms: 40_000 });
        assert_eq!(timer.act(31_000, TimerAct::AddMinute {}, HOURS), Ok(true));
        assert_eq!(timer.act(91_000, TimerAct::Resume {}, HOURS), Ok(true));
        assert_eq!(clock(&timer), TimerClock::Runs { zero_at: 191_000 });
        assert_eq!(timer.act(500_000, TimerAct::AddMinute {}, HOURS), Ok(true));
        assert_eq!(clock(&timer), TimerClock::Runs { zero_at: 560_000 }, "a minute from now");
        assert_eq!(timer.act(500_000, TimerAct::End {}, HOURS), Ok(true));
        assert_eq!(timer.get(), None);
        assert_eq!(timer.act(500_000, TimerAct::End {}, HOURS), Ok(false));
    }

    #[test]
    fn a_stopwatch_goes_on_where_it_stood() {
        let mut timer = OneTimer::default();
        let start = TimerAct::Start { form: TimerForm::Stopwatch {} };
        assert_eq!(timer.act(1_000, start, HOURS), Ok(true));
        assert_eq!(timer.act(1_000, TimerAct::AddMinute {}, HOURS), Err(Refusal::NotThere));
        assert_eq!(timer.act(6_000, TimerAct::Pause {}, HOURS), Ok(true));
        assert_eq!(timer.act(60_000, TimerAct::Resume {}, HOURS), Ok(true));
        assert_eq!(clock(&timer), TimerClock::Runs { zero_at: 55_000 });
    }

    #[test]
    fn no_timer_is_shorter_than_a_second_or_longer_than_its_bound() {
        let mut timer = OneTimer::default();
        for seconds in [0, 10_801, u32::MAX] {
            assert_eq!(timer.act(0, countdown(seconds), HOURS), Err(Refusal::Malformed));
        }
        assert_eq!(timer.act(0, TimerAct::Pause {}, HOURS), Err(Refusal::NotThere));
        assert_eq!(timer.act(0, countdown(10_800), HOURS), Ok(true));
        assert_eq!(timer.act(0, TimerAct::AddMinute {}, HOURS), Ok(false));
    }
}
