//! The tracks in which a room offers what people brought: each is one group that stays.

use std::collections::BTreeMap;
use std::time::Instant;

use bytes::Bytes;
use mosaik_media::{SessionKey, Tracks};
use mosaik_proto::moqt::{FullTrackName, Namespace};
use mosaik_proto::room::{ContentTrack, RoomId};

use super::control_track::ControlTrack;

/// See the module. The bytes are in the log, as those of any track.
#[derive(Default)]
pub(super) struct Contents(BTreeMap<ContentTrack, ControlTrack>);

impl Contents {
    /// Publishes a track that begins with `head`; one that is there is begun anew.
    pub(super) fn begin(
        &mut self,
        (now, wall): (Instant, u64),
        tracks: &mut Tracks,
        (session, room): (SessionKey, &RoomId),
        content: ContentTrack,
        head: Vec<u8>,
    ) {
        self.drop(now, tracks, content);
        let name = FullTrackName::new(Namespace::of(&[room.as_str()]), content.to_string());
        let published = ControlTrack::publish(now, tracks, session, name, content.priority());
        if let Some(mut track) = published {
            track.begin(now, wall, tracks, head);
            self.0.insert(content, track);
        }
    }

    pub(super) fn append(
        &mut self,
        now: Instant,
        tracks: &mut Tracks,
        content: ContentTrack,
        bytes: Bytes,
    ) {
        if let Some(track) = self.0.get_mut(&content) {
            track.append(now, tracks, bytes);
        }
    }

    /// Everything of a track is there.
    pub(super) fn finish(&mut self, now: Instant, tracks: &mut Tracks, content: ContentTrack) {
        if let Some(track) = self.0.get_mut(&content) {
            track.finish(now, tracks);
        }
    }

    /// A track is over, and its bytes are gone.
    pub(super) fn drop(&mut self, now: Instant, tracks: &mut Tracks, content: ContentTrack) {
        if let Some(track) = self.0.remove(&content) {
            track.end(now, tracks);
        }
    }

    /// All are over.
    pub(super) fn close(self, now: Instant, tracks: &mut Tracks) {
        for track in self.0.into_values() {
            track.end(now, tracks);
        }
    }
}
