//! Subgroup streams: a header, then objects (section 11.4.2).
//!
//! The decoder is cut-through: it hands on the wire bytes as they come and only notes where each
//! object begins and ends, so a relay can forward an object while it is still arriving. Bytes of
//! an object's head are held back until the head is whole and valid, so nothing invalid is ever
//! forwarded.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use smallvec::SmallVec;

use super::properties::check_pairs;
use super::varint::{decode_varint, encode_varint};
use super::{GroupId, Location, ObjectId, ObjectStatus, SubgroupId, Violation, stream_type};

/// Most bytes of one object's payload; beyond this the session ends. What a relay takes is a setting
/// below it, and costs the stream alone.
pub const OBJECT_BYTES_MAX: u64 = 64 << 20;

/// Most bytes of one object's properties: LOC needs below 50, an extension may bring its own.
pub const PROPERTIES_BYTES_MAX: u64 = 4096;

/// Delta, properties length, properties, payload length and status, each at its longest.
const HEAD_BYTES_MAX: usize = 9 + 9 + 4096 + 9 + 9;

const PROPERTIES: u64 = 0x01;
const SUBGROUP_ID_MODE: u64 = 0x06;
const END_OF_GROUP: u64 = 0x08;
const DEFAULT_PRIORITY: u64 = 0x20;
const FIRST_OBJECT: u64 = 0x40;
const FORM: u64 = 0x10;

/// What a subgroup's stream begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubgroupHeader {
    /// The track, as its publisher numbered it.
    pub track_alias: u64,
    /// The group.
    pub group: GroupId,
    /// The subgroup; `None` if it is the ID of the first object on the stream.
    pub subgroup: Option<SubgroupId>,
    /// Publisher priority; `None` for the track's default.
    pub priority: Option<u8>,
    /// Whether each object has a properties field.
    pub has_properties: bool,
    /// Whether the group ends with the last object of this stream.
    pub end_of_group: bool,
    /// Whether the stream begins with the first object ever published in the subgroup.
    pub first_object: bool,
}

impl SubgroupHeader {
    /// Of a stream that begins a subgroup: the track's default priority, objects without properties,
    /// and a group that may go on behind it.
    pub const fn beginning(track_alias: u64, group: GroupId, subgroup: SubgroupId) -> Self {
        Self {
            track_alias,
            group,
            subgroup: Some(subgroup),
            priority: None,
            has_properties: false,
            end_of_group: false,
            first_object: true,
        }
    }

    /// Reads a whole header, its type included; `None` while bytes are missing.
    ///
    /// # Errors
    /// [`Violation::SubgroupType`] for combinations that the draft excludes, and
    /// [`Violation::StreamType`] for a type that is no subgroup header.
    pub fn decode(buf: &mut impl Buf) -> Result<Option<Self>, Violation> {
        let Some(kind) = decode_varint(buf) else {
            return Ok(None);
        };
        if !stream_type::is_subgroup(kind) {
            return Err(Violation::StreamType(kind));
        }
        let mode = kind & SUBGROUP_ID_MODE;
        if mode == SUBGROUP_ID_MODE {
            return Err(Violation::SubgroupType(kind));
        }
        let Some((track_alias, group)) = decode_varint(buf).zip(decode_varint(buf)) else {
            return Ok(None);
        };
        let subgroup = match mode {
            0 => Some(0),
            0x02 => None,
            _ => match decode_varint(buf) {
                Some(id) => Some(id),
                None => return Ok(None),
            },
        };
        let priority = if kind & DEFAULT_PRIORITY != 0 {
            None
        } else if buf.has_remaining() {
            Some(buf.get_u8())
        } else {
            return Ok(None);
        };
        Ok(Some(Self {
            track_alias,
            group,
            subgroup,
            priority,
            has_properties: kind & PROPERTIES != 0,
            end_of_group: kind & END_OF_GROUP != 0,
            first_object: kind & FIRST_OBJECT != 0,
        }))
    }

    /// Appends the header.
    pub fn encode(&self, buf: &mut impl BufMut) {
        let mode = match self.subgroup {
            Some(0) => 0,
            None => 0x02,
            Some(_) => 0x04,
        };
        let bit = |set: bool, bit: u64| if set { bit } else { 0 };
        let kind = FORM
            | mode
            | bit(self.has_properties, PROPERTIES)
            | bit(self.end_of_group, END_OF_GROUP)
            | bit(self.priority.is_none(), DEFAULT_PRIORITY)
            | bit(self.first_object, FIRST_OBJECT);
        encode_varint(kind, buf);
        encode_varint(self.track_alias, buf);
        encode_varint(self.group, buf);
        if let Some(id) = self.subgroup.filter(|id| *id != 0) {
            encode_varint(id, buf);
        }
        if let Some(priority) = self.priority {
            buf.put_u8(priority);
        }
    }
}

