//! Native QUIC, ALPN `moqt-18`: a connection is a session.

use std::time::Instant;

use bytes::Bytes;
use mosaik_proto::moqt::{PROTOCOL, SendOrder};
use quinn::VarInt;
use web_transport_trait::{Session, Stats};

use crate::backlog::{Room, datagrams_waiting, make_room, offer_datagram};
use crate::code::CodeSpace;
use crate::congestion::{LineEstimate, LineWatch};
use crate::error::TransportError;
use crate::lane::{Offered, Outgoing, QuicLane};
use crate::settings::{SessionBounds, allow_all_streams};
use crate::stream::{RecvStream, SendStream};

/// A session on its own QUIC connection.
#[derive(Debug, Clone)]
pub struct QuicSession {
    connection: quinn::Connection,
    line: Option<LineWatch>,
}

impl QuicSession {
    /// The session on `connection`, whose handshake is complete.
    pub fn new(connection: quinn::Connection) -> Self {
        let line = LineWatch::of(connection.congestion_state());
        Self { connection, line }
    }

    /// The connection below.
    pub const fn connection(&self) -> &quinn::Connection {
        &self.connection
    }
}

impl Outgoing for QuicSession {
    type Lane = QuicLane;

    fn open_lane(&self, order: SendOrder, header: Bytes) -> Option<QuicLane> {
        QuicLane::open(&self.connection, order, CodeSpace::Quic, header)
    }

    fn make_room(&self, room: Room, bounds: SessionBounds) -> Room {
        make_room(&self.connection, room, bounds)
    }

    fn offer_datagram(
        &self,
        payload: Bytes,
        _until: Option<Instant>,
        bounds: SessionBounds,
    ) -> Offered {
        offer_datagram(&self.connection, payload, bounds)
    }

    fn has_datagrams_waiting(&self) -> bool {
        datagrams_waiting(&self.connection) > 0
    }

    fn line(&self, now: Instant) -> Option<LineEstimate> {
        self.line.as_ref()?.read(now)
    }

    fn allow_all_streams(&self, bounds: SessionBounds) {
        allow_all_streams(&self.connection, bounds);
    }
}

impl Session for QuicSession {
    type SendStream = SendStream;
    type RecvStream = RecvStream;
    type Error = TransportError;

    async fn accept_uni(&self) -> Result<RecvStream, TransportError> {
        Ok(RecvStream::quic(self.connection.accept_uni().await?, CodeSpace::Quic))
    }

    async fn accept_bi(&self) -> Result<(SendStream, RecvStream), TransportError> {
        let (send, recv) = self.connection.accept_bi().await?;
        Ok((SendStream::quic(send, CodeSpace::Quic), RecvStream::quic(recv, CodeSpace::Quic)))
    }

    async fn open_bi(&self) -> Result<(SendStream, RecvStream), TransportError> {
        let (send, recv) = self.connection.open_bi().await?;
        Ok((SendStream::quic(send, CodeSpace::Quic), RecvStream::quic(recv, CodeSpace::Quic)))
    }

    async fn open_uni(&self) -> Result<SendStream, TransportError> {
        Ok(SendStream::quic(self.connection.open_uni().await?, CodeSpace::Quic))
    }

    fn send_datagram(&self, payload: Bytes) -> Result<(), TransportError> {
        self.connection.send_datagram(payload).map_err(|_| TransportError::Datagram)
    }

    async fn recv_datagram(&self) -> Result<Bytes, TransportError> {
        Ok(self.connection.read_datagram().await?)
    }

    fn max_datagram_size(&self) -> usize {
        self.connection.max_datagram_size().unwrap_or(0)
    }

    fn protocol(&self) -> Option<&str> {
        Some(PROTOCOL)
    }

    fn close(&self, code: u32, reason: &str) {
        self.connection.close(VarInt::from_u32(code), reason.as_bytes());
    }

    async fn closed(&self) -> TransportError {
        self.connection.closed().await.into()
    }

    fn stats(&self) -> impl Stats {
        ConnectionStats(self.connection.stats())
    }
}

/// quinn's counters as the trait names them.
pub(crate) struct ConnectionStats(pub(crate) quinn::ConnectionStats);

impl Stats for ConnectionStats {
    fn bytes_sent(&self) -> Option<u64> {
        Some(self.0.udp_tx.bytes)
    }

    fn bytes_received(&self) -> Option<u64> {
        Some(self.0.udp_rx.bytes)
    }

    fn bytes_lost(&self) -> Option<u64> {
        Some(self.0.path.lost_bytes)
    }

    fn packets_sent(&self) -> Option<u64> {
        Some(self.0.path.sent_packets)
    }

    fn packets_lost(&self) -> Option<u64> {
        Some(self.0.path.lost_packets)
    }

    fn rtt(&self) -> Option<std::time::Duration> {
        Some(self.0.path.rtt)
    }
}
