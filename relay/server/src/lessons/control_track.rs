//! A track that a room publishes: one subgroup a group, objects of JSON in order.

use std::time::Instant;

use bytes::Bytes;
use mosaik_media::{SessionKey, SubgroupEnd, SubgroupKey, SubgroupStart, TrackKey, Tracks};
use mosaik_proto::moqt::{
    FullTrackName, GroupId, ObjectWriter, Properties, SubgroupDecoder, SubgroupHeader,
    TrackProperties,
};

/// Publisher priority of control tracks, below speech and above pictures.
pub(super) const CONTROL: u8 = 48;

/// That of whiteboards: above pictures, but a late joiner's page may be large, and a lesson goes on
/// without it.
pub(super) const BOARD: u8 = 72;

/// A group that objects are appended to.
struct Open {
    key: SubgroupKey,
    writer: ObjectWriter,
    /// Finds the marks in what the writer wrote: the log takes both.
    decoder: SubgroupDecoder,
    next_object: u64,
}

pub(super) struct ControlTrack {
    session: SessionKey,
    track: TrackKey,
    open: Option<Open>,
    last_group: GroupId,
}

impl ControlTrack {
    /// Publishes the track; `None` if this session publishes it already.
    pub(super) fn publish(
        now: Instant,
        tracks: &mut Tracks,
        session: SessionKey,
        name: FullTrackName,
        priority: u8,
    ) -> Option<Self> {
        let properties = TrackProperties::default().with_priority(priority);
        let track = tracks.publish_local(now, session, name, properties).ok()?;
        Some(Self { session, track, open: None, last_group: 0 })
    }

    /// Ends the current group and begins one with `object`. Group IDs rise with time, also over
    /// rooms that were opened anew.
    pub(super) fn begin(&mut self, now: Instant, wall: u64, tracks: &mut Tracks, object: Vec<u8>) {
        self.begin_behind((now, wall), tracks, object, 0);
    }

    /// The same; so many of the first objects are known to whoever has read all of the current group. Whoever is sent
    /// the rest alone knows by the IDs, of which one follows the other, that nothing is between.
    pub(super) fn begin_behind(
        &mut self,
        (now, wall): (Instant, u64),
        tracks: &mut Tracks,
        object: Vec<u8>,
        known_below: u64,
    ) {
        let known_below = if self.open.is_some() { known_below } else { 0 };
        self.finish(now, tracks);
        let next = self.last_group.saturating_add(1);
        let group = if known_below > 0 { next } else { wall.max(next) };
        self.last_group = group;
        let start = SubgroupStart { first_object: true, known_below, ..SubgroupStart::default() };
        let begun = tracks.open_subgroup((now, self.session), self.track, (group, 0), start);
        let Ok(key) = begun else {
            return;
        };
        let header = SubgroupHeader::beginning(0, group, 0);
        self.open = Some(Open {
            key,
            writer: ObjectWriter::new(false),
            decoder: SubgroupDecoder::new(&header),
            next_object: 0,
        });
        self.append(now, tracks, object);
    }

    /// Appends `object` to the current group.
    pub(super) fn append(&mut self, now: Instant, tracks: &mut Tracks, object: impl Into<Bytes>) {
        let Some(open) = &mut self.open else {
            return;
        };
        let payload = object.into();
        let wire = open.writer.write(open.next_object, &Properties::default(), &payload);
        open.next_object = open.next_object.saturating_add(1);
        let appended = open.decoder.push(wire).map(|parts| tracks.append(now, open.key, parts));
        if !matches!(appended, Ok(Ok(()))) {
            tracing::error!("a room's object did not fit its track: the room's bounds are wrong");
        }
    }

    /// Nothing more comes of the current group.
    pub(super) fn finish(&mut self, now: Instant, tracks: &mut Tracks) {
        if let Some(open) = self.open.take() {
            tracks.end_subgroup(now, open.key, SubgroupEnd::Finished);
        }
    }

    /// The track is over.
    pub(super) fn end(mut self, now: Instant, tracks: &mut Tracks) {
        self.finish(now, tracks);
        tracks.end_local(now, self.session, self.track);
    }
}