/// Where one object is among the wire bytes of its subgroup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectMark {
    /// The object.
    pub id: ObjectId,
    /// What it is.
    pub status: ObjectStatus,
    /// Whether it may have the properties that it has; otherwise its track is malformed.
    pub is_sound: bool,
    /// Offset of its first byte, counted from the byte behind the subgroup header.
    pub start: u64,
    /// Offset of its properties' pairs, whose length is `properties_len`.
    pub properties_at: u64,
    /// Bytes of its properties' pairs.
    pub properties_len: u64,
    /// Offset of its payload.
    pub payload_at: u64,
    /// Offset behind its last byte.
    pub end: u64,
}

/// What one chunk brought.
#[derive(Debug, Default)]
pub struct Parts {
    /// Wire bytes to append, in order; they are slices of the chunk where that is possible.
    pub wire: SmallVec<[Bytes; 2]>,
    /// Objects whose head became whole with this chunk; their payload may still be coming.
    pub objects: SmallVec<[ObjectMark; 4]>,
}

impl Parts {
    /// Leaves out the first `bytes` wire bytes, which end before the first object's head.
    pub fn skip(&mut self, mut bytes: u64) {
        for wire in &mut self.wire {
            let part = usize::try_from(bytes).map_or(wire.len(), |bytes| bytes.min(wire.len()));
            wire.advance(part);
            bytes = bytes.saturating_sub(as_u64(part));
        }
        self.wire.retain(|wire| !wire.is_empty());
    }
}

/// Splits the bytes behind a subgroup header into objects, whatever the chunks' sizes.
#[derive(Debug)]
pub struct SubgroupDecoder {
    group: GroupId,
    has_properties: bool,
    previous: Option<ObjectId>,
    /// Payload bytes of the current object that are still to come.
    payload_left: u64,
    /// The beginning of a head that is not whole yet.
    held: BytesMut,
    /// Offset behind the last byte handed on.
    position: u64,
}

/// An object's head, decoded.
struct Head {
    id: ObjectId,
    status: ObjectStatus,
    is_sound: bool,
    properties_at: usize,
    properties_len: u64,
    payload_len: u64,
    len: usize,
}

impl SubgroupDecoder {
    /// A decoder for the objects behind `header`.
    pub fn new(header: &SubgroupHeader) -> Self {
        Self {
            group: header.group,
            has_properties: header.has_properties,
            previous: None,
            payload_left: 0,
            held: BytesMut::new(),
            position: 0,
        }
    }

    /// Takes the next bytes of the stream.
    ///
    /// # Errors
    /// The [`Violation`] that the bytes commit. What came before it in the same chunk is lost;
    /// the session ends anyway.
    pub fn push(&mut self, mut chunk: Bytes) -> Result<Parts, Violation> {
        let mut parts = Parts::default();
        if !self.held.is_empty() && !self.complete_head(&mut chunk, &mut parts)? {
            return Ok(parts);
        }
        let mut valid = self.skip_payload(chunk.len());
        while valid < chunk.len() {
            let rest = chunk.get(valid..).unwrap_or_default();
            let Some(head) = self.decode_head(rest)? else {
                self.held.extend_from_slice(rest);
                break;
            };
            let start = self.position.saturating_add(as_u64(valid));
            valid += head.len;
            parts.objects.push(self.begin(&head, start));
            valid += self.skip_payload(chunk.len() - valid);
        }
        self.position = self.position.saturating_add(as_u64(valid));
        chunk.truncate(valid);
        if !chunk.is_empty() {
            parts.wire.push(chunk);
        }
        Ok(parts)
    }

    /// The stream ended with FIN.
    ///
    /// # Errors
    /// [`Violation::Truncated`] inside an object.
    pub fn finish(&self) -> Result<(), Violation> {
        if self.payload_left > 0 || !self.held.is_empty() {
            return Err(Violation::Truncated);
        }
        Ok(())
    }

    /// Offset behind the last byte handed on, counted from the byte behind the subgroup header.
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// Whether all objects that began have ended.
    pub fn is_between_objects(&self) -> bool {
        self.finish().is_ok()
    }

