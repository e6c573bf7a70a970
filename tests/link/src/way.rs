//! One direction of a line with everything that uses it: packets that are passed through, streams
//! of TCP connections, and downloads that someone else has running.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::time::Duration;

use crate::channel::{Channel, ChannelSettings};
use crate::flow::{Flow, Transmission};
use crate::log::Log;

/// A download without end that shares the line: a TCP-CUBIC flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Competitor {
    /// When it begins, since the line began.
    pub from: Duration,
    /// How long acknowledgements are on their way back, and what it needs beyond this line.
    pub way_back: Duration,
}

/// Names a stream of a TCP connection in one direction of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(u64);

/// What has come through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output<P> {
    /// A packet.
    Packet {
        /// When.
        at: Duration,
        /// What it carries.
        payload: P,
    },
    /// The next bytes of a stream; none at its end.
    Stream {
        /// When.
        at: Duration,
        /// Which stream.
        stream: StreamId,
        /// What was given to it.
        bytes: Vec<u8>,
    },
}

impl<P> Output<P> {
    /// When it came through.
    pub const fn at(&self) -> Duration {
        match self {
            Self::Packet { at, .. } | Self::Stream { at, .. } => *at,
        }
    }
}

/// What occupies the line.
#[derive(Debug)]
enum Unit<P> {
    Packet(P),
    Segment { flow: u64, transmission: Transmission },
}

/// One direction of a line. All times count from its beginning; the fate of everything depends on
/// the seed and on when something was given to it.
#[derive(Debug)]
pub struct Way<P> {
    channel: Channel<Unit<P>>,
    flows: BTreeMap<u64, (Flow, Duration)>,
    /// Flows below this are competitors.
    competitors: u64,
    next_flow: u64,
    /// When the sender of a flow hears of which transmission.
    acknowledgements: BinaryHeap<Reverse<(Duration, u64, u64)>>,
    output: VecDeque<Output<P>>,
}

impl<P> Way<P> {
    /// A line with an empty queue, and these downloads on it.
    pub fn new(settings: ChannelSettings, competitors: &[Competitor], seed: u64) -> Self {
        let flows = competitors.iter().map(|it| (Flow::endless(it.from), it.way_back));
        let flows: BTreeMap<_, _> = (0..).zip(flows).collect();
        let next_flow = flows.len() as u64;
        Self {
            channel: Channel::new(settings, seed),
            flows,
            competitors: next_flow,
            next_flow,
            acknowledgements: BinaryHeap::new(),
            output: VecDeque::new(),
        }
    }

    /// A packet comes to the line at `now`, with `bytes` on it.
    pub fn push(&mut self, now: Duration, bytes: u32, payload: P) {
        self.advance(now);
        self.channel.push(now, bytes, Unit::Packet(payload));
    }

    /// A TCP connection begins to send at `opens`; its acknowledgements take `way_back`.
    pub fn open(&mut self, opens: Duration, way_back: Duration) -> StreamId {
        let id = self.next_flow;
        self.next_flow += 1;
        self.flows.insert(id, (Flow::stream(opens), way_back));
        StreamId(id)
    }

    /// Whether the next piece of a stream would leave at once. What is given earlier waits.
    pub fn has_room(&mut self, now: Duration, stream: StreamId) -> bool {
        self.advance(now);
        self.flows.get(&stream.0).is_some_and(|(flow, _)| flow.has_room(now))
    }

    /// Gives a stream its next piece, of [`SEGMENT`](crate::SEGMENT) bytes at most. An empty one
    /// ends it.
    pub fn give(&mut self, now: Duration, stream: StreamId, bytes: Vec<u8>) {
        self.advance(now);
        if let Some((flow, _)) = self.flows.get_mut(&stream.0) {
            flow.give(bytes);
        }
        self.pump(now, stream.0);
    }

    /// A connection is gone; what is still on the line comes out as nothing.
    pub fn close(&mut self, stream: StreamId) {
        self.flows.remove(&stream.0);
    }

    /// There is no line from `now` on for this time.
    pub fn cut(&mut self, now: Duration, time: Duration) {
        self.advance(now);
        self.channel.cut(now, time);
    }

    /// What has come through by `now`, in the order in which it came.
    pub fn poll(&mut self, now: Duration) -> Option<Output<P>> {
        self.advance(now);
        self.output.pop_front()
    }

    /// When to poll next. Earlier only when something is given.
    pub fn deadline(&self) -> Option<Duration> {
        self.output.front().map(Output::at).or_else(|| self.next_event())
    }

    /// What the line did with everything on it, competitors too.
    pub const fn log(&self) -> &Log {
        self.channel.log()
    }

    /// Bytes that wait for the line, whoever's.
    pub const fn queue_bytes(&self) -> u64 {
        self.channel.queue_bytes()
    }

    /// Bits per second at `at`.
    pub fn rate(&self, at: Duration) -> u64 {
        self.channel.rate(at)
    }

    /// Bytes of payload that the competitors' downloads have got.
    pub fn competitor_bytes(&self) -> u64 {
        self.flows.range(..self.competitors).map(|(_, (flow, _))| flow.arrived_bytes()).sum()
    }

    fn next_event(&self) -> Option<Duration> {
        let timers = self.flows.values().filter_map(|(flow, _)| flow.timer()).min();
        let heard = self.acknowledgements.peek().map(|next| next.0.0);
        [self.channel.deadline(), timers, heard].into_iter().flatten().min()
    }

    /// Lets everything happen that happens until `now`, in the order of time.
    fn advance(&mut self, now: Duration) {
        while let Some(at) = self.next_event().filter(|at| *at <= now) {
            while let Some(arrival) = self.channel.poll(at) {
                match arrival.payload {
                    Unit::Packet(payload) => {
                        self.output.push_back(Output::Packet { at: arrival.at, payload });
                    }
                    Unit::Segment { flow, transmission } => {
                        self.arrived(arrival.at, flow, transmission);
                    }
                }
            }
            while self.acknowledgements.peek().is_some_and(|next| next.0.0 <= at) {
                let Some(Reverse((_, id, number))) = self.acknowledgements.pop() else { break };
                if let Some((flow, _)) = self.flows.get_mut(&id) {
                    flow.acknowledged(at, number);
                }
                self.pump(at, id);
            }
            let is_due = |(id, (flow, _)): (&u64, &(Flow, Duration))| {
                flow.timer().is_some_and(|timer| timer <= at).then_some(*id)
            };
            let due: Vec<u64> = self.flows.iter().filter_map(is_due).collect();
            for id in due {
                if let Some((flow, _)) = self.flows.get_mut(&id) {
                    flow.on_timer(at);
                }
                self.pump(at, id);
            }
        }
    }

    fn arrived(&mut self, at: Duration, id: u64, transmission: Transmission) {
        let Some((flow, way_back)) = self.flows.get_mut(&id) else { return };
        let output = &mut self.output;
        flow.arrived(transmission.segment, |bytes| {
            output.push_back(Output::Stream { at, stream: StreamId(id), bytes });
        });
        self.acknowledgements.push(Reverse((at + *way_back, id, transmission.number)));
    }

    /// Sends what the window of a flow lets through.
    fn pump(&mut self, now: Duration, id: u64) {
        let Some((flow, _)) = self.flows.get_mut(&id) else { return };
        while let Some(transmission) = flow.transmit(now) {
            let bytes = transmission.bytes;
            self.channel.push(now, bytes, Unit::Segment { flow: id, transmission });
        }
    }
}
