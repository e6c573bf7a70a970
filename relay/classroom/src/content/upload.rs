//! One upload: its objects in order, each checked before anybody gets it.

use std::time::Instant;

use mosaik_proto::room::{
    ContentHead, ContentKind, ContentLimits, ContentTrack, DeckId, FILE_PART_BYTES, FileId,
    FileName, PageSize, ParticipantId, PieceHead, Refusal, SlideForm, UPLOAD_OBJECT_BYTES,
    UploadKey, UploadPlace,
};

/// After so many objects its participant is told how far it is.
const TOLD_EVERY: u32 = 4;

/// Bytes of the head of a piece.
const HEAD_BYTES_MAX: usize = 256;

/// Pixels of a page's picture along one side: what every browser can draw.
const PIXELS_MAX: u16 = 8_192;

/// What an upload becomes.
#[derive(Debug, Clone)]
pub(crate) enum Purpose {
    /// A file.
    File { id: FileId, name: FileName, size: u64, kind: ContentKind },
    /// Pages of a deck.
    Deck { id: DeckId, length: u16 },
}

/// What an object of an upload was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// It was there already.
    Known,
    /// Something is missing before it.
    Missing,
    /// The head of a part of a file.
    Part,
    /// The head of a form of a page.
    Page { deck: DeckId, page: u16, form: SlideForm, size: u32 },
    /// Bytes for a track, which begins with this object or ends with it.
    Bytes { track: ContentTrack, begins: Option<ContentHead>, ends: Option<Ended> },
    /// The uploader has nothing more.
    End,
}

/// A piece that is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) size: u32,
    pub(crate) pixels: PageSize,
    /// Whether the file is whole with it.
    pub(crate) is_last: bool,
}

/// What comes at the moment.
#[derive(Debug, Clone, Copy)]
struct Piece {
    track: ContentTrack,
    size: u32,
    left: u32,
    pixels: PageSize,
    is_begun: bool,
}

#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) from: ParticipantId,
    pub(crate) key: UploadKey,
    pub(crate) purpose: Purpose,
    pub(crate) moved_at: Instant,
    next: UploadPlace,
    piece: Option<Piece>,
    /// The head of a page that has no place yet.
    offered: Option<Piece>,
    untold: u32,
}

impl Upload {
    pub(crate) fn new(
        now: Instant,
        (from, key): (ParticipantId, UploadKey),
        purpose: Purpose,
    ) -> Self {
        Self {
            from,
            key,
            purpose,
            moved_at: now,
            next: UploadPlace::default(),
            piece: None,
            offered: None,
            untold: 0,
        }
    }

    pub(crate) fn is(&self, from: ParticipantId, key: UploadKey) -> bool {
        self.from == from && self.key == key
    }

    pub(crate) const fn is_file(&self) -> bool {
        matches!(self.purpose, Purpose::File { .. })
    }

    /// Under which name it becomes a file.
    pub(crate) const fn file_name(&self) -> Option<&FileName> {
        match &self.purpose {
            Purpose::File { name, .. } => Some(name),
            Purpose::Deck { .. } => None,
        }
    }

    pub(crate) const fn deck(&self) -> Option<DeckId> {
        match self.purpose {
            Purpose::Deck { id, .. } => Some(id),
            Purpose::File { .. } => None,
        }
    }

    pub(crate) const fn next(&self) -> UploadPlace {
        self.next
    }

    /// Takes the object at a place.
    pub(crate) fn push(
        &mut self,
        now: Instant,
        (group, object): (u64, u64),
        bytes: &[u8],
        limits: &ContentLimits,
    ) -> Result<Pushed, Refusal> {
        let place = UploadPlace { group, object };
        if place < self.next {
            return Ok(Pushed::Known);
        }
        if place > self.next {
            return Ok(Pushed::Missing);
        }
        let pushed = match self.piece {
            None => self.push_head(bytes, limits)?,
            Some(piece) => self.push_bytes(piece, bytes)?,
        };
        self.moved_at = now;
        self.next = if matches!(pushed, Pushed::Bytes { ends: Some(_), .. }) {
            UploadPlace { group: group + 1, object: 0 }
        } else {
            UploadPlace { group, object: object + 1 }
        };
        Ok(pushed)
    }

    /// Whether the participant is to be told how far the upload is.
    pub(crate) fn is_to_be_told(&mut self, has_ended: bool) -> bool {
        self.untold += 1;
        let is_due = has_ended || self.untold >= TOLD_EVERY;
        self.untold = if is_due { 0 } else { self.untold };
        is_due
    }