    /// Completes a held head with bytes of `chunk`; false while it is not whole.
    fn complete_head(&mut self, chunk: &mut Bytes, parts: &mut Parts) -> Result<bool, Violation> {
        let held = self.held.len();
        let more = chunk.len().min(HEAD_BYTES_MAX.saturating_sub(held));
        self.held.extend_from_slice(chunk.get(..more).unwrap_or_default());
        let bytes = std::mem::take(&mut self.held).freeze();
        let Some(head) = self.decode_head(&bytes)? else {
            self.held = BytesMut::from(bytes);
            chunk.clear();
            return Ok(false);
        };
        chunk.advance(head.len - held);
        parts.objects.push(self.begin(&head, self.position));
        self.position = self.position.saturating_add(as_u64(head.len));
        parts.wire.push(bytes.slice(..head.len));
        Ok(true)
    }

    fn begin(&mut self, head: &Head, start: u64) -> ObjectMark {
        self.previous = Some(head.id);
        self.payload_left = head.payload_len;
        let payload_at = start.saturating_add(as_u64(head.len));
        ObjectMark {
            id: head.id,
            status: head.status,
            is_sound: head.is_sound,
            start,
            properties_at: start.saturating_add(as_u64(head.properties_at)),
            properties_len: head.properties_len,
            payload_at,
            end: payload_at.saturating_add(head.payload_len),
        }
    }

    /// How many of `available` bytes belong to the current object's payload.
    fn skip_payload(&mut self, available: usize) -> usize {
        let taken = as_u64(available).min(self.payload_left);
        self.payload_left -= taken;
        usize::try_from(taken).unwrap_or(available)
    }

    fn decode_head(&self, bytes: &[u8]) -> Result<Option<Head>, Violation> {
        let mut buf = bytes;
        let Some(delta) = decode_varint(&mut buf) else {
            return Ok(None);
        };
        let id = self.object_id(delta)?;
        let mut is_sound = true;
        let mut properties_at = 0;
        let mut properties_len = 0;
        if self.has_properties {
            let Some(len) = decode_varint(&mut buf) else {
                return Ok(None);
            };
            check_size("properties", len, PROPERTIES_BYTES_MAX)?;
            let Some(pairs) = usize::try_from(len).ok().and_then(|len| buf.get(..len)) else {
                return Ok(None);
            };
            is_sound = check_pairs(pairs)?.suit(Location::new(self.group, id));
            properties_at = bytes.len() - buf.len();
            properties_len = len;
            buf.advance(pairs.len());
        }
        let Some(payload_len) = decode_varint(&mut buf) else {
            return Ok(None);
        };
        check_size("object", payload_len, OBJECT_BYTES_MAX)?;
        let mut status = ObjectStatus::Normal;
        if payload_len == 0 {
            let Some(value) = decode_varint(&mut buf) else {
                return Ok(None);
            };
            status = ObjectStatus::from_wire(value).ok_or(Violation::ObjectStatus(value))?;
            if status != ObjectStatus::Normal && properties_len > 0 {
                return Err(Violation::PropertiesOnStatus(value));
            }
        }
        let len = bytes.len() - buf.len();
        Ok(Some(Head { id, status, is_sound, properties_at, properties_len, payload_len, len }))
    }

    fn object_id(&self, delta: u64) -> Result<ObjectId, Violation> {
        let Some(previous) = self.previous else {
            return Ok(delta);
        };
        previous
            .checked_add(1)
            .and_then(|next| next.checked_add(delta))
            .ok_or(Violation::ObjectIdOverflow { previous, delta })
    }
}

fn check_size(what: &'static str, bytes: u64, max: u64) -> Result<(), Violation> {
    if bytes > max { Err(Violation::TooLarge { what, bytes, max }) } else { Ok(()) }
}

