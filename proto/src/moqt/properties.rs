//! Properties of tracks and objects: key-value pairs that relays pass on (section 2.5).

use std::ops::Range;

use bytes::{Buf, BufMut, Bytes};
use moqtap_codec::kvp::{KeyValuePair, KvpValue};
use moqtap_codec::varint::VarInt;

use super::varint::{decode_varint, encode_varint};
use super::{GroupOrder, Location, PRIORITY_DEFAULT, Violation};

const OBJECT_DELIVERY_TIMEOUT: u64 = 0x02;
const MAX_CACHE_DURATION: u64 = 0x04;
const SUBGROUP_DELIVERY_TIMEOUT: u64 = 0x06;
const DEFAULT_PUBLISHER_PRIORITY: u64 = 0x0E;
const DEFAULT_PUBLISHER_GROUP_ORDER: u64 = 0x22;
const DYNAMIC_GROUPS: u64 = 0x30;
const IMMUTABLE: u64 = 0x0B;
const PRIOR_GROUP_ID_GAP: u64 = 0x3C;
const PRIOR_OBJECT_ID_GAP: u64 = 0x3E;

/// Properties that whoever passes a track on must understand; objects have none (section 2.5.1).
const MANDATORY: Range<u64> = 0x4000..0x8000;

/// One property's value: even types are integers, odd types are bytes (section 1.4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PropertyValue {
    /// The value of an even type.
    Integer(u64),
    /// The value of an odd type, at most 65,535 bytes.
    Bytes(Bytes),
}

/// Properties of an object, in ascending order of their types.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Properties(Vec<(u64, PropertyValue)>);

impl Properties {
    /// Adds a property. Types must be added in ascending order; even types take integers.
    #[must_use]
    pub fn with(mut self, kind: u64, value: PropertyValue) -> Self {
        self.0.push((kind, value));
        self.0.sort_by_key(|(kind, _)| *kind);
        self
    }

    /// Adds an integer property, for even types.
    #[must_use]
    pub fn with_integer(self, kind: u64, value: u64) -> Self {
        self.with(kind, PropertyValue::Integer(value))
    }

    /// The value of the first property of this type.
    pub fn get(&self, kind: u64) -> Option<&PropertyValue> {
        self.0.iter().find(|(found, _)| *found == kind).map(|(_, value)| value)
    }

    /// The integer of the first property of this type.
    pub fn integer(&self, kind: u64) -> Option<u64> {
        match self.get(kind)? {
            PropertyValue::Integer(value) => Some(*value),
            PropertyValue::Bytes(_) => None,
        }
    }

    /// How many groups right before the object's do not exist, as far as it says (section 12.8).
    pub fn prior_group_gap(&self) -> u64 {
        self.integer(PRIOR_GROUP_ID_GAP).unwrap_or(0)
    }

