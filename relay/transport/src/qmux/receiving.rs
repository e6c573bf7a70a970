//! What arrives on streams, kept until it is read, and what the peer may send beyond it.
//!
//! The windows bound the memory: a peer's credit grows with what was read, never with what came.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tokio::sync::Notify;

use super::{Broken, MuxCode};

/// What the peer may send: it is told of more when half of what it was told is used up.
#[derive(Debug)]
struct Window {
    received: u64,
    consumed: u64,
    limit: u64,
    size: u64,
}

impl Window {
    const fn new(size: u64) -> Self {
        Self { received: 0, consumed: 0, limit: size, size }
    }

    fn arrive(&mut self, bytes: u64) -> Result<(), Broken> {
        self.received = self.received.saturating_add(bytes);
        if self.received > self.limit {
            return Err(Broken::new(MuxCode::FlowControl, "more than the window"));
        }
        Ok(())
    }

    /// The new limit when it is time to tell it.
    fn consume(&mut self, bytes: u64) -> Option<u64> {
        self.consumed += bytes;
        if self.limit - self.consumed > self.size / 2 {
            return None;
        }
        self.limit = self.consumed + self.size;
        Some(self.limit)
    }
}

struct In {
    window: Window,
    chunks: VecDeque<Bytes>,
    end: Option<InEnd>,
    /// The reader wants no more: what still comes is thrown away.
    is_unwanted: bool,
    /// There is a reader.
    is_held: bool,
    changed: Arc<Notify>,
}

/// How a stream ends behind what is left of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InEnd {
    Final,
    Reset(u64),
}

/// Where a stream stands, whatever was read of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InState {
    Open,
    Ended(InEnd),
}

/// What there is to read.
pub(super) enum Read {
    Data(Bytes),
    End(InEnd),
    /// Nothing yet.
    Empty,
    /// There is no such stream.
    Gone,
}

/// New limits that the peer is to be told.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Credit {
    pub(super) session: Option<u64>,
    pub(super) stream: Option<u64>,
}

pub(super) struct Receiving {
    streams: HashMap<u64, In>,
    session: Window,
    stream_window: u64,
}

impl Receiving {
    pub(super) fn new(session_window: u64, stream_window: u64) -> Self {
        Self { streams: HashMap::new(), session: Window::new(session_window), stream_window }
    }

    /// A stream that is read from now on; what is given back is told when there is more.
    pub(super) fn open(&mut self, id: u64) -> Arc<Notify> {
        let changed = Arc::new(Notify::new());
        let stream = In {
            window: Window::new(self.stream_window),
            chunks: VecDeque::new(),
            end: None,
            is_unwanted: false,
            is_held: true,
            changed: Arc::clone(&changed),
        };
        self.streams.insert(id, stream);
        changed
    }

    /// Takes a STREAM frame; for a stream that is over it means nothing.
    pub(super) fn stream(
        &mut self,
        id: u64,
        offset: Option<u64>,
        data: Bytes,
        is_final: bool,
    ) -> Result<Credit, Broken> {
        let Some(stream) = self.streams.get_mut(&id).filter(|stream| stream.end.is_none()) else {
            return Ok(Credit::default());
        };
        if offset.is_some_and(|offset| offset != stream.window.received) {
            return Err(Broken::new(MuxCode::Protocol, "a stream's bytes are out of order"));
        }
        let bytes = data.len() as u64;
        self.session.arrive(bytes)?;
        stream.window.arrive(bytes)?;
        if is_final {
            stream.end = Some(InEnd::Final);
        }
        let credit = if stream.is_unwanted {
            Credit { session: self.session.consume(bytes), stream: None }
        } else {
            keep(&mut stream.chunks, data);
            Credit::default()
        };
        stream.changed.notify_waiters();
        Ok(credit)
    }

