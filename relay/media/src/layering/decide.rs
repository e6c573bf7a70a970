//! One session's memory between two decisions.

use std::time::{Duration, Instant};

use smallvec::SmallVec;

use super::{Grant, Link, Wish, allocate};

/// Why a session gets less than it wishes, to be told to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Reason {
    /// It gets all that it wishes.
    #[default]
    Satisfied,
    /// More may fit: that is being tried, or waits for its turn.
    Rising,
    /// The line carries no more: that was tried.
    Line,
    /// The line carries less than was sent; it was, or is being, reduced.
    Congested,
    /// Not even the lowest level of all fits: some pictures are not sent.
    Paused,
    /// No picture fits: speech and control only.
    SpeechOnly,
}

/// What is sent until the next decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// One for each wish, in the order of the wishes.
    pub grants: SmallVec<[Grant; 4]>,
    /// Bits a second of padding to add on top until the next decision.
    pub probe: Option<u64>,
    /// Why it is less than wished.
    pub reason: Reason,
    /// When to decide again at the latest; earlier is welcome when a wish or the line changes.
    pub next: Instant,
}

/// How often a session is decided.
const INTERVAL: Duration = Duration::from_millis(100);

/// Share of what the line carries that may be spent: the rest absorbs key frames.
const SPENDABLE: (u64, u64) = (85, 100);

/// One session's memory between two decisions: hysteresis, probing, back-off.
#[derive(Debug, Clone, Default)]
pub struct Layering {
    capacity: u64,
}

impl Layering {
    /// Of a session whose line is not known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Chooses what is sent of each of `wishes` from `now` on.
    ///
    /// `link` is what the transport knows of the line. `reserved` is bits a second of all that is
    /// not layered: speech, control, fixed tracks; padding is not in it. Call it about ten times a
    /// second; a rendition below the present one waits for its next key frame, until which the
    /// caller sends no higher temporal layer of the present one.
    pub fn decide(
        &mut self,
        now: Instant,
        link: &Link,
        reserved: u64,
        wishes: &[Wish],
    ) -> Decision {
        self.capacity =
            if link.is_limited { link.delivered } else { self.capacity.max(link.delivered) };
        let budget = self.capacity.saturating_mul(SPENDABLE.0) / SPENDABLE.1;
        let grants = allocate(budget.saturating_sub(reserved), wishes);
        let is_satisfied = grants.iter().zip(wishes).all(|(grant, wish)| {
            grant.level.map_or(0, |level| usize::from(level) + 1) == wish.levels.len()
        });
        let reason = if is_satisfied { Reason::Satisfied } else { Reason::Line };
        Decision { grants, probe: None, reason, next: now + INTERVAL }
    }
}
