//! One error for everything a session or a stream can end with.

use quinn::{ConnectionError, ReadError, WriteError};
use web_transport_trait::Error;

use crate::code::CodeSpace;

/// Why a session or a stream is over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The peer, or we, closed the session with a code.
    #[error("the session was closed with code {code:#x}")]
    Closed {
        /// The application's code.
        code: u64,
        /// The reason as the peer wrote it: not to be trusted.
        reason: String,
    },
    /// The connection was lost without a close.
    #[error("the connection was lost: {0}")]
    Lost(&'static str),
    /// The peer reset the stream.
    #[error("the stream was reset with code {0:?}")]
    Reset(Option<u32>),
    /// The peer does not read the stream any more.
    #[error("the stream was stopped with code {0:?}")]
    Stopped(Option<u32>),
    /// The stream was used after its end.
    #[error("the stream is closed")]
    StreamClosed,
    /// The datagram does not fit or datagrams are not possible.
    #[error("the datagram cannot be sent")]
    Datagram,
}

impl Error for TransportError {
    fn session_error(&self) -> Option<(u32, String)> {
        match self {
            Self::Closed { code, reason } => {
                Some((u32::try_from(*code).unwrap_or(u32::MAX), reason.clone()))
            }
            Self::Lost(_)
            | Self::Reset(_)
            | Self::Stopped(_)
            | Self::StreamClosed
            | Self::Datagram => None,
        }
    }

    fn stream_error(&self) -> Option<u32> {
        match self {
            Self::Reset(code) | Self::Stopped(code) => *code,
            Self::Closed { .. } | Self::Lost(_) | Self::StreamClosed | Self::Datagram => None,
        }
    }
}

impl From<ConnectionError> for TransportError {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::ApplicationClosed(close) => Self::Closed {
                code: close.error_code.into_inner(),
                reason: String::from_utf8_lossy(&close.reason).into_owned(),
            },
            ConnectionError::LocallyClosed => {
                Self::Closed { code: 0, reason: String::from("closed by us") }
            }
            ConnectionError::TimedOut => Self::Lost("it was silent for too long"),
            ConnectionError::Reset => Self::Lost("the peer does not know it any more"),
            ConnectionError::VersionMismatch => Self::Lost("no QUIC version in common"),
            ConnectionError::TransportError(_) => Self::Lost("the peer broke QUIC's rules"),
            ConnectionError::ConnectionClosed(_) => Self::Lost("the peer closed it"),
            ConnectionError::CidsExhausted => Self::Lost("out of connection IDs"),
        }
    }
}

impl TransportError {
    pub(crate) fn read(error: ReadError, codes: CodeSpace) -> Self {
        match error {
            ReadError::Reset(code) => Self::Reset(codes.decode(code)),
            ReadError::ConnectionLost(error) => error.into(),
            ReadError::ClosedStream
            | ReadError::IllegalOrderedRead
            | ReadError::ZeroRttRejected => Self::StreamClosed,
        }
    }

    pub(crate) fn write(error: WriteError, codes: CodeSpace) -> Self {
        match error {
            WriteError::Stopped(code) => Self::Stopped(codes.decode(code)),
            WriteError::ConnectionLost(error) => error.into(),
            WriteError::ClosedStream | WriteError::ZeroRttRejected => Self::StreamClosed,
        }
    }
}
