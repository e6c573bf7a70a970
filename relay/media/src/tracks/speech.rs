//! Whether what somebody says arrives.

use std::time::{Duration, Instant};

use mosaik_proto::moqt::FullTrackName;

use super::Tracks;

/// Speech comes fifty times a second; what has not come for so long is missed.
const MISSED: Duration = Duration::from_secs(2);

/// What comes of a voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Speech {
    /// Nobody listens, or nobody has it.
    #[default]
    NotWanted,
    /// It arrives.
    Arrives,
    /// Its publisher is to send it, and nothing arrives.
    Missing,
}

impl Tracks {
    /// What comes of the voice in this track.
    pub fn speech(&self, now: Instant, name: &FullTrackName) -> Speech {
        let Some(key) = self.key_of(name).filter(|key| self.is_wanted(*key)) else {
            return Speech::NotWanted;
        };
        match self.tracks.get(key.0) {
            Some(track) if track.spoken.has_come(now, MISSED) => Speech::Arrives,
            Some(track) if !track.upstreams.is_empty() => Speech::Missing,
            Some(_) | None => Speech::NotWanted,
        }
    }
}
