//! What a connection in memory holds: streams, datagrams, and what the peer allows.

use std::collections::VecDeque;

use bytes::Bytes;
use mosaik_transport::TransportError;
use tokio::time::Instant;

/// Streams of each kind that a peer allows at once, as QUIC stacks do by default.
const STREAMS_MAX: usize = 100;

/// Streams of each kind that a relay accepts at once before it allows all.
const ACCEPTED_FIRST: usize = 16;

/// How one direction of a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Fin,
    Reset(u32),
}

/// From the peer to the relay.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    pub(crate) chunks: VecDeque<Bytes>,
    pub(crate) end: Option<End>,
    /// The relay does not read on.
    pub(crate) is_stopped: bool,
}

/// From the relay to the peer.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    pub(crate) bytes: Vec<u8>,
    pub(crate) end: Option<End>,
    /// The peer does not read on.
    pub(crate) stopped: Option<u32>,
}

#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub(crate) incoming: Option<Incoming>,
    pub(crate) outgoing: Option<Outgoing>,
}

impl Stream {
    /// Whether both directions are over as far as the relay is concerned, so that it counts no more
    /// among those that are allowed.
    fn is_over(&self) -> bool {
        let is_read =
            self.incoming.as_ref().is_none_or(|half| half.is_stopped || half.end.is_some());
        let is_written = self.outgoing.as_ref().is_none_or(|half| half.end.is_some());
        is_read && is_written
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) streams: Vec<Stream>,
    /// Streams of the peer's that the relay has not accepted.
    pub(crate) uni: VecDeque<usize>,
    pub(crate) bi: VecDeque<usize>,
    pub(crate) datagrams: VecDeque<Bytes>,
    pub(crate) sent_datagrams: Vec<Bytes>,
    /// Why the connection is over, as the relay is told.
    pub(crate) end: Option<TransportError>,
    /// What the relay closed it with.
    pub(crate) closed: Option<(u32, String)>,
    /// Bytes that the connection takes before more is allowed; `None` for any number.
    pub(crate) window: Option<usize>,
    /// Streams that the relay may have open at once.
    pub(crate) streams_max: usize,
    /// Streams of each kind that the peer may have open at once.
    pub(crate) accepted_max: usize,
    /// Those that the relay opened.
    pub(crate) opened: Vec<usize>,
    /// Those that ended because the relay dropped them, and when.
    pub(crate) dropped: Vec<(usize, Instant)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            streams: Vec::new(),
            uni: VecDeque::new(),
            bi: VecDeque::new(),
            datagrams: VecDeque::new(),
            sent_datagrams: Vec::new(),
            end: None,
            closed: None,
            window: None,
            streams_max: STREAMS_MAX,
            accepted_max: ACCEPTED_FIRST,
            opened: Vec::new(),
            dropped: Vec::new(),
        }
    }
}

impl State {
    /// A new stream of the relay's, or `None` while the peer allows no more.
    pub(crate) fn open(&mut self, stream: Stream) -> Option<usize> {
        let is_open = |id: &&usize| self.streams.get(**id).is_some_and(|stream| !stream.is_over());
        if self.opened.iter().filter(is_open).count() >= self.streams_max {
            return None;
        }
        let id = self.add(stream);
        self.opened.push(id);
        Some(id)
    }

    /// The relay closes the connection. What it dropped at the same time had no time to go out.
    pub(crate) fn close(&mut self, code: u32, reason: &str) {
        if self.closed.is_some() {
            return;
        }
        self.closed = Some((code, reason.to_owned()));
        if self.end.is_some() {
            return;
        }
        self.end = Some(TransportError::Closed { code: code.into(), reason: reason.to_owned() });
        let now = Instant::now();
        for (id, at) in std::mem::take(&mut self.dropped) {
            if let Some(half) = self.outgoing(id).filter(|_| at == now) {
                half.end = None;
            }
        }
    }

    /// A new stream of the peer's, unless the relay allows no more.
    pub(crate) fn begin(&mut self, is_bi: bool, stream: Stream) {
        let is_alike = |id: &usize, stream: &Stream| {
            stream.outgoing.is_some() == is_bi && !self.opened.contains(id) && !stream.is_over()
        };
        let open = self.streams.iter().enumerate().filter(|(id, stream)| is_alike(id, stream));
        if open.count() < self.accepted_max {
            let id = self.add(stream);
            if is_bi { self.bi.push_back(id) } else { self.uni.push_back(id) }
        }
    }

    fn add(&mut self, stream: Stream) -> usize {
        self.streams.push(stream);
        self.streams.len() - 1
    }

    pub(crate) fn incoming(&mut self, id: usize) -> Option<&mut Incoming> {
        self.streams.get_mut(id)?.incoming.as_mut()
    }

    pub(crate) fn outgoing(&mut self, id: usize) -> Option<&mut Outgoing> {
        self.streams.get_mut(id)?.outgoing.as_mut()
    }

    /// Writes what fits, and says how much that was.
    pub(crate) fn write(&mut self, id: usize, bytes: &[u8]) -> usize {
        let fits = self.window.map_or(bytes.len(), |window| window.min(bytes.len()));
        let Some(half) = self.outgoing(id) else {
            return 0;
        };
        half.bytes.extend(bytes.iter().take(fits));
        self.window = self.window.map(|window| window - fits);
        fits
    }
}
