//! Streams of a connection in memory, as the relay has them.

use bytes::{Buf, Bytes};
use mosaik_proto::moqt::{ResetCode, SendOrder};
use mosaik_transport::{Lane, LaneError, TransportError};
use tokio::time::Instant;
use web_transport_trait::{RecvStream, SendStream};

use super::{End, Link, State};

/// The relay's half to write to.
#[derive(Debug)]
pub(crate) struct Sender {
    link: Link,
    id: usize,
}

impl Sender {
    pub(super) const fn new(link: Link, id: usize) -> Self {
        Self { link, id }
    }

    fn end(&self, end: End) {
        let id = self.id;
        self.link.change(|state| finish(state, id, end));
    }
}

/// Ends a half that has not ended. One that the peer stopped has no other end than a reset.
fn finish(state: &mut State, id: usize, end: End) {
    let is_over = state.end.is_some();
    if let Some(half) = state.outgoing(id).filter(|_| !is_over) {
        let end = half.stopped.map_or(end, End::Reset);
        half.end.get_or_insert(end);
    }
}

/// Whether the peer has everything up to the stream's end, or wants nothing more of it.
fn is_delivered(state: &mut State, id: usize) -> bool {
    let is_taking = state.window.is_none();
    let is_over = state.end.is_some();
    state.outgoing(id).is_none_or(|half| match half.end {
        Some(End::Reset(_)) => true,
        Some(End::Fin) => is_taking || half.stopped.is_some() || is_over,
        None => half.stopped.is_some() || is_over,
    })
}

impl SendStream for Sender {
    type Error = TransportError;

    async fn write(&mut self, buf: &[u8]) -> Result<usize, TransportError> {
        let id = self.id;
        let written = self.link.wait_or_end(|state| {
            let half = state.outgoing(id)?;
            if half.end.is_some() {
                return Some(Err(TransportError::StreamClosed));
            }
            if let Some(code) = half.stopped {
                return Some(Err(TransportError::Stopped(Some(code))));
            }
            if state.end.is_some() {
                return None;
            }
            let written = state.write(id, buf);
            (written > 0 || buf.is_empty()).then_some(Ok(written))
        });
        written.await?
    }

    fn set_priority(&mut self, _order: i32) {}

    fn finish(&mut self) -> Result<(), TransportError> {
        let id = self.id;
        self.link.change(|state| match state.outgoing(id) {
            Some(half) if half.end.is_none() && half.stopped.is_none() => {
                finish(state, id, End::Fin);
                Ok(())
            }
            _ => Err(TransportError::StreamClosed),
        })
    }

    fn reset(&mut self, code: u32) {
        self.end(End::Reset(code));
    }

    async fn closed(&mut self) -> Result<(), TransportError> {
        let id = self.id;
        let closed = self.link.wait_or_end(|state| {
            if let Some(code) = state.outgoing(id).and_then(|half| half.stopped) {
                return Some(Err(TransportError::Stopped(Some(code))));
            }
            (state.end.is_none() && is_delivered(state, id)).then_some(Ok(()))
        });
        closed.await?
    }
}

impl Drop for Sender {
    /// As quinn does: a stream that is dropped ends as if all was said.
    fn drop(&mut self) {
        let id = self.id;
        self.link.change(|state| {
            if state.outgoing(id).is_some_and(|half| half.end.is_none()) {
                state.dropped.push((id, Instant::now()));
            }
            finish(state, id, End::Fin);
        });
    }
}

/// The relay's half to read from.
#[derive(Debug)]
pub(crate) struct Receiver {
    link: Link,
    id: usize,
}

impl Receiver {
    pub(super) const fn new(link: Link, id: usize) -> Self {
        Self { link, id }
    }
}

impl RecvStream for Receiver {
    type Error = TransportError;

