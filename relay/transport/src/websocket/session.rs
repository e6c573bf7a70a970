//! A session on a WebSocket, as the relay sees any.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use mosaik_proto::moqt::{PROTOCOL, SendOrder};
use web_transport_trait::{Session, Stats};

use super::stream::{WebSocketLane, WebSocketRecvStream, WebSocketSendStream};
use super::{Shared, until};
use crate::backlog::Room;
use crate::congestion::LineEstimate;
use crate::error::TransportError;
use crate::lane::{Offered, Outgoing};
use crate::qmux::Mux;
use crate::settings::SessionBounds;

/// Bytes of datagrams that wait here at most: half a second of one voice. What is beyond waits in its
/// subscription, where the voices of all take turns.
const DATAGRAMS_MAX: usize = 4 << 10;

/// A session on a WebSocket.
#[derive(Clone)]
pub struct WebSocketSession {
    shared: Arc<Shared>,
}

impl WebSocketSession {
    pub(super) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Waits for something of the peer's, or for the end.
    async fn accept<T>(
        &self,
        mut take: impl FnMut(&mut Mux) -> Option<T>,
    ) -> Result<T, TransportError> {
        until(&self.shared.arrived, || {
            let mut mux = self.shared.mux();
            take(&mut mux).map(Ok).or_else(|| mux.end().cloned().map(Err))
        })
        .await
    }

    /// Waits until the peer has room for something, or for the end.
    async fn open<T>(
        &self,
        mut take: impl FnMut(&mut Mux) -> Option<T>,
    ) -> Result<T, TransportError> {
        until(&self.shared.room, || {
            let mut mux = self.shared.mux();
            take(&mut mux).map(Ok).or_else(|| mux.end().cloned().map(Err))
        })
        .await
    }
}

impl Outgoing for WebSocketSession {
    type Lane = WebSocketLane;
    const MAY_LOSE: bool = false; // TCP sends again what is lost

    fn open_lane(&self, order: SendOrder, header: Bytes) -> Option<WebSocketLane> {
        let mut mux = self.shared.mux();
        let half = mux.open_lane(order.get(), header)?;
        drop(mux);
        self.shared.outgoing.notify_one();
        Some(WebSocketLane::new(Arc::clone(&self.shared), half))
    }

    /// What waits here can still be overtaken, but not dropped from the log any more.
    fn make_room(&self, room: Room, _bounds: SessionBounds) -> Room {
        let waiting = match room {
            Room::Urgent => usize::MAX,
            Room::Bulk => self.shared.flow().waiting(Instant::now()),
        };
        self.shared.mux().set_waiting_max(waiting);
        if waiting == usize::MAX { Room::Urgent } else { Room::Bulk }
    }

    fn line(&self, now: Instant) -> Option<LineEstimate> {
        self.shared.line.read(now)
    }

    fn offer_datagram(
        &self,
        payload: Bytes,
        until: Option<Instant>,
        _bounds: SessionBounds,
    ) -> Offered {
        self.shared.act(|mux| {
            if mux.datagrams_waiting() > DATAGRAMS_MAX {
                Offered::Full
            } else if mux.send_datagram(&payload, until) {
                Offered::Taken
            } else {
                Offered::TooLarge
            }
        })
    }

    fn has_datagrams_waiting(&self) -> bool {
        self.shared.mux().datagrams_waiting() > 0
    }

    /// A stream that is not used costs nothing here: all are allowed from the start.
    fn allow_all_streams(&self, _bounds: SessionBounds) {}
}

impl Session for WebSocketSession {
    type SendStream = WebSocketSendStream;
    type RecvStream = WebSocketRecvStream;
    type Error = TransportError;

    async fn accept_uni(&self) -> Result<WebSocketRecvStream, TransportError> {
        let half = self.accept(Mux::accept_uni).await?;
        Ok(WebSocketRecvStream::new(Arc::clone(&self.shared), half))
    }

    async fn accept_bi(
        &self,
    ) -> Result<(WebSocketSendStream, WebSocketRecvStream), TransportError> {
        let (send, recv) = self.accept(Mux::accept_bi).await?;
        Ok((
            WebSocketSendStream::new(Arc::clone(&self.shared), send),
            WebSocketRecvStream::new(Arc::clone(&self.shared), recv),
        ))
    }

    async fn open_bi(&self) -> Result<(WebSocketSendStream, WebSocketRecvStream), TransportError> {
        let (send, recv) = self.open(|mux| mux.open_bi(SendOrder::CONTROL.get())).await?;
        Ok((
            WebSocketSendStream::new(Arc::clone(&self.shared), send),
            WebSocketRecvStream::new(Arc::clone(&self.shared), recv),
        ))
    }

    async fn open_uni(&self) -> Result<WebSocketSendStream, TransportError> {
        let half = self.open(|mux| mux.open_uni(SendOrder::CONTROL.get())).await?;
        Ok(WebSocketSendStream::new(Arc::clone(&self.shared), half))
    }

    /// Nothing is lost on the way, but what waits too long here is.
    fn send_datagram(&self, payload: Bytes) -> Result<(), TransportError> {
        let is_taken = self.shared.act(|mux| mux.send_datagram(&payload, None));
        if is_taken { Ok(()) } else { Err(TransportError::Datagram) }
    }

    async fn recv_datagram(&self) -> Result<Bytes, TransportError> {
        self.accept(Mux::accept_datagram).await
    }

    fn max_datagram_size(&self) -> usize {
        self.shared.mux().max_datagram_size()
    }

    fn protocol(&self) -> Option<&str> {
        Some(PROTOCOL)
    }

    fn close(&self, code: u32, reason: &str) {
        self.shared.act(|mux| mux.close(code, reason));
    }

    async fn closed(&self) -> TransportError {
        until(&self.shared.ended, || self.shared.mux().end().cloned()).await
    }

    fn stats(&self) -> impl Stats {
        SocketStats { bytes_sent: self.shared.flow().arrived(Instant::now()) }
    }
}

/// What is known of a line below TCP: what the peer has. What TCP took may wait in it for seconds.
struct SocketStats {
    bytes_sent: u64,
}

impl Stats for SocketStats {
    fn bytes_sent(&self) -> Option<u64> {
        Some(self.bytes_sent)
    }
}
