//! The client's end of a WebSocket: another implementation of QMux than the relay's.

use bytes::Bytes;
use mosaik_transport::TransportError;
use web_transport_trait::Error;

/// What the other implementation says, in the words of ours.
pub(crate) fn error(error: &qmux::Error) -> TransportError {
    match error {
        qmux::Error::StreamReset(code) => {
            TransportError::Reset(u32::try_from(code.into_inner()).ok())
        }
        qmux::Error::StreamStop(code) => {
            TransportError::Stopped(u32::try_from(code.into_inner()).ok())
        }
        qmux::Error::StreamClosed => TransportError::StreamClosed,
        qmux::Error::DatagramsUnsupported => TransportError::Datagram,
        other => match other.session_error() {
            Some((code, reason)) => TransportError::Closed { code: u64::from(code), reason },
            None => TransportError::Lost("the session on the WebSocket was lost"),
        },
    }
}

/// The sending half of a stream on any way.
pub enum SendStream {
    /// On QUIC, with or without HTTP/3.
    Quic(mosaik_transport::SendStream),
    /// On a WebSocket.
    WebSocket(qmux::SendStream),
}

/// The receiving half of a stream on any way.
pub enum RecvStream {
    /// On QUIC, with or without HTTP/3.
    Quic(mosaik_transport::RecvStream),
    /// On a WebSocket.
    WebSocket(qmux::RecvStream),
}

impl web_transport_trait::SendStream for SendStream {
    type Error = TransportError;

    async fn write(&mut self, buf: &[u8]) -> Result<usize, TransportError> {
        match self {
            Self::Quic(stream) => stream.write(buf).await,
            Self::WebSocket(stream) => stream.write(buf).await.map_err(|fault| error(&fault)),
        }
    }

    async fn write_chunk(&mut self, chunk: Bytes) -> Result<(), TransportError> {
        match self {
            Self::Quic(stream) => stream.write_chunk(chunk).await,
            Self::WebSocket(stream) => {
                stream.write_chunk(chunk).await.map_err(|fault| error(&fault))
            }
        }
    }

    fn set_priority(&mut self, order: i32) {
        match self {
            Self::Quic(stream) => stream.set_priority(order),
            // It has eight bits of order; the tests' order is that of writing.
            Self::WebSocket(_) => {}
        }
    }

    fn finish(&mut self) -> Result<(), TransportError> {
        match self {
            Self::Quic(stream) => stream.finish(),
            Self::WebSocket(stream) => stream.finish().map_err(|fault| error(&fault)),
        }
    }

    fn reset(&mut self, code: u32) {
        match self {
            Self::Quic(stream) => stream.reset(code),
            Self::WebSocket(stream) => stream.reset(code),
        }
    }

    async fn closed(&mut self) -> Result<(), TransportError> {
        match self {
            Self::Quic(stream) => stream.closed().await,
            Self::WebSocket(stream) => stream.closed().await.map_err(|fault| error(&fault)),
        }
    }
}

impl web_transport_trait::RecvStream for RecvStream {
    type Error = TransportError;

    async fn read(&mut self, dst: &mut [u8]) -> Result<Option<usize>, TransportError> {
        match self {
            Self::Quic(stream) => stream.read(dst).await,
            Self::WebSocket(stream) => stream.read(dst).await.map_err(|fault| error(&fault)),
        }
    }

    async fn read_chunk(&mut self, max: usize) -> Result<Option<Bytes>, TransportError> {
        match self {
            Self::Quic(stream) => stream.read_chunk(max).await,
            Self::WebSocket(stream) => stream.read_chunk(max).await.map_err(|fault| error(&fault)),
        }
    }

    fn stop(&mut self, code: u32) {
        match self {
            Self::Quic(stream) => stream.stop(code),
            Self::WebSocket(stream) => stream.stop(code),
        }
    }

    async fn closed(&mut self) -> Result<(), TransportError> {
        match self {
            Self::Quic(stream) => stream.closed().await,
            Self::WebSocket(stream) => stream.closed().await.map_err(|fault| error(&fault)),
        }
    }
}
