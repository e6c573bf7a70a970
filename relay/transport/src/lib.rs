//! The ways into the relay, behind one trait: native QUIC and WebTransport on one UDP socket,
//! and WebSockets.
//!
//! What reads and what is asked for rarely uses the ecosystem's own trait,
//! [`web_transport_trait::Session`]. What carries media out uses [`Outgoing`] and [`Lane`]: they
//! never wait, so that one flush can serve all streams of a session back to back and what the
//! transport does not take stays where it can still be dropped.

mod backlog;
mod code;
mod congestion;
mod endpoint;
mod error;
mod lane;
mod padding;
mod qlog;
mod qmux;
mod quic;
mod settings;
mod socket;
mod stream;
mod varint;
mod websocket;
mod webtransport;

pub use backlog::{Room, window as backlog_window};
pub use congestion::{DelayBounded, DelayBoundedConfig, LineEstimate, LineWatch};
pub use endpoint::{Accepted, BindError, Door, Endpoint, Handshake, HandshakeError};
pub use error::TransportError;
pub use lane::{Lane, LaneError, Offered, Outgoing, QuicLane};
pub use padding::Padding;
pub use qlog::Recorder;
pub use quic::QuicSession;
pub use settings::{Congestion, SessionBounds, relay_transport, transport};
pub use socket::udp_socket;
pub use stream::{RecvStream, SendStream};
pub use websocket::{
    Pump, SUBPROTOCOL, SUBPROTOCOLS, WebSocketLane, WebSocketRecvStream, WebSocketSendStream,
    WebSocketSession, websocket,
};
pub use webtransport::WebTransportSession;
