//! WebTransport over HTTP/3: wtransport does the handshake and sorts incoming streams; outgoing
//! unidirectional streams are quinn's own, behind a stream header of ours, so that both transports
//! share one kind of lane.

use std::sync::Arc;
use std::time::Instant;

use bytes::{BufMut, Bytes, BytesMut};
use mosaik_proto::moqt::SendOrder;
use quinn::VarInt;
use web_transport_trait::{Session, Stats};

use crate::backlog::{Room, datagrams_waiting, make_room, offer_datagram};
use crate::code::CodeSpace;
use crate::congestion::{LineEstimate, LineWatch};
use crate::error::TransportError;
use crate::lane::{Offered, Outgoing, QuicLane};
use crate::quic::ConnectionStats;
use crate::settings::{SessionBounds, allow_all_streams};
use crate::stream::{RecvStream, SendStream};
use crate::varint::put_varint;

/// Stream type of WebTransport's unidirectional streams (draft-ietf-webtrans-http3, section 4.2).
const UNIDIRECTIONAL: u64 = 0x54;

/// A WebTransport session; its connection carries no other.
#[derive(Debug, Clone)]
pub struct WebTransportSession {
    connection: Arc<wtransport::Connection>,
    protocol: Option<Arc<str>>,
    line: Option<LineWatch>,
    /// What a unidirectional stream of ours begins with: its type and the session.
    stream_header: Bytes,
    /// What a datagram of ours begins with: a quarter of the session's ID (RFC 9297, section 2.1).
    datagram_header: Bytes,
}

impl WebTransportSession {
    /// The session on `connection`, for which `protocol` was agreed on.
    pub fn new(connection: wtransport::Connection, protocol: Option<&str>) -> Self {
        let mut header = BytesMut::with_capacity(10);
        put_varint(UNIDIRECTIONAL, &mut header);
        put_varint(connection.session_id().into_u64(), &mut header);
        let mut datagram_header = BytesMut::with_capacity(8);
        put_varint(connection.session_id().into_u64() / 4, &mut datagram_header);
        let line = LineWatch::of(connection.quic_connection().congestion_state());
        Self {
            line,
            connection: Arc::new(connection),
            protocol: protocol.map(Arc::from),
            stream_header: header.freeze(),
            datagram_header: datagram_header.freeze(),
        }
    }

    /// The session is over: so is its connection, which carries nothing else. Closing it would
    /// hide the code that the peer closed it with.
    async fn over(&self) -> TransportError {
        if self.connection().close_reason().is_none() {
            self.connection().close(VarInt::from_u32(0), b"");
        }
        self.closed().await
    }

    /// The connection below.
    pub fn connection(&self) -> &quinn::Connection {
        self.connection.quic_connection()
    }
}

impl Outgoing for WebTransportSession {
    type Lane = QuicLane;

    fn open_lane(&self, order: SendOrder, header: Bytes) -> Option<QuicLane> {
        let mut head = BytesMut::with_capacity(self.stream_header.len() + header.len());
        head.put_slice(&self.stream_header);
        head.put_slice(&header);
        QuicLane::open(self.connection(), order, CodeSpace::Http3, head.freeze())
    }

    fn make_room(&self, room: Room, bounds: SessionBounds) -> Room {
        make_room(self.connection(), room, bounds)
    }

    fn offer_datagram(
        &self,
        payload: Bytes,
        _until: Option<Instant>,
        bounds: SessionBounds,
    ) -> Offered {
        let mut datagram = BytesMut::with_capacity(self.datagram_header.len() + payload.len());
        datagram.put_slice(&self.datagram_header);
        datagram.put_slice(&payload);
        offer_datagram(self.connection(), datagram.freeze(), bounds)
    }

    fn has_datagrams_waiting(&self) -> bool {
        datagrams_waiting(self.connection()) > 0
    }

    fn line(&self, now: Instant) -> Option<LineEstimate> {
        self.line.as_ref()?.read(now)
    }

    fn allow_all_streams(&self, bounds: SessionBounds) {
        allow_all_streams(self.connection(), bounds);
    }
}

impl Session for WebTransportSession {
    type SendStream = SendStream;
    type RecvStream = RecvStream;
    type Error = TransportError;

    async fn accept_uni(&self) -> Result<RecvStream, TransportError> {
        match self.connection.accept_uni().await {
            Ok(stream) => Ok(RecvStream::webtransport(stream)),
            Err(_) => Err(self.over().await),
        }
    }

    async fn accept_bi(&self) -> Result<(SendStream, RecvStream), TransportError> {
        match self.connection.accept_bi().await {
            Ok((send, recv)) => {
                Ok((SendStream::webtransport(send), RecvStream::webtransport(recv)))
            }
            Err(_) => Err(self.over().await),
        }
    }

    async fn open_bi(&self) -> Result<(SendStream, RecvStream), TransportError> {
        let opening = self.connection.open_bi().await;
        let opened = match opening {
            Ok(opening) => opening.await.ok(),
            Err(_) => None,
        };
        match opened {
            Some((send, recv)) => {
                Ok((SendStream::webtransport(send), RecvStream::webtransport(recv)))
            }
            None => Err(TransportError::Lost("a stream could not be opened")),
        }
    }

    async fn open_uni(&self) -> Result<SendStream, TransportError> {
        let mut stream = self.connection().open_uni().await?;
        let written = stream.write_chunk(self.stream_header.clone()).await;
        written.map_err(|error| TransportError::write(error, CodeSpace::Http3))?;
        Ok(SendStream::quic(stream, CodeSpace::Http3))
    }

    fn send_datagram(&self, payload: Bytes) -> Result<(), TransportError> {
        self.connection.send_datagram(payload).map_err(|_| TransportError::Datagram)
    }

    async fn recv_datagram(&self) -> Result<Bytes, TransportError> {
        match self.connection.receive_datagram().await {
            Ok(datagram) => Ok(datagram.payload()),
            Err(_) => Err(self.over().await),
        }
    }

    fn max_datagram_size(&self) -> usize {
        self.connection.max_datagram_size().unwrap_or(0)
    }

    fn protocol(&self) -> Option<&str> {
        self.protocol.as_deref()
    }

    fn close(&self, code: u32, reason: &str) {
        self.connection().close(VarInt::from_u32(code), reason.as_bytes());
    }

    /// wtransport closes the connection by itself when the peer ends the session's stream.
    async fn closed(&self) -> TransportError {
        self.connection().closed().await.into()
    }

    fn stats(&self) -> impl Stats {
        ConnectionStats(self.connection().stats())
    }
}
