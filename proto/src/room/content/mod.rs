//! What people bring into a room: uploads, the slides and files that they become, and the tracks that
//! the room makes of them.

mod files;
mod kind;
mod name;
mod slides;
mod track;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Refusal;

pub use files::{FileAct, FileChange, FileId, SharedFile};
pub use kind::ContentKind;
pub use name::FileName;
pub use slides::{
    Deck, DeckId, PageSize, ShownSlide, SlideForm, SlidesAct, SlidesChange, SlidesSnapshot,
};
pub use track::{ContentHead, ContentTrack};

/// An upload of a participant, who draws the number by chance; its track is `upload/<key>`.
pub type UploadKey = u32;

/// The object that the room wants next of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UploadPlace {
    /// The group: a piece of what is uploaded, counted from 0.
    #[ts(type = "number")]
    pub group: u64,
    /// The object in it: 0 is the piece's head.
    #[ts(type = "number")]
    pub object: u64,
}

/// How far an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UploadProgress {
    /// Which one.
    pub key: UploadKey,
    /// What the room has not got yet begins here.
    pub next: UploadPlace,
}

/// How an upload ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UploadOver {
    /// Which one.
    pub key: UploadKey,
    /// Why the room did not take it; none: it has everything.
    pub refusal: Option<Refusal>,
}

/// The first object of each group of an upload: what the bytes after it are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum PieceHead {
    /// A part of a file: all parts but the last have [`FILE_PART_BYTES`](super::FILE_PART_BYTES).
    Part {
        /// Bytes of it.
        size: u32,
    },
    /// One form of a page. The first forms come in the order of pages.
    Page {
        /// Which page, from 0 on.
        page: u16,
        /// Which form.
        form: SlideForm,
        /// Bytes of it.
        size: u32,
        /// How wide and tall the picture is, in pixels; of text, 0.
        pixels: PageSize,
    },
    /// Nothing more comes of the deck.
    End {},
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_says_what_it_is_and_nothing_else() {
        let head = r#"{"kind":"page","page":3,"form":"small","size":30000,"pixels":[1280,720]}"#;
        let read: PieceHead = serde_json::from_str(head).unwrap();
        let wanted =
            PieceHead::Page { page: 3, form: SlideForm::Small, size: 30_000, pixels: [1280, 720] };
        assert_eq!(read, wanted);
        for bad in [
            r#"{"kind":"part","size":-1}"#,
            r#"{"kind":"part","size":1,"name":"../x"}"#,
            r#"{"kind":"page","page":3,"form":"huge","size":1,"pixels":[1,1]}"#,
        ] {
            assert!(serde_json::from_str::<PieceHead>(bad).is_err(), "{bad}");
        }
    }
}
