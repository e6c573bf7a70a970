//! What goes through the relay, over each transport: one behaviour a file.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects, all else is wrong"
)]

mod auth_tokens;
mod broken_off;
mod control_stream;
mod cut_through;
mod datagrams;
mod deadlines;
mod delivery_timeouts;
mod demand;
mod fetch;
mod filters;
mod forwarding;
mod goaway;
mod grease;
mod half_closed;
mod late_join;
mod malformed_track;
mod metrics;
mod namespaces;
mod padding;
mod public;
mod publish;
mod publisher_returns;
mod qmux_versions;
mod redirect;
mod refusals;
mod rendezvous;
mod reserved;
mod rights;
mod setup_options;
mod slow_line;
mod slow_subscriber;
mod switching;
mod switching_lines;
mod tokens;
mod told_lines;
mod traces;
mod track_status;
mod updates;
mod upstream;
mod voices;
mod wanted_tracks;
mod weak_lines;
