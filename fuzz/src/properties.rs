//! Properties of objects, and what LOC reads in them.

use bytes::{Bytes, BytesMut};
use mosaik_proto::loc;
use mosaik_proto::moqt::{Properties, PropertyValue};

/// Pairs survive, and LOC finds what stands in them.
pub fn check(input: &[u8]) {
    let Ok(properties) = Properties::decode(Bytes::copy_from_slice(input)) else {
        return;
    };
    assert_eq!(properties.is_empty(), input.is_empty());
    let mut again = BytesMut::new();
    properties.encode(&mut again);
    assert!(again.len() <= input.len(), "properties grew: they may not fit any more");
    assert_eq!(Properties::decode(again.freeze()).as_ref(), Ok(&properties));

    for kind in [loc::TIMESTAMP, loc::AUDIO_LEVEL] {
        let is_integer = matches!(properties.get(kind), None | Some(PropertyValue::Integer(_)));
        assert!(is_integer, "bytes below the even type {kind:#x}");
    }
    if let Some(micros) = loc::timestamp(&properties) {
        assert_eq!(loc::timestamp(&loc::captured_at(micros)), Some(micros));
    }
    // Gaps are subtracted from IDs: they must be the numbers that stand there, or none.
    assert_eq!(properties.prior_group_gap(), properties.integer(0x3C).unwrap_or(0));
    assert_eq!(properties.prior_object_gap(), properties.integer(0x3E).unwrap_or(0));
}
