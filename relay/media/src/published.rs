//! A publisher's end of one subgroup, for tests.

use std::time::Instant;

use mosaik_proto::moqt::{
    GroupId, ObjectWriter, Properties, SubgroupDecoder, SubgroupHeader, SubgroupId,
};

use crate::tracks::Tracks;
use crate::{SessionKey, SubgroupKey, SubgroupStart, TrackKey};

pub(crate) struct Stream {
    pub(crate) key: SubgroupKey,
    pub(crate) writer: ObjectWriter,
    pub(crate) decoder: SubgroupDecoder,
}

impl Stream {
    /// Opened by a session at a time; its first object is the subgroup's.
    pub(crate) fn open(
        tracks: &mut Tracks,
        begun: (Instant, SessionKey),
        track: TrackKey,
        (group, subgroup): (GroupId, SubgroupId),
    ) -> Self {
        let start = SubgroupStart { first_object: true, ..SubgroupStart::default() };
        Self::open_as(tracks, begun, track, (group, subgroup), start)
    }

    /// The same with what its header says, and what its publisher knows of it.
    pub(crate) fn open_as(
        tracks: &mut Tracks,
        begun: (Instant, SessionKey),
        track: TrackKey,
        (group, subgroup): (GroupId, SubgroupId),
        start: SubgroupStart,
    ) -> Self {
        let key = tracks.open_subgroup(begun, track, (group, subgroup), start).unwrap();
        let header = SubgroupHeader::beginning(0, group, subgroup);
        let decoder = SubgroupDecoder::new(&header);
        Self { key, writer: ObjectWriter::new(false), decoder }
    }

    pub(crate) fn write(&mut self, tracks: &mut Tracks, now: Instant, id: u64, payload: &[u8]) {
        let wire = self.writer.write(id, &Properties::default(), payload);
        let parts = self.decoder.push(wire).unwrap();
        tracks.append(now, self.key, parts).unwrap();
    }
}
