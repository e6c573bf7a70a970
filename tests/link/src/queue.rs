//! The buffer before a line: bounded in bytes, with the newest dropped when it is full or with
//! CoDel in it.

use std::collections::VecDeque;
use std::time::Duration;

use crate::codel::{Codel, CodelSettings};

/// The buffer of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueSettings {
    /// Bytes that wait at most. What does not fit is dropped when it comes.
    pub bytes: u64,
    /// Whether packets are dropped before it is full.
    pub discipline: Discipline,
}

/// What drops packets before a queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discipline {
    /// Nothing does.
    DropTail,
    /// CoDel (RFC 8289).
    CoDel(CodelSettings),
}

impl QueueSettings {
    /// As large as what `bits_per_second` carries in `time`, and nothing is dropped before.
    pub fn drop_tail(bits_per_second: u64, time: Duration) -> Self {
        let bits = u128::from(bits_per_second) * time.as_millis() / 1_000;
        Self {
            bytes: u64::try_from(bits / 8).unwrap_or(u64::MAX),
            discipline: Discipline::DropTail,
        }
    }
}

/// A packet that waits.
#[derive(Debug)]
pub(crate) struct Waiting<P> {
    pub(crate) since: Duration,
    pub(crate) bytes: u32,
    pub(crate) payload: P,
}

/// Packets in the order they came in.
#[derive(Debug)]
pub(crate) struct Queue<P> {
    packets: VecDeque<Waiting<P>>,
    bytes: u64,
    bytes_max: u64,
    codel: Option<Codel>,
}

impl<P> Queue<P> {
    pub(crate) fn new(settings: QueueSettings) -> Self {
        let codel = match settings.discipline {
            Discipline::DropTail => None,
            Discipline::CoDel(settings) => Some(Codel::new(settings)),
        };
        Self { packets: VecDeque::new(), bytes: 0, bytes_max: settings.bytes, codel }
    }

    /// Bytes that wait.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Since when the oldest waits.
    pub(crate) fn oldest(&self) -> Option<Duration> {
        self.packets.front().map(|packet| packet.since)
    }

    /// Takes a packet, or gives it back when there is no room.
    pub(crate) fn push(&mut self, packet: Waiting<P>) -> Result<(), Waiting<P>> {
        if self.bytes + u64::from(packet.bytes) > self.bytes_max {
            return Err(packet);
        }
        self.bytes += u64::from(packet.bytes);
        self.packets.push_back(packet);
        Ok(())
    }

    /// The oldest packet, whatever CoDel thinks of it.
    pub(crate) fn take(&mut self) -> Option<Waiting<P>> {
        let packet = self.packets.pop_front()?;
        self.bytes -= u64::from(packet.bytes);
        Some(packet)
    }

    /// The packet that leaves at `now`. Those that CoDel drops before it go to `drop`.
    pub(crate) fn pop(
        &mut self,
        now: Duration,
        drop: impl FnMut(Waiting<P>),
    ) -> Option<Waiting<P>> {
        match self.codel.take() {
            None => self.take(),
            Some(mut codel) => {
                let packet = codel.pop(now, self, drop);
                self.codel = Some(codel);
                packet
            }
        }
    }
}
