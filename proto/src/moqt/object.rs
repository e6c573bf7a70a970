//! One object in wire form, for those who publish: delta, properties, length, payload
//! (section 11.4.2).

use bytes::{BufMut, Bytes, BytesMut};

use super::varint::encode_varint;
use super::{ObjectId, Properties};

/// What an object is (section 11.2.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ObjectStatus {
    /// An object with a payload, possibly an empty one.
    #[default]
    Normal,
    /// The group has no object at or beyond this one.
    EndOfGroup,
    /// The track has no object at or beyond this one.
    EndOfTrack,
}

impl ObjectStatus {
    /// The number on the wire.
    pub const fn get(self) -> u64 {
        match self {
            Self::Normal => 0x0,
            Self::EndOfGroup => 0x3,
            Self::EndOfTrack => 0x4,
        }
    }

    /// The status that `value` stands for.
    pub const fn from_wire(value: u64) -> Option<Self> {
        match value {
            0x0 => Some(Self::Normal),
            0x3 => Some(Self::EndOfGroup),
            0x4 => Some(Self::EndOfTrack),
            _ => None,
        }
    }
}

/// Writes the objects of one subgroup one after the other.
#[derive(Debug, Default)]
pub struct ObjectWriter {
    has_properties: bool,
    previous: Option<ObjectId>,
}

impl ObjectWriter {
    /// A writer for a subgroup whose header has, or has not, the PROPERTIES bit.
    pub const fn new(has_properties: bool) -> Self {
        Self { has_properties, previous: None }
    }

    /// A writer for objects that follow object `previous`.
    pub const fn after(has_properties: bool, previous: ObjectId) -> Self {
        Self { has_properties, previous: Some(previous) }
    }

    /// The wire form of object `id`, which must be larger than the one before. `properties` are
    /// left out when the header has no PROPERTIES bit.
    pub fn write(&mut self, id: ObjectId, properties: &Properties, payload: &[u8]) -> Bytes {
        let mut bytes = BytesMut::with_capacity(payload.len().saturating_add(48));
        self.head(id, properties, &mut bytes);
        encode_varint(u64::try_from(payload.len()).unwrap_or(u64::MAX), &mut bytes);
        if payload.is_empty() {
            encode_varint(ObjectStatus::Normal.get(), &mut bytes);
        }
        bytes.put_slice(payload);
        bytes.freeze()
    }

    /// The wire form of a status without payload.
    pub fn write_status(&mut self, id: ObjectId, status: ObjectStatus) -> Bytes {
        let mut bytes = BytesMut::with_capacity(16);
        self.head(id, &Properties::default(), &mut bytes);
        encode_varint(0, &mut bytes);
        encode_varint(status.get(), &mut bytes);
        bytes.freeze()
    }

    fn head(&mut self, id: ObjectId, properties: &Properties, bytes: &mut BytesMut) {
        let delta = match self.previous {
            Some(previous) => id.saturating_sub(previous).saturating_sub(1),
            None => id,
        };
        self.previous = Some(id);
        encode_varint(delta, bytes);
        if self.has_properties {
            let mut pairs = BytesMut::new();
            properties.encode(&mut pairs);
            encode_varint(u64::try_from(pairs.len()).unwrap_or(u64::MAX), bytes);
            bytes.put_slice(&pairs);
        }
    }
}