    async fn read(&mut self, dst: &mut [u8]) -> Result<Option<usize>, TransportError> {
        let chunk = self.read_chunk(dst.len()).await?;
        Ok(chunk.map(|chunk| {
            let len = chunk.len().min(dst.len());
            dst[..len].copy_from_slice(&chunk[..len]);
            len
        }))
    }

    async fn read_chunk(&mut self, max: usize) -> Result<Option<Bytes>, TransportError> {
        let id = self.id;
        let read = self.link.wait_or_end(|state| {
            let half = state.incoming(id)?;
            if let Some(End::Reset(code)) = half.end {
                return Some(Err(TransportError::Reset(Some(code))));
            }
            let Some(chunk) = half.chunks.front_mut() else {
                return (half.end == Some(End::Fin)).then_some(Ok(None));
            };
            let piece = chunk.split_to(max.min(chunk.len()));
            if !chunk.has_remaining() {
                half.chunks.pop_front();
            }
            Some(Ok(Some(piece)))
        });
        read.await?
    }

    fn stop(&mut self, _code: u32) {
        let id = self.id;
        self.link.change(|state| {
            if let Some(half) = state.incoming(id) {
                half.is_stopped = true;
                half.chunks.clear();
            }
        });
    }

    async fn closed(&mut self) -> Result<(), TransportError> {
        let id = self.id;
        let closed = self.link.wait_or_end(|state| match state.incoming(id)?.end? {
            End::Fin => Some(Ok(())),
            End::Reset(code) => Some(Err(TransportError::Reset(Some(code)))),
        });
        closed.await?
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stop(0);
    }
}

/// A stream that carries media out.
#[derive(Debug)]
pub(crate) struct MemoryLane {
    link: Link,
    id: usize,
    /// What must be written before anything else.
    head: Bytes,
    is_finishing: bool,
}

impl MemoryLane {
    pub(super) const fn new(link: Link, id: usize, head: Bytes) -> Self {
        Self { link, id, head, is_finishing: false }
    }

    fn end(&mut self, end: End) {
        let id = self.id;
        self.link.change(|state| finish(state, id, end));
        self.is_finishing = true;
    }

    /// Whether the head was written whole, or never will be.
    fn write_head(&mut self, state: &mut State) -> bool {
        let is_over = state.end.is_some();
        if state.outgoing(self.id).is_none_or(|half| is_over || half.stopped.is_some()) {
            return true;
        }
        let written = state.write(self.id, &self.head);
        self.head.advance(written);
        !self.head.has_remaining()
    }
}

impl Lane for MemoryLane {
    fn write(&mut self, slices: &mut [Bytes]) -> Result<usize, LaneError> {
        let link = self.link.clone();
        let mut state = link.state();
        if state.end.is_some() {
            return Err(LaneError::Lost);
        }
        if state.outgoing(self.id).is_none_or(|half| half.stopped.is_some() || half.end.is_some()) {
            return Err(LaneError::Stopped);
        }
        if !self.write_head(&mut state) {
            return Ok(0);
        }
        let mut taken = 0;
        for slice in slices {
            let written = state.write(self.id, slice);
            slice.advance(written);
            taken += written;
            if slice.has_remaining() {
                break;
            }
        }
        Ok(taken)
    }

    fn set_order(&mut self, _order: SendOrder) {}

    fn finish(&mut self) -> bool {
        let link = self.link.clone();
        let is_whole = self.write_head(&mut link.state());
        if is_whole {
            self.end(End::Fin);
        }
        is_whole
    }

    fn delivered(&self) -> impl Future<Output = ()> + 'static {
        let (link, id) = (self.link.clone(), self.id);
        async move { link.wait(|state| is_delivered(state, id).then_some(())).await }
    }

    fn reset(&mut self, code: ResetCode) {
        self.end(End::Reset(code.get()));
    }
}

impl Drop for MemoryLane {
    /// A part of a subgroup must not pass for the whole.
    fn drop(&mut self) {
        if !self.is_finishing {
            self.end(End::Reset(ResetCode::Cancelled.get()));
        }
    }
}
