//! Low Overhead Container: what media objects say of themselves (draft-ietf-moq-loc-04).

use std::str;

use bytes::Bytes;

use crate::moqt::{Properties, PropertyValue};

/// Timestamp: capture time in microseconds since the Unix epoch, as we send no timescale.
pub const TIMESTAMP: u64 = 0x10;
/// Audio Level: RFC 6464, bit 7 voice activity, bits 0 to 6 the level in -dBov.
pub const AUDIO_LEVEL: u64 = 0x0C;

/// Rendition: on the first object of each group, which rendition of its track the group is of, as the
/// last part of the rendition's name (`mid` for `cam/mid`). Ours, not LOC's: who receives a switching
/// track knows by it what it gets (docs/protocol.md).
pub const RENDITION: u64 = 0x4D53_0001;

/// Bytes that a rendition's name has at most.
pub const RENDITION_BYTES_MAX: usize = 16;

/// Properties of an object captured at `micros` since the Unix epoch.
pub fn captured_at(micros: u64) -> Properties {
    Properties::default().with_integer(TIMESTAMP, micros)
}

/// When the object was captured, in microseconds since the Unix epoch.
pub fn timestamp(properties: &Properties) -> Option<u64> {
    properties.integer(TIMESTAMP)
}

/// The same properties with the name of the rendition that a group is of.
#[must_use]
pub fn with_rendition(properties: Properties, name: &'static str) -> Properties {
    properties.with(RENDITION, PropertyValue::Bytes(Bytes::from_static(name.as_bytes())))
}

/// The rendition that the object's group is of: letters `a-z`, digits and `-`, at most
/// [`RENDITION_BYTES_MAX`] of them. What is none is taken for no rendition.
pub fn rendition(properties: &Properties) -> Option<&str> {
    let Some(PropertyValue::Bytes(name)) = properties.get(RENDITION) else {
        return None;
    };
    let is_sound = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    let is_name = (1..=RENDITION_BYTES_MAX).contains(&name.len()) && name.iter().all(is_sound);
    str::from_utf8(name).ok().filter(|_| is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rendition_has_a_short_plain_name_or_none() {
        let of = |name: &'static str| with_rendition(captured_at(1), name);
        assert_eq!(rendition(&of("mid")), Some("mid"));
        assert_eq!(timestamp(&of("mid")), Some(1));
        for wrong in ["", "Mid", "m\u{fc}d", "a/b", "a-name-of-17-chars"] {
            assert_eq!(rendition(&of(wrong)), None, "{wrong:?}");
        }
        assert_eq!(rendition(&captured_at(1)), None);
    }
}