fn as_u64(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{ObjectWriter, Properties};
    use super::*;

    fn header(has_properties: bool) -> SubgroupHeader {
        SubgroupHeader {
            track_alias: 2,
            group: 0,
            subgroup: Some(0),
            priority: Some(0),
            has_properties,
            end_of_group: false,
            first_object: false,
        }
    }

    /// Feeds `wire` in pieces that end at `cuts` and puts together what comes out.
    fn decode(
        header: &SubgroupHeader,
        wire: &[u8],
        cuts: &[usize],
    ) -> Result<(Vec<ObjectMark>, Vec<u8>), Violation> {
        let mut decoder = SubgroupDecoder::new(header);
        let mut marks = Vec::new();
        let mut out = Vec::new();
        let mut from = 0;
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (wire.len() + 1)).collect();
        cuts.push(wire.len());
        cuts.sort_unstable();
        for cut in cuts {
            let parts = decoder.push(Bytes::copy_from_slice(&wire[from..cut]))?;
            marks.extend(parts.objects);
            parts.wire.iter().for_each(|bytes| out.extend_from_slice(bytes));
            from = cut;
        }
        decoder.finish()?;
        Ok((marks, out))
    }

    #[test]
    fn the_drafts_example_decodes() {
        let wire = [0x14, 2, 0, 0, 0, 0, 4, b'a', b'b', b'c', b'd', 0, 4, b'e', b'f', b'g', b'h'];
        let mut buf = &wire[..];
        let decoded = SubgroupHeader::decode(&mut buf).unwrap().unwrap();
        assert_eq!(decoded, header(false));
        let (marks, _) = decode(&decoded, buf, &[]).unwrap();
        assert_eq!(marks.iter().map(|mark| mark.id).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(marks[1].end - marks[1].payload_at, 4);
    }

    #[test]
    fn nothing_of_a_head_is_handed_on_before_it_is_whole() {
        let mut decoder = SubgroupDecoder::new(&header(false));
        let first = decoder.push(Bytes::from_static(&[0x80, 0x07])).unwrap();
        assert!(first.wire.is_empty(), "a head that may still be invalid was forwarded");
        let second = decoder.push(Bytes::from_static(&[0x01, b'x'])).unwrap();
        assert_eq!(second.objects[0].id, 7);
        assert_eq!(second.wire.concat(), [0x80, 0x07, 0x01, b'x']);
    }

    #[test]
    fn an_object_id_beyond_64_bits_is_a_violation() {
        let mut wire = vec![0xFF; 9];
        wire.extend([1, b'x', 0, 1, b'y']);
        assert_eq!(
            decode(&header(false), &wire, &[]),
            Err(Violation::ObjectIdOverflow { previous: u64::MAX, delta: 0 })
        );
    }

    proptest! {
        #[test]
        fn any_split_of_the_bytes_gives_the_same_objects(
            objects in prop::collection::vec(
                (0_u64..5, prop::collection::vec(any::<u8>(), 0..40), any::<Option<u16>>()), 1..20),
            has_properties: bool,
            cuts in prop::collection::vec(any::<usize>(), 0..12),
        ) {
            let mut writer = ObjectWriter::new(has_properties);
            let mut wire = Vec::new();
            let mut ids = Vec::new();
            let mut id = 0;
            for (gap, payload, property) in &objects {
                id += gap;
                let properties = property
                    .map(|value| Properties::default().with_integer(0x10, u64::from(value)))
                    .unwrap_or_default();
                wire.extend_from_slice(&writer.write(id, &properties, payload));
                ids.push(id);
                id += 1;
            }
            let (marks, out) = decode(&header(has_properties), &wire, &cuts).unwrap();
            prop_assert_eq!(&out, &wire);
            prop_assert_eq!(marks.iter().map(|mark| mark.id).collect::<Vec<_>>(), ids);
            for (mark, (_, payload, _)) in marks.iter().zip(&objects) {
                let range = usize::try_from(mark.payload_at).unwrap()..usize::try_from(mark.end).unwrap();
                prop_assert_eq!(&wire[range], &payload[..]);
            }
        }

        #[test]
        fn decoding_never_panics_and_never_invents_bytes(
            wire in prop::collection::vec(any::<u8>(), 0..200),
            has_properties: bool,
            cuts in prop::collection::vec(any::<usize>(), 0..6),
        ) {
            if let Ok((_, out)) = decode(&header(has_properties), &wire, &cuts) {
                prop_assert_eq!(out, wire);
            }
        }

        #[test]
        fn headers_survive(
            track_alias: u64, group: u64, subgroup: Option<u64>, priority: Option<u8>,
            has_properties: bool, end_of_group: bool, first_object: bool,
        ) {
            let header = SubgroupHeader {
                track_alias, group, subgroup, priority, has_properties, end_of_group, first_object,
            };
            let mut bytes = Vec::new();
            header.encode(&mut bytes);
            for cut in 0..bytes.len() {
                prop_assert_eq!(SubgroupHeader::decode(&mut &bytes[..cut]), Ok(None));
            }
            prop_assert_eq!(SubgroupHeader::decode(&mut &bytes[..]), Ok(Some(header)));
        }
    }
}
