//! One direction of a line, without sockets and without a clock: packets go in, and come out at
//! the time at which the last of their bits has arrived.
//!
//! A packet waits in the queue, occupies the line for its bits, may be damaged, and is on its way
//! for a while. What becomes of it depends on when packets came and on the seed; when one looks,
//! with [`Channel::poll`], changes nothing.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::delay::{Delay, Delaying};
use crate::log::{Cause, Log};
use crate::loss::{Losing, Loss};
use crate::queue::{Queue, QueueSettings, Waiting};
use crate::rate::Rate;

/// What one direction of a line is like.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelSettings {
    /// Bits that it carries in a second.
    pub rate: Rate,
    /// What waits for them.
    pub queue: QueueSettings,
    /// Packets that are damaged: they have used the line and do not arrive.
    pub loss: Loss,
    /// Time on the way after the last bit has left.
    pub delay: Delay,
    /// Times in which there is no line.
    pub outages: Vec<Outage>,
}

/// A time in which there is no line: what comes is dropped, and what waits too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// When it begins, since the line began.
    pub from: Duration,
    /// When it is over.
    pub until: Duration,
}

/// A packet that has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival<P> {
    /// When.
    pub at: Duration,
    /// Its size on the line.
    pub bytes: u32,
    /// What it carries.
    pub payload: P,
}

/// One direction of a line. All times count from its beginning.
#[derive(Debug)]
pub struct Channel<P> {
    rate: Rate,
    propagation: Duration,
    outages: Vec<Outage>,
    queue: Queue<P>,
    losing: Losing<ChaCha8Rng>,
    delaying: Delaying<ChaCha8Rng>,
    /// The latest time this channel knows of.
    now: Duration,
    /// When the line has nothing more to send of what has left the queue; none is never.
    free_at: Option<Duration>,
    on_the_way: BinaryHeap<Reverse<OnTheWay<P>>>,
    sent: u64,
    log: Log,
}

impl<P> Channel<P> {
    /// A line with an empty queue. Its chance is `seed`'s: the same seed and the same packets at
    /// the same times have the same fate.
    pub fn new(settings: ChannelSettings, seed: u64) -> Self {
        // A sequence for each kind of chance, so that one does not depend on the other.
        let rng = |stream| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(stream);
            rng
        };
        Self {
            rate: settings.rate,
            propagation: settings.delay.propagation,
            outages: settings.outages,
            queue: Queue::new(settings.queue),
            losing: Losing::new(settings.loss, rng(0)),
            delaying: Delaying::new(settings.delay, rng(1)),
            now: Duration::ZERO,
            free_at: Some(Duration::ZERO),
            on_the_way: BinaryHeap::new(),
            sent: 0,
            log: Log::default(),
        }
    }

    /// A packet comes to the line at `now`, which is never earlier than in the call before.
    pub fn push(&mut self, now: Duration, bytes: u32, payload: P) {
        self.advance(now);
        let now = self.now;
        if self.outage_at(now).is_some() {
            self.log.entered(now, bytes, self.queue.bytes());
            self.log.dropped(now, Cause::Outage);
            return;
        }
        let refused = self.queue.push(Waiting { since: now, bytes, payload }).is_err();
        self.log.entered(now, bytes, self.queue.bytes());
        if refused {
            self.log.dropped(now, Cause::Full);
        }
        self.advance(now);
    }

    /// The next packet that has arrived by `now`, in the order of arrival.
    pub fn poll(&mut self, now: Duration) -> Option<Arrival<P>> {
        self.advance(now);
        let next = self.on_the_way.peek()?;
        if next.0.due > self.now {
            return None;
        }
        let Reverse(packet) = self.on_the_way.pop()?;
        Some(Arrival { at: packet.due, bytes: packet.bytes, payload: packet.payload })
    }

    /// When to poll next: a packet arrives then, or the next one to leave the queue might. What is
    /// pushed before may arrive before; never when there is nothing.
    pub fn deadline(&self) -> Option<Duration> {
        let arrives = self.on_the_way.peek().map(|packet| packet.0.due);
        let next = self.leaves().map(|start| start + self.propagation);
        [arrives, next].into_iter().flatten().min()
    }

    /// There is no line from `now` on for this time.
    pub fn cut(&mut self, now: Duration, time: Duration) {
        self.advance(now);
        self.outages.retain(|outage| outage.until > self.now);
        self.outages.push(Outage { from: self.now, until: self.now + time });
        self.advance(now);
    }

    /// Bytes that wait in the queue.
    pub const fn queue_bytes(&self) -> u64 {
        self.queue.bytes()
    }

    /// Bits per second at `at`.
    pub fn rate(&self, at: Duration) -> u64 {
        self.rate.at(at)
    }

    /// What it did so far.
    pub const fn log(&self) -> &Log {
        &self.log
    }

    /// Lets everything happen that happens until `now`.
    fn advance(&mut self, now: Duration) {
        self.now = self.now.max(now);
        while let Some(start) = self.leaves().filter(|start| *start <= self.now) {
            self.send_next(start);
        }
    }

    /// When the next packet leaves the queue.
    fn leaves(&self) -> Option<Duration> {
        Some(self.queue.oldest()?.max(self.free_at?))
    }

    /// One packet leaves the queue at `start`, or is dropped instead.
    fn send_next(&mut self, start: Duration) {
        if self.outage_at(start).is_some() {
            if self.queue.take().is_some() {
                self.log.dropped(start, Cause::Outage);
            }
            return;
        }
        let log = &mut self.log;
        let Some(packet) = self.queue.pop(start, |_| log.dropped(start, Cause::CoDel)) else {
            return;
        };
        log.sent(start, packet.bytes, start.saturating_sub(packet.since));
        self.free_at = self.rate.finish(start, u64::from(packet.bytes) * 8);
        let is_lost = self.losing.is_next_lost();
        let Some(left) = self.free_at else { return };
        if is_lost {
            self.log.dropped(start, Cause::Line);
            return;
        }
        let due = self.delaying.arrival(left);
        let (number, bytes, payload) = (self.sent, packet.bytes, packet.payload);
        self.sent += 1;
        self.on_the_way.push(Reverse(OnTheWay { due, number, bytes, payload }));
    }

    fn outage_at(&self, at: Duration) -> Option<&Outage> {
        self.outages.iter().find(|outage| outage.from <= at && at < outage.until)
    }
}

/// A packet between the line and its end, ordered by when it is there.
#[derive(Debug)]
struct OnTheWay<P> {
    due: Duration,
    /// Which it is, for those that are due at the same time.
    number: u64,
    bytes: u32,
    payload: P,
}

impl<P> OnTheWay<P> {
    const fn order(&self) -> (Duration, u64) {
        (self.due, self.number)
    }
}

impl<P> PartialEq for OnTheWay<P> {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl<P> Eq for OnTheWay<P> {}

impl<P> PartialOrd for OnTheWay<P> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<P> Ord for OnTheWay<P> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}
