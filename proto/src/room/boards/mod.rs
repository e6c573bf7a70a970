//! Whiteboards: which there are, what is asked about them, and what their tracks say.

mod packed;
mod shape;
mod sketch;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::TS;

use super::{BadName, BreakoutId, DeckId, DisplayName, ParticipantId, Revision};

pub use packed::{BadPacked, UNPACKED_BYTES_MAX, pack, unpack};
pub use shape::{BadShape, Points, SHAPE_POINTS_MAX, SHAPE_TEXT_CHARS_MAX, Shape};
pub use sketch::{SKETCH_GRID, Sketch};

/// Changes of one command: a class's worth of shapes that one eraser passes over.
pub const OPS_PER_DRAW_MAX: usize = 64;

/// A board; it is written as its track's name behind `board/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, TS)]
#[ts(type = "string")]
pub enum BoardId {
    /// A page for everyone.
    Page(u16),
    /// What is drawn over a slide.
    Slide {
        /// Which slides.
        deck: DeckId,
        /// Which of them, the first is 0.
        page: u16,
    },
    /// A person's own, for them and for moderators.
    Own(ParticipantId),
    /// A group's, for those who are in it and for moderators.
    Group(BreakoutId),
}

impl fmt::Display for BoardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(number) => write!(f, "page/{number}"),
            Self::Slide { deck, page } => write!(f, "slides/{deck}/{page}"),
            Self::Own(of) => write!(f, "own/{of}"),
            Self::Group(of) => write!(f, "group/{of}"),
        }
    }
}

impl FromStr for BoardId {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let parts: Vec<&str> = text.split('/').collect();
        let id = match *parts.as_slice() {
            ["page", page] => Self::Page(number(page)?),
            ["slides", deck, page] => Self::Slide { deck: number(deck)?, page: number(page)? },
            ["own", of] => Self::Own(of.parse()?),
            ["group", of] => Self::Group(number(of)?),
            _ => return Err(BadName),
        };
        // One board has one name: no leading zeros or signs.
        if id.to_string() == text { Ok(id) } else { Err(BadName) }
    }
}

fn number<T: FromStr>(text: &str) -> Result<T, BadName> {
    text.parse().map_err(|_| BadName)
}

/// A shape's name: whose it is, and their number for it. Written as `<participant>.<number>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, TS)]
#[ts(type = "string")]
pub struct ShapeId {
    /// Who drew it.
    pub by: ParticipantId,
    /// Their number for it.
    pub number: u32,
}

impl fmt::Display for ShapeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.by, self.number)
    }
}

impl FromStr for ShapeId {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let (by, number) = text.split_once('.').ok_or(BadName)?;
        let id = Self { by: by.parse()?, number: number.parse().map_err(|_| BadName)? };
        if id.to_string() == text { Ok(id) } else { Err(BadName) }
    }
}

macro_rules! written_as_text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
written_as_text!(BoardId, ShapeId);

/// A change of a board. What it is about may be gone: then nothing happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum BoardOp {
    /// This shape is so from here on; a new one lies above all others.
    Put {
        /// Which.
        id: ShapeId,
        /// What it is.
        shape: Shape,
        /// A new one lies right below this one, if it is there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        below: Option<ShapeId>,
    },
    /// A stroke goes on, if what is known of it is as long as its author thinks.
    Extend {
        /// Which.
        id: ShapeId,
        /// How many characters there are already.
        at: u32,
        /// What follows them.
        points: Points,
    },
    /// Its first point is here, and the others move along.
    Place {
        /// Which.
        id: ShapeId,
        /// From the left edge.
        x: i16,
        /// From the top edge.
        y: i16,
    },
    /// It is gone.
    Remove {
        /// Which.
        id: ShapeId,
    },
}

impl BoardOp {
    /// The shape that it is about.
    pub const fn id(&self) -> ShapeId {
        match self {
            Self::Put { id, .. }
            | Self::Extend { id, .. }
            | Self::Place { id, .. }
            | Self::Remove { id } => *id,
        }
    }
}

