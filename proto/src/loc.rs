//! Low Overhead Container: what media objects say of themselves (draft-ietf-moq-loc-04).

use crate::moqt::Properties;

/// Timestamp: capture time in microseconds since the Unix epoch, as we send no timescale.
pub const TIMESTAMP: u64 = 0x10;
/// Audio Level: RFC 6464, bit 7 voice activity, bits 0 to 6 the level in -dBov.
pub const AUDIO_LEVEL: u64 = 0x0C;

/// Properties of an object captured at `micros` since the Unix epoch.
pub fn captured_at(micros: u64) -> Properties {
    Properties::default().with_integer(TIMESTAMP, micros)
}

/// When the object was captured, in microseconds since the Unix epoch.
pub fn timestamp(properties: &Properties) -> Option<u64> {
    properties.integer(TIMESTAMP)
}
