//! Objects in datagrams (section 11.3.1).

use bytes::{Buf, BufMut, Bytes, BytesMut};

use super::properties::check_pairs;
use super::subgroup::PROPERTIES_BYTES_MAX;
use super::varint::{decode_varint, encode_varint};
use super::{Location, ObjectStatus, Violation, stream_type};

const PROPERTIES: u64 = 0x01;
const END_OF_GROUP: u64 = 0x02;
const ZERO_OBJECT_ID: u64 = 0x04;
const DEFAULT_PRIORITY: u64 = 0x08;
const STATUS: u64 = 0x20;

/// One object that travels alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// The track, as its publisher numbered it.
    pub track_alias: u64,
    /// The object.
    pub location: Location,
    /// Publisher priority; `None` for the track's default.
    pub priority: Option<u8>,
    /// Whether the group ends with this object.
    pub end_of_group: bool,
    /// The properties' pairs, empty for none.
    pub properties: Bytes,
    /// What the object is; only normal objects have a payload.
    pub status: ObjectStatus,
    /// The payload: all the rest of the datagram.
    pub payload: Bytes,
}

impl Datagram {
    /// Reads a datagram; `None` for padding.
    ///
    /// # Errors
    /// [`Violation`] where the draft says that the session ends.
    pub fn decode(mut bytes: Bytes) -> Result<Option<Self>, Violation> {
        let missing = || Violation::DatagramTruncated;
        let kind = decode_varint(&mut bytes).ok_or_else(missing)?;
        if kind == stream_type::PADDING_DATAGRAM {
            return Ok(None);
        }
        let excluded = kind & STATUS != 0 && kind & END_OF_GROUP != 0;
        if kind & !0x2F != 0 || excluded {
            return Err(Violation::DatagramType(kind));
        }
        let track_alias = decode_varint(&mut bytes).ok_or_else(missing)?;
        let group = decode_varint(&mut bytes).ok_or_else(missing)?;
        let object = if kind & ZERO_OBJECT_ID != 0 {
            0
        } else {
            decode_varint(&mut bytes).ok_or_else(missing)?
        };
        let priority = if kind & DEFAULT_PRIORITY != 0 {
            None
        } else {
            Some(bytes.try_get_u8().map_err(|_| missing())?)
        };
        let mut properties = Bytes::new();
        if kind & PROPERTIES != 0 {
            properties = decode_properties(&mut bytes)?;
        }
        let mut status = ObjectStatus::Normal;
        if kind & STATUS != 0 {
            let value = decode_varint(&mut bytes).ok_or_else(missing)?;
            status = ObjectStatus::from_wire(value).ok_or(Violation::ObjectStatus(value))?;
            if status != ObjectStatus::Normal && !properties.is_empty() {
                return Err(Violation::PropertiesOnStatus(value));
            }
            if bytes.has_remaining() {
                return Err(Violation::Value { what: "a datagram with a status" });
            }
        }
        let end_of_group = kind & END_OF_GROUP != 0;
        let location = Location::new(group, object);
        let payload = bytes;
        Ok(Some(Self {
            track_alias,
            location,
            priority,
            end_of_group,
            properties,
            status,
            payload,
        }))
    }

    /// Whether it may have the properties that it has; otherwise its track is malformed.
    pub fn is_sound(&self) -> bool {
        check_pairs(&self.properties).is_ok_and(|pairs| pairs.suit(self.location))
    }

    /// The datagram for a subscriber who knows the track as `track_alias`.
    pub fn encode(&self, track_alias: u64) -> Bytes {
        let bit = |set: bool, bit: u64| if set { bit } else { 0 };
        // An empty payload needs no status: a datagram's payload has no length of its own.
        let has_status = self.status != ObjectStatus::Normal;
        let kind = bit(!self.properties.is_empty(), PROPERTIES)
            | bit(self.end_of_group, END_OF_GROUP)
            | bit(self.location.object == 0, ZERO_OBJECT_ID)
            | bit(self.priority.is_none(), DEFAULT_PRIORITY)
            | bit(has_status, STATUS);
        let mut bytes = BytesMut::with_capacity(self.payload.len().saturating_add(48));
        encode_varint(kind, &mut bytes);
        encode_varint(track_alias, &mut bytes);
        encode_varint(self.location.group, &mut bytes);
        if self.location.object != 0 {
            encode_varint(self.location.object, &mut bytes);
        }
        if let Some(priority) = self.priority {
            bytes.put_u8(priority);
        }
        if !self.properties.is_empty() {
            encode_varint(u64::try_from(self.properties.len()).unwrap_or(u64::MAX), &mut bytes);
            bytes.put_slice(&self.properties);
        }
        if has_status {
            encode_varint(self.status.get(), &mut bytes);
        } else {
            bytes.put_slice(&self.payload);
        }
        bytes.freeze()
    }
}

fn decode_properties(bytes: &mut Bytes) -> Result<Bytes, Violation> {
    let len = decode_varint(bytes).ok_or(Violation::DatagramTruncated)?;
    if len == 0 {
        return Err(Violation::Properties);
    }
    if len > PROPERTIES_BYTES_MAX {
        let what = "properties";
        return Err(Violation::TooLarge { what, bytes: len, max: PROPERTIES_BYTES_MAX });
    }
    let len = usize::try_from(len).map_err(|_| Violation::Properties)?;
    if bytes.remaining() < len {
        return Err(Violation::DatagramTruncated);
    }
    let pairs = bytes.split_to(len);
    check_pairs(&pairs)?;
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Properties;
    use super::*;

    proptest! {
        #[test]
        fn datagrams_survive(
            track_alias: u64, group: u64, object in 0_u64..3, priority: Option<u8>,
            end_of_group: bool, property: Option<u32>, payload: Vec<u8>,
        ) {
            let mut properties = BytesMut::new();
            if let Some(value) = property {
                Properties::default().with_integer(0x10, u64::from(value)).encode(&mut properties);
            }
            let datagram = Datagram {
                track_alias,
                location: Location::new(group, object),
                priority,
                end_of_group,
                properties: properties.freeze(),
                status: ObjectStatus::Normal,
                payload: payload.into(),
            };
            let decoded = Datagram::decode(datagram.encode(track_alias)).unwrap();
            prop_assert_eq!(decoded, Some(datagram));
        }

        #[test]
        fn any_bytes_decode_or_are_refused(bytes: Vec<u8>) {
            let _ = Datagram::decode(bytes.into());
        }
    }
}
