//! What goes through the relay, over native QUIC and over WebTransport: one behaviour a file.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects, all else is wrong"
)]

mod auth_tokens;
mod cut_through;
mod datagrams;
mod deadlines;
mod delivery_timeouts;
mod demand;
mod filters;
mod forwarding;
mod goaway;
mod late_join;
mod namespaces;
mod public;
mod publish;
mod publisher_returns;
mod rendezvous;
mod rights;
mod slow_subscriber;
mod tokens;
mod updates;
mod upstream;
mod wanted_tracks;
