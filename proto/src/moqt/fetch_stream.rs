//! Fetch streams: a header, then objects of one or more groups, each told by what differs from the
//! one before it (section 11.4.4).
//!
//! The decoder is cut-through as that of subgroups: a head is given out as soon as it is whole and
//! valid, payloads as they come. The writer does without every field that the draft lets it leave
//! out, but for the object's ID in a new group: what follows from its absence there surprises.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use smallvec::SmallVec;

use super::properties::check_pairs;
use super::subgroup::{OBJECT_BYTES_MAX, PROPERTIES_BYTES_MAX};
use super::varint::{decode_varint, encode_varint};
use super::{GroupOrder, Location, SubgroupId, Violation, stream_type};

const SUBGROUP_MODE: u64 = 0x03;
const SUBGROUP_ZERO: u64 = 0x00;
const SUBGROUP_PRIOR: u64 = 0x01;
const SUBGROUP_NEXT: u64 = 0x02;
const SUBGROUP_PRESENT: u64 = 0x03;
const OBJECT_DELTA: u64 = 0x04;
const GROUP_DELTA: u64 = 0x08;
const PRIORITY: u64 = 0x10;
const PROPERTIES: u64 = 0x20;
const DATAGRAM: u64 = 0x40;
const FLAGS_MAX: u64 = 0x7F;
const END_OF_NON_EXISTENT: u64 = 0x8C;
const END_OF_UNKNOWN: u64 = 0x10C;

/// Flags, group, subgroup, object, priority, length of the properties, properties, length of the
/// payload, each at its longest.
const HEAD_BYTES_MAX: usize = 9 + 9 + 9 + 9 + 1 + 9 + 4096 + 9;

/// Reads a whole FETCH_HEADER, its type included, and gives the request's ID; `None` while bytes
/// are missing.
///
/// # Errors
/// [`Violation::StreamType`] for a type that is no fetch header.
pub fn decode_fetch_header(buf: &mut impl Buf) -> Result<Option<u64>, Violation> {
    match decode_varint(buf) {
        Some(stream_type::FETCH) => Ok(decode_varint(buf)),
        Some(kind) => Err(Violation::StreamType(kind)),
        None => Ok(None),
    }
}

/// What a fetch stream says of an object before its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchHead {
    /// Where the object is in its track.
    pub location: Location,
    /// The subgroup that it belongs to; `None` if its publisher sent it in a datagram.
    pub subgroup: Option<SubgroupId>,
    /// Its publisher priority.
    pub priority: u8,
    /// Its properties' pairs without their length.
    pub properties: Bytes,
    /// Bytes of its payload.
    pub payload_len: u64,
}

/// Why objects are left out (section 11.4.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// They do not exist.
    NonExistent,
    /// Whether they exist is not known.
    Unknown,
}

/// One part of a fetch stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchPart {
    /// An object begins; its payload follows.
    Head(FetchHead),
    /// The next bytes of the object's payload.
    Payload(Bytes),
    /// What was not told between the last object or gap and this location, inclusively, is missing.
    Gap(Gap, Location),
}

/// What the fields of an object leave out is that of the one before it.
#[derive(Debug, Clone, Copy, Default)]
struct Prior {
    /// Of an object or a gap.
    location: Option<Location>,
    subgroup: Option<SubgroupId>,
    priority: Option<u8>,
}

impl Prior {
    const fn follow(&mut self, head: &FetchHead) {
        self.location = Some(head.location);
        self.priority = Some(head.priority);
        if head.subgroup.is_some() {
            self.subgroup = head.subgroup;
        }
    }
}

/// Writes the objects of one fetch stream one after the other.
#[derive(Debug, Clone, Default)]
pub struct FetchWriter {
    prior: Prior,
}

impl FetchWriter {
    /// FETCH_HEADER of the stream that answers request `request_id`.
    pub fn header(request_id: u64) -> Bytes {
        let mut bytes = BytesMut::with_capacity(10);
        encode_varint(stream_type::FETCH, &mut bytes);
        encode_varint(request_id, &mut bytes);
        bytes.freeze()
    }