/// What somebody asks about boards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum BoardAct {
    /// Draw, move, remove.
    Draw {
        /// Where.
        board: BoardId,
        /// What, in this order; at most [`OPS_PER_DRAW_MAX`].
        ops: Vec<BoardOp>,
    },
    /// Point somewhere, or not any more; kept nowhere.
    Point {
        /// Where.
        board: BoardId,
        /// At what, from the left and the top edge.
        at: Option<(i16, i16)>,
    },
    /// A new page, which is shown.
    AddPage {},
    /// Take a page away.
    RemovePage {
        /// Which.
        page: BoardId,
    },
    /// Take everything off a board.
    Clear {
        /// Which.
        board: BoardId,
    },
    /// Put a page on everyone's stage, or none.
    Show {
        /// Which.
        board: Option<BoardId>,
    },
    /// Put the board of one's group on the group's stage, or take it away.
    ShowGroup {
        /// Whether it is there.
        shown: bool,
    },
    /// Let everyone draw on a board of their own, or no more.
    SetOwn {
        /// Whether they may.
        open: bool,
    },
    /// Make a page of somebody's own board, which is shown.
    ShowOwn {
        /// Whose.
        of: ParticipantId,
        /// With their name.
        named: bool,
    },
}

/// Whether everyone has a board of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum OwnBoards {
    /// Nobody has one.
    #[default]
    None,
    /// Everyone, and may draw there.
    Open,
    /// As it was left; only moderators draw there.
    Closed,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardPage {
    /// Which.
    pub id: BoardId,
    /// Whose own board it was, if it says so, or the name of the group whose it was.
    pub from: Option<DisplayName>,
    /// The number of the group whose board it was.
    pub group: Option<u32>,
}

/// What everyone knows of the boards of a room.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardsSnapshot {
    /// In their order.
    pub pages: Vec<BoardPage>,
    /// What stands on everyone's stage.
    pub shown: Option<BoardId>,
    /// Whether everyone has a board of their own.
    pub own: OwnBoards,
    /// The groups whose board stands on their stage.
    pub groups: Vec<BreakoutId>,
}

/// A shape in a snapshot: its author's place in `authors`, their number for it, what it is.
pub type KeptShape<'a> = (usize, u32, &'a str);

/// Shapes that are kept together: which they are, and the revision of which they are so. Of one name there
/// is one content.
pub type BoardPart = (u64, Revision);

/// One object of a `board` track. Parts and sketches are packed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum BoardObject<'a> {
    /// Begins a group.
    Snapshot {
        /// Rises by one with each change of the board.
        #[ts(type = "number")]
        revision: Revision,
        /// The objects that follow, the highest shapes first: they are what the lesson is about.
        #[ts(type = "[number, number][]")]
        parts: Vec<BoardPart>,
    },
    /// A part of a snapshot.
    Shapes {
        /// Which.
        #[ts(type = "[number, number]")]
        part: BoardPart,
        /// Everyone who drew something that is there.
        authors: Vec<ParticipantId>,
        /// The lowest first.
        shapes: Vec<KeptShape<'a>>,
    },
    /// A part of a snapshot to look at until it comes.
    Sketch {
        /// Which.
        #[ts(type = "[number, number]")]
        part: BoardPart,
        /// What it looks like.
        #[serde(flatten)]
        #[ts(flatten)]
        sketch: Sketch,
    },
    /// Follows it.
    Ops {
        /// The revision that they lead to.
        #[ts(type = "number")]
        revision: Revision,
        /// Who asked for them.
        by: ParticipantId,
        /// What was done.
        ops: &'a [BoardOp],
    },
    /// Somebody points at something, or does no more.
    Pointed {
        /// Who.
        by: ParticipantId,
        /// At what.
        at: Option<(i16, i16)>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boards_and_shapes_have_one_written_form() {
        let me = ParticipantId::new(255);
        for (id, text) in [
            (BoardId::Page(3), "page/3"),
            (BoardId::Slide { deck: 2, page: 12 }, "slides/2/12"),
            (BoardId::Own(me), "own/00000000000000ff"),
            (BoardId::Group(4), "group/4"),
        ] {
            assert_eq!(id.to_string(), text);
            assert_eq!(text.parse(), Ok(id));
        }
        for bad in ["page/03", "page/+3", "page/70000", "page", "page/3/", "own/ff", "slides/1"] {
            assert_eq!(bad.parse::<BoardId>(), Err(BadName), "{bad}");
        }
        let id = ShapeId { by: me, number: 17 };
        assert_eq!("00000000000000ff.17".parse(), Ok(id));
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"00000000000000ff.17\"");
        assert!("00000000000000ff.017".parse::<ShapeId>().is_err());
        assert!("00000000000000ff".parse::<ShapeId>().is_err());
    }
}
