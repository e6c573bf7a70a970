//! The notes that a room writes together: Yjs updates, and where everyone's cursor is.
//!
//! Bytes are base64url text without padding, since all control objects are JSON.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::TS;

use super::limits::{NOTES_SPOT_BYTES_MAX, NOTES_UPDATE_BYTES_MAX};
use super::{ParticipantId, UnixMillis};

/// Tells the notes from those that were cleared before; rises with time.
pub type NotesEdition = UnixMillis;

/// Bytes of Yjs, of at most `MAX`.
#[derive(Clone, PartialEq, Eq, Default, TS)]
#[ts(type = "string")]
pub struct NotesBytes<const MAX: usize>(Vec<u8>);

/// Changes of the notes: a Yjs update in its first encoding.
pub type NotesUpdate = NotesBytes<NOTES_UPDATE_BYTES_MAX>;

/// A place between two characters: a relative position of Yjs.
pub type NotesSpot = NotesBytes<NOTES_SPOT_BYTES_MAX>;

impl<const MAX: usize> NotesBytes<MAX> {
    /// These bytes, if they are not too many.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() <= MAX).then_some(Self(bytes))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What people write stays out of logs.
impl<const MAX: usize> fmt::Debug for NotesBytes<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NotesBytes({})", self.0.len())
    }
}

impl<const MAX: usize> Serialize for NotesBytes<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(&self.0, serializer)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for NotesBytes<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let text = String::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(D::Error::custom)?;
        Self::new(bytes).ok_or_else(|| D::Error::custom(format_args!("more than {MAX} bytes")))
    }
}

fn write<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&URL_SAFE_NO_PAD.encode(bytes))
}

/// What someone has marked; both ends are the same where it is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotesCursor {
    /// Where the mark began.
    #[ts(type = "string")]
    pub anchor: NotesSpot,
    /// Where the cursor is.
    #[ts(type = "string")]
    pub head: NotesSpot,
}

/// What someone asks about the notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum NotesAct {
    /// Write.
    Write {
        /// The notes that are meant.
        #[ts(type = "number")]
        edition: NotesEdition,
        /// What is different: all of it by one writer's hand, in the order in which it was written.
        #[ts(type = "string")]
        update: NotesUpdate,
        /// Where the cursor is behind it.
        #[serde(default)]
        cursor: Option<NotesCursor>,
    },
    /// Say where one's cursor is; none: it is not in the notes.
    Point {
        /// The notes that are meant.
        #[ts(type = "number")]
        edition: NotesEdition,
        /// Where it is.
        cursor: Option<NotesCursor>,
    },
    /// Begin with an empty page.
    Clear {},
}

/// One object of the `notes` track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum NotesObject<'a> {
    /// Begins a group.
    Document {
        /// Which notes these are.
        #[ts(type = "number")]
        edition: NotesEdition,
        /// All of them.
        #[serde(serialize_with = "write_slice")]
        #[ts(type = "string")]
        update: &'a [u8],
    },
    /// Somebody wrote.
    Update {
        /// In which notes.
        #[ts(type = "number")]
        edition: NotesEdition,
        /// Who.
        by: ParticipantId,
        /// What is different.
        #[ts(type = "string")]
        update: NotesUpdate,
        /// Where the cursor is behind it.
        cursor: Option<NotesCursor>,
    },
    /// Somebody's cursor is elsewhere; nothing is kept of it.
    Cursor {
        /// In which notes.
        #[ts(type = "number")]
        edition: NotesEdition,
        /// Whose.
        by: ParticipantId,
        /// Where; none: it is not in the notes any more.
        cursor: Option<NotesCursor>,
    },
}

fn write_slice<S: Serializer>(bytes: &&[u8], serializer: S) -> Result<S::Ok, S::Error> {
    write(bytes, serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_base64url_text_within_their_bound() {
        let spot: NotesSpot = serde_json::from_str(r#""-_8""#).unwrap();
        assert_eq!(spot.as_bytes(), [0xfb, 0xff]);
        assert_eq!(serde_json::to_string(&spot).unwrap(), r#""-_8""#);
        let longest = URL_SAFE_NO_PAD.encode(vec![7; NOTES_SPOT_BYTES_MAX]);
        assert!(serde_json::from_value::<NotesSpot>(longest.into()).is_ok());
        for bad in [URL_SAFE_NO_PAD.encode(vec![7; NOTES_SPOT_BYTES_MAX + 1]), "+/8".into()] {
            assert!(serde_json::from_value::<NotesSpot>(bad.into()).is_err());
        }
    }

    #[test]
    fn a_group_begins_with_all_of_the_notes() {
        let object = NotesObject::Document { edition: 7, update: &[0, 0] };
        let json = r#"{"kind":"document","edition":7,"update":"AAA"}"#;
        assert_eq!(serde_json::to_string(&object).unwrap(), json);
    }
}