    /// Takes a RESET_STREAM frame: what was not read is dropped.
    pub(super) fn reset(&mut self, id: u64, code: u64, final_size: u64) -> Result<Credit, Broken> {
        let Some(stream) = self.streams.get_mut(&id).filter(|stream| stream.end.is_none()) else {
            return Ok(Credit::default());
        };
        // Implementations up to this draft wrote 0 here whatever they had sent.
        let missing = final_size.saturating_sub(stream.window.received);
        self.session.arrive(missing)?;
        stream.window.arrive(missing)?;
        let unread: u64 = stream.chunks.drain(..).map(|chunk| chunk.len() as u64).sum();
        stream.end = Some(InEnd::Reset(code));
        stream.changed.notify_waiters();
        Ok(Credit { session: self.session.consume(missing + unread), stream: None })
    }

    /// Takes at most `max` bytes of what came, and says what the peer may send for it.
    pub(super) fn read(&mut self, id: u64, max: usize) -> (Read, Credit) {
        let Some(stream) = self.streams.get_mut(&id) else {
            return (Read::Gone, Credit::default());
        };
        let Some(data) = take(&mut stream.chunks, max) else {
            let read = stream.end.map_or(Read::Empty, Read::End);
            return (read, Credit::default());
        };
        let bytes = data.len() as u64;
        let session = self.session.consume(bytes);
        // Beyond the end no credit is needed.
        let stream = stream.window.consume(bytes).filter(|_| stream.end.is_none());
        (Read::Data(data), Credit { session, stream })
    }

    /// Where the stream stands, or `None` if there is no such stream.
    pub(super) fn state(&self, id: u64) -> Option<InState> {
        let stream = self.streams.get(&id)?;
        Some(stream.end.map_or(InState::Open, InState::Ended))
    }

    /// The reader goes away; true if the peer is to be told.
    pub(super) fn unwanted(&mut self, id: u64) -> (bool, Credit) {
        let Some(stream) = self.streams.get_mut(&id) else {
            return (false, Credit::default());
        };
        let is_first = !std::mem::replace(&mut stream.is_unwanted, true) && stream.end.is_none();
        let unread: u64 = stream.chunks.drain(..).map(|chunk| chunk.len() as u64).sum();
        (is_first, Credit { session: self.session.consume(unread), stream: None })
    }

    /// There is no reader any more.
    pub(super) fn let_go(&mut self, id: u64) {
        if let Some(stream) = self.streams.get_mut(&id) {
            stream.is_held = false;
        }
    }

    /// Forgets a stream that has ended and has no reader; true if it was forgotten.
    pub(super) fn forget_over(&mut self, id: u64) -> bool {
        let is_over = |stream: &In| !stream.is_held && stream.end.is_some();
        self.streams.get(&id).is_some_and(is_over) && self.streams.remove(&id).is_some()
    }

    /// The session is over: who reads learns it.
    pub(super) fn fail(&mut self) {
        for stream in self.streams.values() {
            stream.changed.notify_waiters();
        }
        self.streams.clear();
    }
}

/// Below this a piece is put behind the last one, so that many tiny ones cost no more than their
/// bytes.
const SMALL_BYTES: usize = 1 << 10;

fn keep(chunks: &mut VecDeque<Bytes>, data: Bytes) {
    if data.is_empty() {
        return;
    }
    let is_small = |bytes: &mut Bytes| bytes.len().max(data.len()) < SMALL_BYTES;
    match chunks.pop_back_if(is_small) {
        Some(last) => {
            let mut joined = BytesMut::from(last);
            joined.extend_from_slice(&data);
            chunks.push_back(joined.freeze());
        }
        None => chunks.push_back(data),
    }
}

/// What waits, as one piece: fewer, larger pieces cost each subscriber less.
fn take(chunks: &mut VecDeque<Bytes>, max: usize) -> Option<Bytes> {
    let mut first = chunks.pop_front()?;
    if first.len() > max {
        let rest = first.split_off(max);
        chunks.push_front(rest);
        return Some(first);
    }
    if chunks.front().is_none_or(|next| first.len() + next.len() > max) {
        return Some(first);
    }
    let mut joined = BytesMut::from(first);
    while let Some(next) = chunks.front()
        && joined.len() + next.len() <= max
    {
        joined.extend_from_slice(next);
        chunks.pop_front();
    }
    Some(joined.freeze())
}
