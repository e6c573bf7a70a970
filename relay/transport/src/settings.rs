//! Every QUIC setting, with its reason.

use std::sync::Arc;
use std::time::Duration;

use quinn::congestion::CubicConfig;
use quinn::{IdleTimeout, QlogStream, TransportConfig, VarInt};

use crate::congestion::DelayBoundedConfig;
use crate::qmux::MuxLimits;
use crate::varint::VARINT_MAX;

/// Bidirectional streams a peer may have open: each is a request, and a gallery of 60 with voice,
/// camera and catalog makes 180.
const REQUESTS_MAX: u32 = 256;

/// Unidirectional streams a peer may have open: a teacher with all tracks and their temporal layers
/// stays below 40. quinn sizes tables by this, so it is also memory.
const STREAMS_MAX: u32 = 96;

/// Bytes of one stream that a peer may send before we have read them: a key frame of a screen.
const STREAM_RECEIVE_WINDOW: u32 = 1 << 20;

/// The same for all streams of a session; quinn's default is no limit at all.
const RECEIVE_WINDOW: u32 = 4 << 20;

/// Bytes handed to quinn and not yet acknowledged. 10 Mbit/s over 400 ms are 500 kB; what is
/// beyond stays in the track's log, where it can still be dropped.
const SEND_WINDOW: u64 = 768 << 10;

/// Datagrams in each direction; beyond it the oldest go, which [`offer_datagram`] does not let happen.
///
/// [`offer_datagram`]: crate::Outgoing::offer_datagram
pub(crate) const DATAGRAM_BYTES: usize = 64 << 10;

/// A silent peer is asked for a sign of life several times before its time is over.
const KEEP_ALIVES: u32 = 4;

/// Streams of each kind that a relay's peer may open before it has shown that it needs more. Most
/// sessions are listeners with a handful of requests, and quinn keeps about 70 bytes for each stream
/// that could be opened, twice.
const STREAMS_AT_FIRST: u32 = 16;

/// Who decides how much of a session is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Congestion {
    /// [`DelayBounded`](crate::DelayBounded): the queue stays short.
    #[default]
    Delay,
    /// CUBIC (RFC 9438), which fills the buffers on the way.
    Cubic,
}

/// What one session may have of its transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionBounds {
    /// How long it may be silent.
    pub idle: Duration,
    /// Bidirectional streams that the peer may have open: requests.
    pub requests: u32,
    /// Unidirectional streams that the peer may have open.
    pub streams: u32,
    /// Bytes handed to the transport and not yet acknowledged.
    pub in_flight: u64,
    /// Who decides how much is on its way.
    pub congestion: Congestion,
}

impl SessionBounds {
    /// The usual bounds for a session that may be silent for `idle`.
    pub const fn of(idle: Duration) -> Self {
        Self {
            idle,
            requests: REQUESTS_MAX,
            streams: STREAMS_MAX,
            in_flight: SEND_WINDOW,
            congestion: Congestion::Delay,
        }
    }
}

/// The QUIC settings of a client's end of a session that may be silent for `idle`.
pub fn transport(idle: Duration) -> Arc<TransportConfig> {
    Arc::new(config(SessionBounds::of(idle)))
}

/// The same for a relay's end: few streams until
/// [`Outgoing::allow_all_streams`](crate::Outgoing::allow_all_streams).
pub fn relay_transport(bounds: SessionBounds) -> Arc<TransportConfig> {
    Arc::new(config(at_first(bounds)))
}

/// The same for a session of which `stream` is told what QUIC does.
pub(crate) fn traced_transport(
    bounds: SessionBounds,
    stream: Option<QlogStream>,
) -> Arc<TransportConfig> {
    let mut config = config(at_first(bounds));
    config.qlog_stream(stream);
    Arc::new(config)
}

fn at_first(bounds: SessionBounds) -> SessionBounds {
    let requests = bounds.requests.min(STREAMS_AT_FIRST);
    let streams = bounds.streams.min(STREAMS_AT_FIRST);
    SessionBounds { requests, streams, ..bounds }
}

/// The peer needs more streams than it was allowed at first.
pub(crate) fn allow_all_streams(connection: &quinn::Connection, bounds: SessionBounds) {
    connection.set_max_concurrent_bi_streams(VarInt::from_u32(bounds.requests));
    connection.set_max_concurrent_uni_streams(VarInt::from_u32(bounds.streams));
}

fn config(bounds: SessionBounds) -> TransportConfig {
    let idle = bounds.idle;
    let mut config = TransportConfig::default();
    config
        .max_concurrent_bidi_streams(VarInt::from_u32(bounds.requests))
        .max_concurrent_uni_streams(VarInt::from_u32(bounds.streams))
        .stream_receive_window(VarInt::from_u32(STREAM_RECEIVE_WINDOW))
        .receive_window(VarInt::from_u32(RECEIVE_WINDOW))
        .send_window(bounds.in_flight)
        .datagram_receive_buffer_size(Some(DATAGRAM_BYTES))
        .datagram_send_buffer_size(DATAGRAM_BYTES)
        .max_idle_timeout(IdleTimeout::try_from(idle).ok())
        .keep_alive_interval(Some(idle / KEEP_ALIVES));
    match bounds.congestion {
        Congestion::Delay => config.congestion_controller_factory(Arc::new(DelayBoundedConfig)),
        Congestion::Cubic => config.congestion_controller_factory(Arc::new(CubicConfig::default())),
    };
    config
}

/// The same limits for a session on a WebSocket.
pub(crate) fn websocket_limits(bounds: SessionBounds) -> MuxLimits {
    MuxLimits {
        session_window: u64::from(RECEIVE_WINDOW),
        stream_window: u64::from(STREAM_RECEIVE_WINDOW),
        streams_bidi: u64::from(bounds.requests),
        streams_uni: u64::from(bounds.streams),
        idle_timeout: u64::try_from(bounds.idle.as_millis()).unwrap_or(u64::MAX).min(VARINT_MAX),
    }
}
