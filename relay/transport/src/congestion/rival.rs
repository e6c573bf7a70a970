//! Who fights for our share while somebody else fills the queue.

use std::sync::Arc;
use std::time::Instant;

use quinn::congestion::{Controller, Cubic, CubicConfig};
use quinn_proto::RttEstimator;

use super::controller::{Below, DelayBounded};
use super::target::scaled;

/// What CUBIC keeps of its window (RFC 9438, section 4.6).
const CUBIC_KEEPS: f64 = 0.7;

/// See the module.
#[derive(Debug, Clone)]
pub(super) enum Rival {
    /// CUBIC, with packets that we send and lose ourselves.
    Cubic(Box<Cubic>),
    /// TCP, which is below us and competes by itself: our window only has to be out of its way.
    Tcp,
}

impl Rival {
    /// Begins with the window of `it`.
    pub(super) fn begin(it: &DelayBounded, now: Instant) -> Self {
        match it.below {
            Below::Tcp => Self::Tcp,
            Below::Packets => {
                let mut config = CubicConfig::default();
                config.initial_window(scaled(it.window, 1.0 / CUBIC_KEEPS));
                let mtu = u16::try_from(it.mtu).unwrap_or(u16::MAX);
                let mut cubic = Box::new(Cubic::new(Arc::new(config), now, mtu));
                // It leaves its slow start with the first loss: the line is full.
                cubic.on_congestion_event(now, now, false, it.mtu);
                Self::Cubic(cubic)
            }
        }
    }

    /// What may be on its way.
    pub(super) fn window(&self, it: &DelayBounded) -> u64 {
        match self {
            Self::Cubic(cubic) => cubic.window(),
            Self::Tcp => it.window.max(2 * it.history.in_flight()),
        }
    }

    /// What it has on its way while there is something to send.
    pub(super) fn used(&self, it: &DelayBounded) -> u64 {
        match self {
            Self::Cubic(cubic) => cubic.window(),
            Self::Tcp => it.history.in_flight(),
        }
    }

    pub(super) fn ack(
        &mut self,
        now: Instant,
        sent: Instant,
        bytes: u64,
        app_limited: bool,
        rtt: &RttEstimator,
    ) {
        if let Self::Cubic(cubic) = self {
            cubic.on_ack(now, sent, bytes, app_limited, rtt);
        }
    }

    pub(super) fn end_acks(
        &mut self,
        now: Instant,
        in_flight: u64,
        app_limited: bool,
        largest: Option<u64>,
    ) {
        if let Self::Cubic(cubic) = self {
            cubic.on_end_acks(now, in_flight, app_limited, largest);
        }
    }

    pub(super) fn lose(&mut self, now: Instant, sent: Instant, bytes: u64) {
        if let Self::Cubic(cubic) = self {
            cubic.on_congestion_event(now, sent, false, bytes);
        }
    }

    pub(super) fn set_mtu(&mut self, mtu: u16) {
        if let Self::Cubic(cubic) = self {
            cubic.on_mtu_update(mtu);
        }
    }
}
