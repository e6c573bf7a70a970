//! Streams of a session on a WebSocket.

use std::sync::Arc;

use bytes::Bytes;
use mosaik_proto::moqt::{ResetCode, SendOrder};

use super::{Shared, until};
use crate::error::TransportError;
use crate::lane::{Lane, LaneError};
use crate::qmux::{Ended, Half};

impl From<Ended> for TransportError {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Stopped(code) => Self::Stopped(u32::try_from(code).ok()),
            Ended::Finished | Ended::Reset => Self::StreamClosed,
            Ended::Lost => Self::Lost("the session is over"),
        }
    }
}

impl From<Ended> for LaneError {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Stopped(_) | Ended::Finished | Ended::Reset => Self::Stopped,
            Ended::Lost => Self::Lost,
        }
    }
}

/// The sending half of a stream. Dropping it finishes it, as quinn does.
pub struct WebSocketSendStream {
    shared: Arc<Shared>,
    half: Half,
}

impl WebSocketSendStream {
    pub(super) const fn new(shared: Arc<Shared>, half: Half) -> Self {
        Self { shared, half }
    }

    /// Writes a part, as soon as there is room for any.
    async fn write_part(&self, chunk: &mut Bytes) -> Result<usize, TransportError> {
        let id = self.half.id;
        let written = until(&self.shared.room, || {
            let written = self.shared.mux().write(id, std::slice::from_mut(chunk));
            (written != Ok(0)).then_some(written)
        });
        // A stop is noticed by the stream alone, so that it wakes nobody else.
        let stopped = until(&self.half.changed, || self.shared.mux().sending_ended(id));
        let written = tokio::select! {
            written = written => written,
            ended = stopped => Err(ended),
        };
        self.shared.outgoing.notify_one();
        Ok(written?)
    }
}

impl web_transport_trait::SendStream for WebSocketSendStream {
    type Error = TransportError;

    async fn write(&mut self, buf: &[u8]) -> Result<usize, TransportError> {
        if buf.is_empty() {
            return Ok(0);
        }
        self.write_part(&mut Bytes::copy_from_slice(buf)).await
    }

    async fn write_chunk(&mut self, mut chunk: Bytes) -> Result<(), TransportError> {
        while !chunk.is_empty() {
            self.write_part(&mut chunk).await?;
        }
        Ok(())
    }

    fn set_priority(&mut self, order: i32) {
        self.shared.mux().set_order(self.half.id, order);
    }

    fn finish(&mut self) -> Result<(), TransportError> {
        self.shared.act(|mux| mux.finish(self.half.id));
        Ok(())
    }

    fn reset(&mut self, code: u32) {
        self.shared.act(|mux| mux.reset(self.half.id, u64::from(code)));
    }

    async fn closed(&mut self) -> Result<(), TransportError> {
        let id = self.half.id;
        match until(&self.half.changed, || self.shared.mux().sending_ended(id)).await {
            Ended::Finished => Ok(()),
            ended @ (Ended::Stopped(_) | Ended::Reset | Ended::Lost) => Err(ended.into()),
        }
    }
}

impl Drop for WebSocketSendStream {
    fn drop(&mut self) {
        self.shared.act(|mux| mux.let_go_sending(self.half.id, None));
    }
}

/// The receiving half of a stream. Dropping it tells the peer to stop.
pub struct WebSocketRecvStream {
    shared: Arc<Shared>,
    half: Half,
}

impl WebSocketRecvStream {
    pub(super) const fn new(shared: Arc<Shared>, half: Half) -> Self {
        Self { shared, half }
    }

    async fn read_part(&self, max: usize) -> Result<Option<Bytes>, TransportError> {
        let id = self.half.id;
        let read = until(&self.half.changed, || self.shared.mux().read(id, max)).await?;
        // It may have made room for more.
        self.shared.outgoing.notify_one();
        Ok(read)
    }
}

impl web_transport_trait::RecvStream for WebSocketRecvStream {
    type Error = TransportError;

    async fn read(&mut self, dst: &mut [u8]) -> Result<Option<usize>, TransportError> {
        let Some(bytes) = self.read_part(dst.len()).await? else {
            return Ok(None);
        };
        if let Some(into) = dst.get_mut(..bytes.len()) {
            into.copy_from_slice(&bytes);
        }
        Ok(Some(bytes.len()))
    }

    /// All that has arrived, up to `max` bytes, as one piece.
    async fn read_chunk(&mut self, max: usize) -> Result<Option<Bytes>, TransportError> {
        self.read_part(max).await
    }

    fn stop(&mut self, code: u32) {
        self.shared.act(|mux| mux.stop(self.half.id, u64::from(code)));
    }

    async fn closed(&mut self) -> Result<(), TransportError> {
        let id = self.half.id;
        until(&self.half.changed, || self.shared.mux().receiving_ended(id)).await
    }
}

impl Drop for WebSocketRecvStream {
    fn drop(&mut self) {
        let code = u64::from(ResetCode::Cancelled.get());
        self.shared.act(|mux| mux.forget_receiving(self.half.id, code));
    }
}

/// An outgoing stream of media. Dropping it resets it, unless it was finished.
pub struct WebSocketLane {
    shared: Arc<Shared>,
    half: Half,
}

impl WebSocketLane {
    pub(super) const fn new(shared: Arc<Shared>, half: Half) -> Self {
        Self { shared, half }
    }
}

impl Lane for WebSocketLane {
    fn write(&mut self, slices: &mut [Bytes]) -> Result<usize, LaneError> {
        let written = self.shared.mux().write(self.half.id, slices)?;
        if written > 0 {
            self.shared.outgoing.notify_one();
        }
        Ok(written)
    }

    fn set_order(&mut self, order: SendOrder) {
        self.shared.mux().set_order(self.half.id, order.get());
    }

    /// The header was taken when the stream was opened.
    fn finish(&mut self) -> bool {
        self.shared.act(|mux| mux.finish(self.half.id));
        true
    }

    /// The socket took everything up to FIN, behind which nothing is lost.
    fn delivered(&self) -> impl Future<Output = ()> + 'static {
        let (shared, changed, id) =
            (Arc::clone(&self.shared), Arc::clone(&self.half.changed), self.half.id);
        async move {
            until(&changed, || shared.mux().sending_ended(id)).await;
        }
    }

    fn reset(&mut self, code: ResetCode) {
        self.shared.act(|mux| mux.reset(self.half.id, u64::from(code.get())));
    }
}

impl Drop for WebSocketLane {
    fn drop(&mut self) {
        let code = u64::from(ResetCode::Cancelled.get());
        self.shared.act(|mux| mux.let_go_sending(self.half.id, Some(code)));
    }
}