    /// What stands before the payload of the next object, which must be behind the one before it in
    /// the order of the fetch.
    pub fn head(&mut self, head: &FetchHead) -> Bytes {
        let (subgroup_mode, subgroup) = self.subgroup_field(head.subgroup);
        let Location { group, object } = head.location;
        let (group_delta, object_delta) = match self.prior.location {
            None => (Some(group), Some(object)),
            Some(prior) if prior.group == group => {
                let delta = object.saturating_sub(prior.object);
                (None, (delta != 1).then_some(delta))
            }
            Some(prior) => (Some(prior.group.abs_diff(group).saturating_sub(1)), Some(object)),
        };
        let priority = Some(head.priority).filter(|_| self.prior.priority != Some(head.priority));
        let bit = |is_set: bool, bit: u64| if is_set { bit } else { 0 };
        let flags = subgroup_mode
            | bit(group_delta.is_some(), GROUP_DELTA)
            | bit(object_delta.is_some(), OBJECT_DELTA)
            | bit(priority.is_some(), PRIORITY)
            | bit(!head.properties.is_empty(), PROPERTIES);
        let mut bytes = BytesMut::with_capacity(head.properties.len().saturating_add(48));
        encode_varint(flags, &mut bytes);
        for field in [group_delta, subgroup, object_delta].into_iter().flatten() {
            encode_varint(field, &mut bytes);
        }
        if let Some(priority) = priority {
            bytes.put_u8(priority);
        }
        if !head.properties.is_empty() {
            encode_varint(u64::try_from(head.properties.len()).unwrap_or(u64::MAX), &mut bytes);
            bytes.put_slice(&head.properties);
        }
        encode_varint(head.payload_len, &mut bytes);
        self.prior.follow(head);
        bytes.freeze()
    }

    /// An end of range: what was not written between the last object or gap and `last` is missing.
    pub fn gap(&mut self, gap: Gap, last: Location) -> Bytes {
        let kind = match gap {
            Gap::NonExistent => END_OF_NON_EXISTENT,
            Gap::Unknown => END_OF_UNKNOWN,
        };
        let mut bytes = BytesMut::with_capacity(24);
        // The length of the payload is not among the fields that an end of range leaves out.
        for field in [kind, last.group, last.object, 0] {
            encode_varint(field, &mut bytes);
        }
        self.prior.location = Some(last);
        bytes.freeze()
    }

    /// The bits that say which subgroup it is, and the field if it is needed.
    fn subgroup_field(&self, subgroup: Option<SubgroupId>) -> (u64, Option<SubgroupId>) {
        let prior = self.prior.subgroup;
        match subgroup {
            None => (DATAGRAM, None),
            Some(0) => (SUBGROUP_ZERO, None),
            Some(id) if prior == Some(id) => (SUBGROUP_PRIOR, None),
            Some(id) if prior.and_then(|prior| prior.checked_add(1)) == Some(id) => {
                (SUBGROUP_NEXT, None)
            }
            Some(id) => (SUBGROUP_PRESENT, Some(id)),
        }
    }
}

/// Splits the bytes behind a FETCH_HEADER into objects and gaps, whatever the chunks' sizes.
#[derive(Debug)]
pub struct FetchDecoder {
    order: GroupOrder,
    prior: Prior,
    /// Payload bytes of the current object that are still to come.
    payload_left: u64,
    /// The beginning of a head that is not whole yet.
    held: BytesMut,
}

impl FetchDecoder {
    /// A decoder for the answer to a FETCH that asked for this group order.
    pub fn new(order: GroupOrder) -> Self {
        Self { order, prior: Prior::default(), payload_left: 0, held: BytesMut::new() }
    }

