//! The tracks in which a room offers what people brought.

use std::fmt;

use serde::Serialize;
use ts_rs::TS;

use super::{ContentKind, DeckId, FileId, SlideForm};

/// Publisher priority of what everyone is looking at: above pictures, and it may wait (docs/protocol.md).
const LOOKED_AT_PRIORITY: u8 = 96;

/// Of everything else that people brought: below all that is live.
const LATER_PRIORITY: u8 = 224;

/// A track of content: one group, whose first object is a [`ContentHead`] and whose others are the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContentTrack {
    /// `files/<id>/<part>`
    File {
        /// Which file.
        id: FileId,
        /// Which part, from 0 on.
        part: u16,
    },
    /// `slides/<deck>/<page>-<form>`
    Slide {
        /// Which deck.
        deck: DeckId,
        /// Which page.
        page: u16,
        /// Which form.
        form: SlideForm,
    },
}

impl ContentTrack {
    /// The priority that the room publishes it with.
    pub const fn priority(self) -> u8 {
        match self {
            Self::Slide { form: SlideForm::Small | SlideForm::Text, .. } => LOOKED_AT_PRIORITY,
            Self::Slide { .. } | Self::File { .. } => LATER_PRIORITY,
        }
    }
}

impl fmt::Display for ContentTrack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { id, part } => write!(f, "files/{id}/{part}"),
            Self::Slide { deck, page, form } => {
                let form = match form {
                    SlideForm::Small => "small",
                    SlideForm::Sharp => "sharp",
                    SlideForm::Sharper => "sharper",
                    SlideForm::Text => "text",
                };
                write!(f, "slides/{deck}/{page}-{form}")
            }
        }
    }
}

/// The first object of a track of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContentHead {
    /// Bytes that follow.
    pub size: u32,
    /// What they are; of a file, what its first part is.
    pub kind: ContentKind,
}