    /// How many objects right before this one do not exist, as far as it says (section 12.9).
    pub fn prior_object_gap(&self) -> u64 {
        self.integer(PRIOR_OBJECT_ID_GAP).unwrap_or(0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends the pairs without their length.
    pub fn encode(&self, buf: &mut impl BufMut) {
        let mut previous = 0;
        for (kind, value) in &self.0 {
            encode_varint(kind.saturating_sub(previous), buf);
            previous = *kind;
            match value {
                PropertyValue::Integer(value) => encode_varint(*value, buf),
                PropertyValue::Bytes(bytes) => {
                    encode_varint(u64::try_from(bytes.len()).unwrap_or(u64::MAX), buf);
                    buf.put_slice(bytes);
                }
            }
        }
    }

    /// Reads pairs that span all of `bytes`.
    ///
    /// # Errors
    /// [`Violation::Properties`] when they do not.
    pub fn decode(mut bytes: Bytes) -> Result<Self, Violation> {
        let mut pairs = Vec::new();
        let mut previous = 0_u64;
        while bytes.has_remaining() {
            let delta = decode_varint(&mut bytes).ok_or(Violation::Properties)?;
            let kind = previous.checked_add(delta).ok_or(Violation::Properties)?;
            previous = kind;
            let number = decode_varint(&mut bytes).ok_or(Violation::Properties)?;
            let value = if kind % 2 == 0 {
                PropertyValue::Integer(number)
            } else {
                let len = usize::from(u16::try_from(number).map_err(|_| Violation::Properties)?);
                if bytes.remaining() < len {
                    return Err(Violation::Properties);
                }
                PropertyValue::Bytes(bytes.split_to(len))
            };
            pairs.push((kind, value));
        }
        Ok(Self(pairs))
    }
}

/// Properties of a track, as its publisher gave them; a relay passes on what it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrackProperties(Vec<KeyValuePair>);

impl TrackProperties {
    pub(super) fn from_wire(pairs: Vec<KeyValuePair>) -> Result<Self, Violation> {
        let properties = Self(pairs);
        properties.check()?;
        Ok(properties)
    }

    pub(super) fn to_wire(&self) -> Vec<KeyValuePair> {
        self.0.clone()
    }

    /// Whether the publisher says nothing of the track.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same with DEFAULT_PUBLISHER_PRIORITY (section 12.4).
    #[must_use]
    pub fn with_priority(self, priority: u8) -> Self {
        self.with_integer(DEFAULT_PUBLISHER_PRIORITY, u64::from(priority))
    }

    /// The same with MAX_CACHE_DURATION in milliseconds (section 12.3).
    #[must_use]
    pub fn with_max_cache_duration_ms(self, duration: u64) -> Self {
        self.with_integer(MAX_CACHE_DURATION, duration)
    }

    /// The same with SUBGROUP_DELIVERY_TIMEOUT in milliseconds (section 12.1).
    #[must_use]
    pub fn with_subgroup_delivery_timeout_ms(self, timeout: u64) -> Self {
        self.with_integer(SUBGROUP_DELIVERY_TIMEOUT, timeout)
    }

    /// The same with DYNAMIC_GROUPS: the publisher begins a group when asked to (section 12.6).
    #[must_use]
    pub fn with_dynamic_groups(self) -> Self {
        self.with_integer(DYNAMIC_GROUPS, 1)
    }

    /// The same with OBJECT_DELIVERY_TIMEOUT in milliseconds (section 12.2).
    #[must_use]
    pub fn with_object_delivery_timeout_ms(self, timeout: u64) -> Self {
        self.with_integer(OBJECT_DELIVERY_TIMEOUT, timeout)
    }

    /// Adds any even-typed property.
    #[must_use]
    pub fn with_integer(mut self, kind: u64, value: u64) -> Self {
        self.0.retain(|pair| pair.key.into_inner() != kind);
        self.0.push(KeyValuePair {
            key: VarInt::from_u64_moqt(kind),
            value: KvpValue::Varint(VarInt::from_u64_moqt(value)),
        });
        self.0.sort_by_key(|pair| pair.key.into_inner());
        self
    }

    /// The track's publisher priority, 128 if it names none.
    pub fn priority(&self) -> u8 {
        self.integer(DEFAULT_PUBLISHER_PRIORITY)
            .and_then(|value| u8::try_from(value).ok())
            .unwrap_or(PRIORITY_DEFAULT)
    }

    /// Milliseconds after which an object is too old to be sent (section 8).
    pub fn object_delivery_timeout_ms(&self) -> Option<u64> {
        self.integer(OBJECT_DELIVERY_TIMEOUT)
    }

    /// Milliseconds after which a subgroup is too old to be sent (section 8).
    pub fn subgroup_delivery_timeout_ms(&self) -> Option<u64> {
        self.integer(SUBGROUP_DELIVERY_TIMEOUT)
    }

    /// Milliseconds after which an object is not served any more (section 12.3).
    pub fn max_cache_duration_ms(&self) -> Option<u64> {
        self.integer(MAX_CACHE_DURATION)
    }

    /// Whether the publisher begins a group when asked to.
    pub fn has_dynamic_groups(&self) -> bool {
        self.integer(DYNAMIC_GROUPS) == Some(1)
    }

    /// The publisher's preferred group order.
    pub fn group_order(&self) -> GroupOrder {
        match self.integer(DEFAULT_PUBLISHER_GROUP_ORDER) {
            Some(2) => GroupOrder::Descending,
            _ => GroupOrder::Ascending,
        }
    }

    /// The first property in the mandatory range (0x4000 to 0x7FFF): none is known here, so a
    /// track with one is not to be forwarded (section 2.5.1).
    pub fn unknown_mandatory(&self) -> Option<u64> {
        self.0.iter().map(|pair| pair.key.into_inner()).find(|kind| MANDATORY.contains(kind))
    }

    /// Looks among the mutable properties first, then inside the immutable ones (section 12.7).
    fn integer(&self, kind: u64) -> Option<u64> {
        self.0
            .iter()
            .find_map(|pair| match &pair.value {
                KvpValue::Varint(value) if pair.key.into_inner() == kind => {
                    Some(value.into_inner())
                }
                KvpValue::Varint(_) | KvpValue::Bytes(_) => None,
            })
            .or_else(|| self.immutable()?.integer(kind))
    }

    fn immutable(&self) -> Option<Properties> {
        let pair = self.0.iter().find(|pair| pair.key.into_inner() == IMMUTABLE)?;
        match &pair.value {
            KvpValue::Bytes(bytes) => Properties::decode(Bytes::copy_from_slice(bytes)).ok(),
            KvpValue::Varint(_) => None,
        }
    }

    fn check(&self) -> Result<(), Violation> {
        if self.integer(DEFAULT_PUBLISHER_PRIORITY).is_some_and(|value| value > 255) {
            return Err(Violation::Value { what: "DEFAULT_PUBLISHER_PRIORITY" });
        }
        let order = self.integer(DEFAULT_PUBLISHER_GROUP_ORDER);
        if order.is_some_and(|value| value != 1 && value != 2) {
            return Err(Violation::Value { what: "DEFAULT_PUBLISHER_GROUP_ORDER" });
        }
        if self.integer(DYNAMIC_GROUPS).is_some_and(|value| value > 1) {
            return Err(Violation::Value { what: "DYNAMIC_GROUPS" });
        }
        Ok(())
    }
}

/// What an object's properties say of where it is, and whether an object may have them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pairs {
    is_sound: bool,
    group_gap: u64,
    object_gap: u64,
}

impl Pairs {
    /// Whether the object at `location` may have them; a track of which one has others is malformed
    /// (sections 2.5.1, 12.7, 12.8 and 12.9).
    pub(super) const fn suit(&self, location: Location) -> bool {
        self.is_sound && self.group_gap <= location.group && self.object_gap <= location.object
    }
}

/// Whether `bytes` is a sequence of whole key-value pairs, without keeping any of them.
pub(super) fn check_pairs(bytes: &[u8]) -> Result<Pairs, Violation> {
    let mut pairs = Pairs { is_sound: true, group_gap: 0, object_gap: 0 };
    let mut seen = [false; 3];
    each_pair(bytes, |kind, number, value| {
        let once = [IMMUTABLE, PRIOR_GROUP_ID_GAP, PRIOR_OBJECT_ID_GAP];
        for (once, seen) in once.into_iter().zip(&mut seen).filter(|(once, _)| *once == kind) {
            pairs.is_sound &= !std::mem::replace(seen, once == kind);
        }
        match kind {
            PRIOR_GROUP_ID_GAP => pairs.group_gap = number,
            PRIOR_OBJECT_ID_GAP => pairs.object_gap = number,
            IMMUTABLE => pairs.is_sound &= are_sound_inside(value),
            _ => pairs.is_sound &= !MANDATORY.contains(&kind),
        }
    })?;
    Ok(pairs)
}

/// Whether immutable properties are pairs, none of them immutable properties again.
fn are_sound_inside(bytes: &[u8]) -> bool {
    let mut are_sound = true;
    let read = each_pair(bytes, |kind, _, _| {
        are_sound &= kind != IMMUTABLE && !MANDATORY.contains(&kind);
    });
    are_sound && read.is_ok()
}

/// Calls `see` with each pair's type, its integer or length, and its bytes.
fn each_pair(bytes: &[u8], mut see: impl FnMut(u64, u64, &[u8])) -> Result<(), Violation> {
    let mut buf = bytes;
    let mut kind = 0_u64;
    while buf.has_remaining() {
        let delta = decode_varint(&mut buf).ok_or(Violation::Properties)?;
        kind = kind.checked_add(delta).ok_or(Violation::Properties)?;
        let number = decode_varint(&mut buf).ok_or(Violation::Properties)?;
        let mut value: &[u8] = &[];
        if kind % 2 == 1 {
            let len = usize::from(u16::try_from(number).map_err(|_| Violation::Properties)?);
            (value, buf) = buf.split_at_checked(len).ok_or(Violation::Properties)?;
        }
        see(kind, number, value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_that_no_object_may_have_are_noticed() {
        let none = Properties::default;
        let inside = |bytes: &'static [u8]| {
            none().with(0x0B, PropertyValue::Bytes(Bytes::from_static(bytes)))
        };
        for (properties, is_sound) in [
            (none().with_integer(0x3FFE, 1), true),
            (none().with_integer(0x4000, 1), false),
            (none().with_integer(0x7FFE, 1), false),
            (none().with_integer(0x3E, 5), true),
            (none().with_integer(0x3E, 6), false),
            (none().with_integer(0x3C, 1), false),
            (none().with_integer(0x3E, 1).with_integer(0x3E, 1), false),
            (inside(&[0x10, 1]), true),
            (inside(&[0x0B, 0]), false),
            (inside(&[0x10]), false),
            (inside(&[]).with(0x0B, PropertyValue::Bytes(Bytes::new())), false),
        ] {
            let mut pairs = Vec::new();
            properties.encode(&mut pairs);
            let suit = check_pairs(&pairs).unwrap().suit(Location::new(0, 5));
            assert_eq!(suit, is_sound, "{properties:?}");
        }
    }
}
