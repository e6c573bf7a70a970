//! A countdown or a stopwatch that everyone sees.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::UnixMillis;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum TimerForm {
    /// How much is left.
    Countdown {
        /// How long it runs, 1 s to `timer_max`.
        seconds: u32,
    },
    /// How much has passed.
    Stopwatch {},
}

/// What a moderator asks about the timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum TimerAct {
    /// Start one; it takes the place of the one before.
    Start {
        /// What is measured.
        form: TimerForm,
    },
    /// Let it stand still.
    Pause {},
    /// Let it go on.
    Resume {},
    /// A minute more, of a countdown.
    AddMinute {},
    /// Take it away.
    End {},
}

/// Whether a timer runs, and what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TimerClock {
    /// It runs.
    Runs {
        /// When it shows zero: when a countdown ends, when a stopwatch began.
        #[ts(type = "number")]
        zero_at: UnixMillis,
    },
    /// It stands still.
    Paused {
        /// What it shows, in milliseconds.
        #[ts(type = "number")]
        shows_ms: u64,
    },
}

/// The timer of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Timer {
    /// What was asked for, without minutes that were added.
    pub form: TimerForm,
    /// What it shows.
    pub clock: TimerClock,
}