    /// Takes the next bytes of the stream.
    ///
    /// # Errors
    /// The [`Violation`] that the bytes commit. What came before it in the same chunk is lost;
    /// the session ends anyway.
    pub fn push(&mut self, mut chunk: Bytes) -> Result<SmallVec<[FetchPart; 4]>, Violation> {
        let mut parts = SmallVec::new();
        if !self.held.is_empty() && !self.complete_head(&mut chunk, &mut parts)? {
            return Ok(parts);
        }
        loop {
            self.take_payload(&mut chunk, &mut parts);
            if chunk.is_empty() {
                return Ok(parts);
            }
            let Some((part, len)) = self.decode_part(&chunk)? else {
                self.held.extend_from_slice(&chunk);
                return Ok(parts);
            };
            chunk.advance(len);
            self.begin(&part);
            parts.push(part);
        }
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

    /// Whether all objects that began have ended.
    pub fn is_between_objects(&self) -> bool {
        self.finish().is_ok()
    }

    /// Completes a held head with bytes of `chunk`; false while it is not whole.
    fn complete_head(
        &mut self,
        chunk: &mut Bytes,
        parts: &mut SmallVec<[FetchPart; 4]>,
    ) -> Result<bool, Violation> {
        let held = self.held.len();
        let more = chunk.len().min(HEAD_BYTES_MAX.saturating_sub(held));
        self.held.extend_from_slice(chunk.get(..more).unwrap_or_default());
        let bytes = std::mem::take(&mut self.held).freeze();
        let Some((part, len)) = self.decode_part(&bytes)? else {
            self.held = BytesMut::from(bytes);
            chunk.clear();
            return Ok(false);
        };
        chunk.advance(len.saturating_sub(held));
        self.begin(&part);
        parts.push(part);
        Ok(true)
    }

    fn begin(&mut self, part: &FetchPart) {
        match part {
            FetchPart::Head(head) => {
                self.prior.follow(head);
                self.payload_left = head.payload_len;
            }
            FetchPart::Gap(_, last) => self.prior.location = Some(*last),
            FetchPart::Payload(_) => {}
        }
    }

    fn take_payload(&mut self, chunk: &mut Bytes, parts: &mut SmallVec<[FetchPart; 4]>) {
        let left = usize::try_from(self.payload_left).unwrap_or(usize::MAX);
        let payload = chunk.split_to(left.min(chunk.len()));
        if !payload.is_empty() {
            let taken = u64::try_from(payload.len()).unwrap_or(u64::MAX);
            self.payload_left = self.payload_left.saturating_sub(taken);
            parts.push(FetchPart::Payload(payload));
        }
    }

    /// A head or a gap with its length in bytes; `None` while bytes are missing.
    fn decode_part(&self, bytes: &Bytes) -> Result<Option<(FetchPart, usize)>, Violation> {
        let mut rest = &bytes[..];
        let Some(flags) = decode_varint(&mut rest) else {
            return Ok(None);
        };
        let part = match flags {
            END_OF_NON_EXISTENT => decode_gap(Gap::NonExistent, &mut rest)?,
            END_OF_UNKNOWN => decode_gap(Gap::Unknown, &mut rest)?,
            0..=FLAGS_MAX => self.decode_head(flags, bytes, &mut rest)?.map(FetchPart::Head),
            _ => return Err(Violation::FetchFlags(flags)),
        };
        Ok(part.map(|part| (part, bytes.len() - rest.len())))
    }

    /// The head behind `flags`; `rest` is the end of `bytes`.
    fn decode_head(
        &self,
        flags: u64,
        bytes: &Bytes,
        rest: &mut &[u8],
    ) -> Result<Option<FetchHead>, Violation> {
        let is_set = |bit: u64| flags & bit != 0;
        let has_subgroup = !is_set(DATAGRAM) && flags & SUBGROUP_MODE == SUBGROUP_PRESENT;
        let fields = [is_set(GROUP_DELTA), has_subgroup, is_set(OBJECT_DELTA)];
        let mut values = [None; 3];
        for (value, _) in values.iter_mut().zip(fields).filter(|(_, is_present)| *is_present) {
            *value = decode_varint(rest);
            if value.is_none() {
                return Ok(None);
            }
        }
        let [group_delta, subgroup, object_delta] = values;
        // What cannot be resolved is refused before anything more is waited for.
        let location = self.locate(group_delta, object_delta)?;
        let subgroup = self.subgroup_of(flags, subgroup)?;
        let priority = if is_set(PRIORITY) {
            if !rest.has_remaining() {
                return Ok(None);
            }
            rest.get_u8()
        } else {
            self.prior.priority.ok_or(Violation::FetchPrior("priority"))?
        };
        let Some(properties) = decode_properties(is_set(PROPERTIES), bytes, rest)? else {
            return Ok(None);
        };
        let Some(payload_len) = decode_varint(rest) else {
            return Ok(None);
        };
        check_size("object", payload_len, OBJECT_BYTES_MAX)?;
        Ok(Some(FetchHead { location, subgroup, priority, properties, payload_len }))
    }

    fn locate(
        &self,
        group_delta: Option<u64>,
        object_delta: Option<u64>,
    ) -> Result<Location, Violation> {
        let Some(prior) = self.prior.location else {
            let both = group_delta.zip(object_delta);
            return both
                .map(|(group, object)| Location::new(group, object))
                .ok_or(Violation::FetchPrior("location"));
        };
        let group = match (group_delta, self.order) {
            (None, _) => Some(prior.group),
            (Some(delta), GroupOrder::Ascending) => {
                prior.group.checked_add(1).and_then(|next| next.checked_add(delta))
            }
            (Some(delta), GroupOrder::Descending) => {
                prior.group.checked_sub(1).and_then(|next| next.checked_sub(delta))
            }
        };
        let object = match (object_delta, group_delta) {
            (Some(object), Some(_)) => Some(object),
            (Some(delta), None) => prior.object.checked_add(delta),
            (None, _) => prior.object.checked_add(1),
        };
        group
            .zip(object)
            .map(|(group, object)| Location::new(group, object))
            .ok_or(Violation::FetchLocation)
    }

    fn subgroup_of(
        &self,
        flags: u64,
        field: Option<SubgroupId>,
    ) -> Result<Option<SubgroupId>, Violation> {
        if flags & DATAGRAM != 0 {
            return Ok(None);
        }
        let prior = || self.prior.subgroup.ok_or(Violation::FetchPrior("subgroup"));
        Ok(Some(match flags & SUBGROUP_MODE {
            SUBGROUP_ZERO => 0,
            SUBGROUP_PRIOR => prior()?,
            SUBGROUP_NEXT => prior()?.checked_add(1).ok_or(Violation::FetchLocation)?,
            _ => field.ok_or(Violation::FetchPrior("subgroup"))?,
        }))
    }
}

fn decode_gap(gap: Gap, rest: &mut &[u8]) -> Result<Option<FetchPart>, Violation> {
    let Some((group, object)) = decode_varint(rest).zip(decode_varint(rest)) else {
        return Ok(None);
    };
    match decode_varint(rest) {
        None => Ok(None),
        Some(0) => Ok(Some(FetchPart::Gap(gap, Location::new(group, object)))),
        Some(_) => Err(Violation::Value { what: "an end of range's payload length" }),
    }
}

/// The pairs of an object's properties, checked; `None` while bytes are missing.
fn decode_properties(
    is_present: bool,
    bytes: &Bytes,
    rest: &mut &[u8],
) -> Result<Option<Bytes>, Violation> {
    if !is_present {
        return Ok(Some(Bytes::new()));
    }
    let Some(len) = decode_varint(rest) else {
        return Ok(None);
    };
    check_size("properties", len, PROPERTIES_BYTES_MAX)?;
    let Some(pairs) = usize::try_from(len).ok().and_then(|len| rest.get(..len)) else {
        return Ok(None);
    };
    check_pairs(pairs)?;
    let pairs = bytes.slice_ref(pairs);
    rest.advance(pairs.len());
    Ok(Some(pairs))
}

fn check_size(what: &'static str, bytes: u64, max: u64) -> Result<(), Violation> {
    if bytes > max { Err(Violation::TooLarge { what, bytes, max }) } else { Ok(()) }
}

#[cfg(test)]
#[path = "fetch_stream_tests.rs"]
mod tests;
