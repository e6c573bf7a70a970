//! Peers that take what they can get: each is ended by a deadline, with a code of the draft, and
//! whoever is beside them misses nothing.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects, all else is wrong"
)]

mod guesses;
mod handshakes;
mod requests;
mod trickle;
mod unread;
mod versions;
