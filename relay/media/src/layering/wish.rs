//! What goes into a decision, and what of each wish comes out.

use std::time::Duration;

use smallvec::SmallVec;

use crate::SubscriptionKey;

/// What the transport knows of one session's line; all of it may be stale or unknown.
///
/// Unknown is the default: nothing delivered, nothing limited, no time, no loss.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Link {
    /// Bits a second that were acknowledged lately, of everything on the line: speech, control and
    /// padding too. Best over the last 100 to 300 ms: what is older hides a change of the line.
    pub delivered: u64,
    /// Whether the congestion window bounded what was sent in that time, and not the application:
    /// there was something to send that had to wait, most of the time.
    pub is_limited: bool,
    /// Round trip time above its floor: what waits in the line's queue.
    pub queue: Duration,
    /// Round trip time, smoothed.
    pub round_trip: Duration,
    /// Share of packets that were lost lately, 0 to 1.
    pub loss: f64,
    /// Whether nothing has been heard of the peer for a while though something was sent: nothing
    /// passes.
    pub is_silent: bool,
}

/// One way to serve a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Which rendition: what the number stands for is the caller's.
    pub rendition: u8,
    /// Highest temporal layer that is sent.
    pub temporal: u8,
    /// Bits a second: measured, else the nominal ones.
    pub bitrate: u64,
}

/// Order of survival: the lower lives longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(u16);

impl Rank {
    /// From the draft's priorities, lower is more urgent: the subscriber's counts first, the
    /// publisher's where that is equal (draft-ietf-moq-transport-18, section 7.2).
    pub const fn new(subscriber_priority: u8, publisher_priority: u8) -> Self {
        Self(u16::from_be_bytes([subscriber_priority, publisher_priority]))
    }
}

/// What one subscription would have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Whose wish it is; one wish a subscription.
    pub key: SubscriptionKey,
    /// Its place in the order of survival.
    pub rank: Rank,
    /// The ways to serve it; bit rates rise strictly. One that is not above the one before it is
    /// never chosen. Empty: nothing is wished now (hidden, or nothing is published).
    pub levels: SmallVec<[Level; 9]>,
    /// Age of its oldest object that is not handed to the transport yet; `None` if none waits.
    pub oldest_waiting: Option<Duration>,
}

/// What one subscription gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Whose grant it is.
    pub key: SubscriptionKey,
    /// Index into the wish's levels; `None`: nothing is sent.
    pub level: Option<u8>,
}
