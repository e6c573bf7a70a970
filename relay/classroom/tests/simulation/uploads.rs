//! Uploads as a page sends them: a deck of two pages, or a small file.

use bytes::Bytes;
use mosaik_classroom::Input;
use mosaik_proto::room::{ParticipantId, UploadKey};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// An upload that the room asks for.
pub(crate) struct Upload {
    from: ParticipantId,
    key: UploadKey,
    place: (u64, u64),
}

impl Upload {
    pub(crate) const fn new(from: ParticipantId, key: UploadKey) -> Self {
        Self { from, key, place: (0, 0) }
    }

    pub(crate) fn is(&self, from: ParticipantId, key: UploadKey) -> bool {
        (self.from, self.key) == (from, key)
    }

    /// The object that comes next.
    pub(crate) fn next(&mut self) -> Input {
        let place = self.place;
        let is_deck = self.key % 2 == 1;
        let bytes = match place {
            (_, 0) if !is_deck => br#"{"kind":"part","size":20}"#.to_vec(),
            (2, 0) => br#"{"kind":"end"}"#.to_vec(),
            (page, 0) => {
                format!(r#"{{"kind":"page","page":{page},"form":"small","size":8,"pixels":[4,3]}}"#)
                    .into_bytes()
            }
            _ if is_deck => PNG.to_vec(),
            _ => vec![b'x'; 20],
        };
        self.place = if place.1 == 0 { (place.0, 1) } else { (place.0 + 1, 0) };
        Input::Upload { from: self.from, key: self.key, place, bytes: Bytes::from(bytes) }
    }
}