    fn push_head(&mut self, bytes: &[u8], limits: &ContentLimits) -> Result<Pushed, Refusal> {
        let bytes = bytes.get(..bytes.len().min(HEAD_BYTES_MAX + 1)).unwrap_or_default();
        if bytes.len() > HEAD_BYTES_MAX {
            return Err(Refusal::Malformed);
        }
        let head = serde_json::from_slice(bytes).map_err(|_| Refusal::Malformed)?;
        match (&self.purpose, head) {
            (Purpose::File { id, size, .. }, PieceHead::Part { size: part }) => {
                let before = self.next.group.saturating_mul(u64::from(FILE_PART_BYTES));
                let wanted = size.saturating_sub(before).min(u64::from(FILE_PART_BYTES));
                if u64::from(part) != wanted {
                    return Err(Refusal::WrongContent);
                }
                let part_number = u16::try_from(self.next.group).map_err(|_| Refusal::Malformed)?;
                let track = ContentTrack::File { id: *id, part: part_number };
                self.piece =
                    Some(Piece { track, size: part, left: part, pixels: [0, 0], is_begun: false });
                Ok(Pushed::Part)
            }
            (Purpose::Deck { id, length }, PieceHead::Page { page, form, size, pixels }) => {
                check_page((page, *length), (form, size), pixels, limits)?;
                let (deck, track) = (*id, ContentTrack::Slide { deck: *id, page, form });
                self.offered = Some(Piece { track, size, left: size, pixels, is_begun: false });
                Ok(Pushed::Page { deck, page, form, size })
            }
            (Purpose::Deck { .. }, PieceHead::End {}) => Ok(Pushed::End),
            _ => Err(Refusal::Malformed),
        }
    }

    /// A page has its place.
    pub(crate) fn begin_page(&mut self) {
        self.piece = self.offered.take();
    }

    fn push_bytes(&mut self, mut piece: Piece, bytes: &[u8]) -> Result<Pushed, Refusal> {
        let count = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        if count == 0 || bytes.len() > UPLOAD_OBJECT_BYTES || count > piece.left {
            return Err(Refusal::WrongContent);
        }
        let begins = if piece.is_begun { None } else { Some(self.begin(piece, bytes)?) };
        piece.is_begun = true;
        piece.left -= count;
        let track = piece.track;
        if piece.left > 0 {
            self.piece = Some(piece);
            return Ok(Pushed::Bytes { track, begins, ends: None });
        }
        self.piece = None;
        let is_last = match (&self.purpose, track) {
            (Purpose::File { id, size, .. }, ContentTrack::File { part, .. }) => {
                parts_of(*id, *size).count() == usize::from(part) + 1
            }
            _ => false,
        };
        let ends = Some(Ended { size: piece.size, pixels: piece.pixels, is_last });
        Ok(Pushed::Bytes { track, begins, ends })
    }

    /// Looks at the first bytes of a piece.
    fn begin(&mut self, piece: Piece, bytes: &[u8]) -> Result<ContentHead, Refusal> {
        let looked_at =
            ContentKind::LOOKED_AT.min(usize::try_from(piece.size).unwrap_or(usize::MAX));
        if bytes.len() < looked_at {
            return Err(Refusal::WrongContent);
        }
        let found = ContentKind::of(bytes);
        let kind = match (&mut self.purpose, piece.track) {
            (Purpose::File { name, kind, .. }, ContentTrack::File { part: 0, .. }) => {
                if !found.is_sharable_as(name) {
                    return Err(Refusal::WrongContent);
                }
                *kind = found;
                found
            }
            (Purpose::File { kind, .. }, _) => *kind,
            (Purpose::Deck { .. }, ContentTrack::Slide { form: SlideForm::Text, .. }) => {
                ContentKind::Other
            }
            (Purpose::Deck { .. }, _) if found.is_slide() => found,
            (Purpose::Deck { .. }, _) => return Err(Refusal::WrongContent),
        };
        Ok(ContentHead { size: piece.size, kind })
    }

    /// The tracks that are not whole when the upload ends now, and how many bytes were promised to them.
    pub(crate) fn left_behind(&self) -> (Vec<ContentTrack>, u64) {
        match &self.purpose {
            Purpose::File { id, size, .. } => {
                let begun =
                    usize::try_from(self.next.group).unwrap_or(usize::MAX).saturating_add(1);
                (parts_of(*id, *size).take(begun).collect(), *size)
            }
            Purpose::Deck { .. } => {
                let tracks = self.piece.map(|piece| piece.track).into_iter().collect();
                (tracks, self.piece.map_or(0, |piece| u64::from(piece.size)))
            }
        }
    }
}

/// The tracks of a file.
pub(crate) fn parts_of(id: FileId, size: u64) -> impl Iterator<Item = ContentTrack> {
    let parts = u16::try_from(size.div_ceil(u64::from(FILE_PART_BYTES))).unwrap_or(u16::MAX);
    (0..parts).map(move |part| ContentTrack::File { id, part })
}

fn check_page(
    (page, length): (u16, u16),
    (form, size): (SlideForm, u32),
    pixels: PageSize,
    limits: &ContentLimits,
) -> Result<(), Refusal> {
    let max = match form {
        SlideForm::Small => limits.small_bytes,
        SlideForm::Sharp => limits.sharp_bytes,
        SlideForm::Sharper => limits.sharper_bytes,
        SlideForm::Text => limits.text_bytes,
    };
    if size > max {
        return Err(Refusal::TooLarge { max: u64::from(max) });
    }
    let is_picture = form != SlideForm::Text;
    let fits = pixels.iter().all(|side| (1..=PIXELS_MAX).contains(side) == is_picture);
    if page >= length || size == 0 || !fits {
        return Err(Refusal::Malformed);
    }
    Ok(())
}
