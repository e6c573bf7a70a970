//! Objects in datagrams.

use bytes::Bytes;
use mosaik_proto::moqt::{Datagram, ObjectStatus, Properties};

/// What is let in survives, and is sound.
pub fn check(input: &[u8]) {
    let Ok(Some(datagram)) = Datagram::decode(Bytes::copy_from_slice(input)) else {
        return;
    };
    assert!(datagram.status == ObjectStatus::Normal || datagram.payload.is_empty());
    let properties = Properties::decode(datagram.properties.clone());
    assert!(properties.is_ok(), "properties that the decoder let in");
    let again = datagram.encode(datagram.track_alias);
    assert!(again.len() <= input.len(), "a datagram grew: it may not fit any more");
    assert_eq!(Datagram::decode(again), Ok(Some(datagram)));
}
