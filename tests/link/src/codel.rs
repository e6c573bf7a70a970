//! Controlled delay: drops from the head of a queue in which packets have waited too long for too
//! long (RFC 8289).

use std::time::Duration;

use crate::queue::{Queue, Waiting};

/// Bytes below which a queue is as good as empty: one packet (RFC 8289, section 5.4).
const PACKET_MAX: u64 = 1_500;

/// The two figures of CoDel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodelSettings {
    /// A wait that is acceptable however long it lasts.
    pub target: Duration,
    /// How long packets may wait longer than that before one is dropped.
    pub interval: Duration,
}

impl CodelSettings {
    /// 5 ms and 100 ms, for the open Internet (RFC 8289, sections 4.2 and 4.3).
    pub const INTERNET: Self =
        Self { target: Duration::from_millis(5), interval: Duration::from_millis(100) };
}

/// State between packets; the names are those of RFC 8289, section 5.
#[derive(Debug)]
pub(crate) struct Codel {
    settings: CodelSettings,
    first_above_time: Option<Duration>,
    drop_next: Duration,
    count: u32,
    last_count: u32,
    is_dropping: bool,
}

impl Codel {
    pub(crate) const fn new(settings: CodelSettings) -> Self {
        Self {
            settings,
            first_above_time: None,
            drop_next: Duration::ZERO,
            count: 0,
            last_count: 0,
            is_dropping: false,
        }
    }

    /// The packet that leaves at `now`, if one is left (RFC 8289, section 5.5).
    pub(crate) fn pop<P>(
        &mut self,
        now: Duration,
        queue: &mut Queue<P>,
        mut drop: impl FnMut(Waiting<P>),
    ) -> Option<Waiting<P>> {
        let (mut packet, mut may_drop) = self.next(now, queue)?;
        if self.is_dropping {
            self.is_dropping = may_drop;
            while self.is_dropping && now >= self.drop_next {
                drop(packet);
                self.count = self.count.saturating_add(1);
                let Some(next) = self.next(now, queue) else {
                    self.is_dropping = false;
                    return None;
                };
                (packet, may_drop) = next;
                if may_drop {
                    self.drop_next = self.after(self.drop_next);
                } else {
                    self.is_dropping = false;
                }
            }
        } else if may_drop {
            drop(packet);
            self.is_dropping = true;
            // Where the last dropping state ended not long ago it goes on at its rate.
            let delta = self.count - self.last_count;
            let is_recent = now.saturating_sub(self.drop_next) < 16 * self.settings.interval;
            self.count = if delta > 1 && is_recent { delta } else { 1 };
            self.drop_next = self.after(now);
            self.last_count = self.count;
            let Some(next) = self.next(now, queue) else {
                self.is_dropping = false;
                return None;
            };
            packet = next.0;
        }
        Some(packet)
    }

    /// The oldest packet, and whether it may be dropped (`dodequeue` of RFC 8289, section 5.6).
    fn next<P>(&mut self, now: Duration, queue: &mut Queue<P>) -> Option<(Waiting<P>, bool)> {
        let Some(packet) = queue.take() else {
            self.first_above_time = None;
            return None;
        };
        let sojourn = now.saturating_sub(packet.since);
        if sojourn < self.settings.target || queue.bytes() <= PACKET_MAX {
            self.first_above_time = None;
            return Some((packet, false));
        }
        let first = *self.first_above_time.get_or_insert(now + self.settings.interval);
        Some((packet, now >= first))
    }

    /// When the next is dropped (RFC 8289, section 5.3: the interval over the root of the count).
    fn after(&self, at: Duration) -> Duration {
        at + self.settings.interval.div_f64(f64::from(self.count).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::{Discipline, QueueSettings};

    const MS: Duration = Duration::from_millis(1);

    fn queue() -> Queue<u32> {
        let discipline = Discipline::CoDel(CodelSettings::INTERNET);
        Queue::new(QueueSettings { bytes: 10_000_000, discipline })
    }

    /// Lets a packet in each millisecond and one out each `every` milliseconds. Returns when
    /// packets were dropped by CoDel.
    fn run(queue: &mut Queue<u32>, from: u32, until: u32, every: u32) -> Vec<u32> {
        let mut dropped = Vec::new();
        for at in from..until {
            let packet = Waiting { since: MS * at, bytes: 1_000, payload: at };
            queue.push(packet).expect("room");
            if at % every == 0 {
                let _ = queue.pop(MS * at, |_| dropped.push(at));
            }
        }
        dropped
    }

    #[test]
    fn nothing_is_dropped_while_packets_wait_less_than_the_target() {
        let mut queue = queue();
        assert_eq!(run(&mut queue, 0, 5_000, 1), Vec::<u32>::new());
    }

    #[test]
    fn a_burst_that_is_gone_within_the_interval_costs_nothing() {
        let mut queue = queue();
        for at in 0..90 {
            let packet = Waiting { since: MS, bytes: 1_000, payload: at };
            queue.push(packet).expect("room");
        }
        for at in 1..=90 {
            assert!(queue.pop(MS * at, |_| panic!("dropped at {at}")).is_some());
        }
    }

    #[test]
    fn a_standing_queue_loses_its_first_packet_after_the_interval_and_then_more_and_more_often() {
        let mut queue = queue();
        let dropped = run(&mut queue, 0, 2_000, 2);
        // The 5 ms are passed at about 10 ms, the first drop is 100 ms later.
        assert!((105..=120).contains(&dropped[0]), "{dropped:?}");
        let expected = (1..10).scan(f64::from(dropped[0]), |at, count| {
            *at += 100.0 / f64::from(count).sqrt();
            Some(*at)
        });
        for (at, expected) in dropped[1..].iter().zip(expected) {
            // Packets leave every 2 ms.
            assert!((f64::from(*at) - expected).abs() <= 2.5, "{at} instead of {expected}");
        }
        assert!(dropped.len() > 30, "{}", dropped.len());
    }

    #[test]
    fn dropping_goes_on_at_its_rate_when_the_queue_is_back_soon() {
        let mut queue = queue();
        let first = run(&mut queue, 0, 1_000, 2).len();
        while queue.pop(1_001 * MS, |_| {}).is_some() {}
        let again = run(&mut queue, 1_002, 2_002, 2);
        assert!(again.len() > first + 5, "{} after {first}", again.len());
        // And from the beginning when it is back much later.
        while queue.pop(2_003 * MS, |_| {}).is_some() {}
        let later = run(&mut queue, 60_000, 61_000, 2).len();
        assert!(later.abs_diff(first) <= 1, "{later} after {first}");
    }

    #[test]
    fn the_last_packet_is_never_dropped() {
        let mut queue = queue();
        for at in 0..100 {
            let packet = Waiting { since: 1_000 * MS * at, bytes: 1_400, payload: at };
            queue.push(packet).expect("room");
            let late = 1_000 * MS * at + 900 * MS;
            assert!(queue.pop(late, |_| panic!("dropped")).is_some());
        }
    }
}
