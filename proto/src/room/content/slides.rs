//! Slides: decks of pages, and the page that everyone is shown.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{FileName, UploadKey};
use crate::room::{ParticipantId, RawText};

/// Counts a room's decks from 1 on.
pub type DeckId = u64;

/// Width and height in pixels.
pub type PageSize = [u16; 2];

/// What there is of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SlideForm {
    /// A picture that is there soon on a weak line.
    Small,
    /// One that is sharp on a large screen.
    Sharp,
    /// One to zoom into.
    Sharper,
    /// What is written on the page.
    Text,
}

/// Some pages that somebody brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Deck {
    /// Which one.
    #[ts(type = "number")]
    pub id: DeckId,
    /// What it is called.
    pub name: FileName,
    /// Who brought it.
    pub by: ParticipantId,
    /// How many pages there will be.
    pub length: u16,
    /// The sizes of the first pages: those that are there.
    pub pages: Vec<PageSize>,
    /// Whether more still comes: pages, or sharper pictures of them.
    pub is_coming: bool,
}

/// The page that everyone is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShownSlide {
    /// Of which deck.
    #[ts(type = "number")]
    pub deck: DeckId,
    /// Which page, from 0 on.
    pub page: u16,
    /// Who turned to it.
    pub by: ParticipantId,
}

/// All slides of a room.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SlidesSnapshot {
    /// Decks, oldest first.
    pub decks: Vec<Deck>,
    /// What everyone is shown.
    pub shown: Option<ShownSlide>,
}

/// What is asked about slides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum SlidesAct {
    /// Bring a deck and show its first page: the room asks for `upload/<key>` of whoever brings it.
    Open {
        /// The upload.
        key: UploadKey,
        /// What the deck is called.
        name: RawText,
        /// How many pages it has.
        length: u16,
    },
    /// Turn to a page.
    Show {
        /// Of which deck.
        #[ts(type = "number")]
        deck: DeckId,
        /// Which page.
        page: u16,
    },
    /// Show none.
    Hide {},
    /// Take a deck away: one's own, or as a moderator any.
    Remove {
        /// Which one.
        #[ts(type = "number")]
        deck: DeckId,
    },
}

/// A change of the slides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum SlidesChange {
    /// There is another deck.
    Opened {
        /// Which.
        deck: Deck,
    },
    /// The next page of a deck is there.
    Page {
        /// Of which deck.
        #[ts(type = "number")]
        deck: DeckId,
        /// Its size.
        size: PageSize,
    },
    /// Nothing more comes of a deck.
    Complete {
        /// Of which deck.
        #[ts(type = "number")]
        deck: DeckId,
    },
    /// Another page is shown, or none.
    Shown {
        /// Which one.
        shown: Option<ShownSlide>,
    },
    /// A deck is gone; if it was shown, nothing is.
    Removed {
        /// Which.
        #[ts(type = "number")]
        deck: DeckId,
    },
}
