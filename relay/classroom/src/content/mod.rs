//! What people brought: decks of slides, files, and the uploads that they come by. The bytes themselves
//! are with the driver, which the room tells what to keep.

mod upload;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use mosaik_proto::room::{
    ContentKind, ContentLimits, ContentTrack, Deck, DeckId, FileId, FileName, PageSize,
    ParticipantId, Refusal, SharedFile, ShownSlide, SlideForm, SlidesSnapshot, UploadKey,
    UploadPlace, UploadProgress,
};

pub(crate) use upload::{Purpose, Pushed, Upload};

/// A deck, and what there is of it.
#[derive(Debug)]
struct HeldDeck {
    deck: Deck,
    forms: BTreeSet<(u16, SlideForm)>,
    bytes: u64,
}

impl HeldDeck {
    fn tracks(&self) -> impl Iterator<Item = ContentTrack> {
        let deck = self.deck.id;
        self.forms.iter().map(move |(page, form)| ContentTrack::Slide {
            deck,
            page: *page,
            form: *form,
        })
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Content {
    decks: Vec<HeldDeck>,
    files: Vec<SharedFile>,
    shown: Option<ShownSlide>,
    uploads: Vec<Upload>,
    decks_opened: DeckId,
    files_offered: FileId,
    /// Of everything that is there or was promised a place.
    bytes: u64,
    /// What others leave of the memory, where that is known.
    place: Option<u64>,
}

impl Content {
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// There is place for so many bytes.
    pub(crate) const fn limit(&mut self, bytes: u64) {
        self.place = Some(bytes);
    }

    /// Promises a file its place.
    pub(crate) fn offer(
        &mut self,
        now: Instant,
        (from, key): (ParticipantId, UploadKey),
        (name, size): (FileName, u64),
        limits: &ContentLimits,
    ) -> Result<(), Refusal> {
        self.admit_upload(from, key, limits)?;
        if size == 0 {
            return Err(Refusal::WrongContent);
        }
        if size > limits.file_bytes {
            return Err(Refusal::TooLarge { max: limits.file_bytes });
        }
        let coming = self.uploads.iter().filter(|upload| upload.is_file()).count();
        if self.files.len() + coming >= limits.files_kept {
            return Err(Refusal::Full { max: limits.files_kept });
        }
        self.reserve(size, limits)?;
        self.files_offered = self.files_offered.saturating_add(1);
        let purpose =
            Purpose::File { id: self.files_offered, name, size, kind: ContentKind::Other };
        self.uploads.push(Upload::new(now, (from, key), purpose));
        Ok(())
    }

    /// Opens a deck whose pages are to come.
    pub(crate) fn open(
        &mut self,
        now: Instant,
        (from, key): (ParticipantId, UploadKey),
        (name, length): (FileName, u16),
        limits: &ContentLimits,
    ) -> Result<Deck, Refusal> {
        self.admit_upload(from, key, limits)?;
        let pages: usize = self.decks.iter().map(|held| usize::from(held.deck.length)).sum();
        if length == 0 {
            return Err(Refusal::WrongContent);
        }
        if self.decks.len() >= limits.decks_kept {
            return Err(Refusal::Full { max: limits.decks_kept });
        }
        if pages + usize::from(length) > limits.pages_kept {
            return Err(Refusal::Full { max: limits.pages_kept });
        }
        self.decks_opened = self.decks_opened.saturating_add(1);
        let id = self.decks_opened;
        let deck = Deck { id, name, by: from, length, pages: Vec::new(), is_coming: true };
        self.decks.push(HeldDeck { deck: deck.clone(), forms: BTreeSet::new(), bytes: 0 });
        self.uploads.push(Upload::new(now, (from, key), Purpose::Deck { id, length }));
        Ok(deck)
    }

    fn admit_upload(
        &self,
        from: ParticipantId,
        key: UploadKey,
        limits: &ContentLimits,
    ) -> Result<(), Refusal> {
        let own = self.uploads.iter().filter(|upload| upload.from == from);
        if own.clone().any(|upload| upload.key == key) {
            return Err(Refusal::Malformed);
        }
        if own.count() >= limits.uploads_each {
            return Err(Refusal::Full { max: limits.uploads_each });
        }
        if self.uploads.len() >= limits.uploads_in_all {
            return Err(Refusal::Full { max: limits.uploads_in_all });
        }
        Ok(())
    }

    fn reserve(&mut self, size: u64, limits: &ContentLimits) -> Result<(), Refusal> {
        let bytes = self.bytes.saturating_add(size);
        let max = self.place.unwrap_or(u64::MAX).min(limits.bytes);
        if bytes > max {
            return Err(Refusal::NoSpace { max });
        }
        self.bytes = bytes;
        Ok(())
    }

    /// Takes an object of an upload; none if there is no such upload.
    pub(crate) fn push(
        &mut self,
        now: Instant,
        (from, key): (ParticipantId, UploadKey),
        (group, object): (u64, u64),
        bytes: &[u8],
        limits: &ContentLimits,
    ) -> Option<Result<Pushed, Refusal>> {
        let index = self.uploads.iter().position(|upload| upload.is(from, key))?;
        let upload = self.uploads.get_mut(index)?;
        let pushed = upload.push(now, (group, object), bytes, limits);
        Some(pushed.and_then(|pushed| self.note(index, pushed, limits)))
    }

    /// What an object changes beside its upload.
    fn note(
        &mut self,
        index: usize,
        pushed: Pushed,
        limits: &ContentLimits,
    ) -> Result<Pushed, Refusal> {
        if let Pushed::Page { deck, page, form, size } = pushed {
            let held = self.decks.iter().find(|held| held.deck.id == deck);
            let (known, forms) =
                held.map(|held| (held.deck.pages.len(), &held.forms)).ok_or(Refusal::NotThere)?;
            let is_next = form == SlideForm::Small && usize::from(page) == known;
            let is_of_known = form != SlideForm::Small && usize::from(page) < known;
            if !(is_next || is_of_known) || forms.contains(&(page, form)) {
                return Err(Refusal::Malformed);
            }
            self.reserve(u64::from(size), limits)?;
            if let Some(upload) = self.uploads.get_mut(index) {
                upload.begin_page();
            }
        }
        Ok(pushed)
    }

    /// A form of a page is there; its size, if it is the first one.
    pub(crate) fn has_page(
        &mut self,
        track: ContentTrack,
        pixels: PageSize,
        size: u32,
    ) -> Option<(DeckId, PageSize)> {
        let ContentTrack::Slide { deck, page, form } = track else {
            return None;
        };
        let held = self.decks.iter_mut().find(|held| held.deck.id == deck)?;
        held.forms.insert((page, form));
        held.bytes = held.bytes.saturating_add(u64::from(size));
        (form == SlideForm::Small).then(|| {
            held.deck.pages.push(pixels);
            (deck, pixels)
        })
    }

    /// An upload that has everything becomes a file; none if it is one of slides.
    pub(crate) fn has_file(
        &mut self,
        from: ParticipantId,
        key: UploadKey,
        at: u64,
    ) -> Option<SharedFile> {
        let index = self.uploads.iter().position(|upload| upload.is(from, key))?;
        let Purpose::File { id, name, size, kind } = &self.uploads.get(index)?.purpose else {
            return None;
        };
        let file =
            SharedFile { id: *id, name: name.clone(), size: *size, kind: *kind, by: from, at };
        self.uploads.remove(index);
        self.files.push(file.clone());
        Some(file)
    }

    /// Nothing more comes of an upload: what there is of a file goes, whole forms of pages stay. Gives
    /// the tracks that are over, and what was uploaded.
    pub(crate) fn end_upload(
        &mut self,
        from: ParticipantId,
        key: UploadKey,
    ) -> Option<(Vec<ContentTrack>, Purpose)> {
        let index = self.uploads.iter().position(|upload| upload.is(from, key))?;
        let upload = self.uploads.remove(index);
        let (tracks, bytes) = upload.left_behind();
        self.bytes = self.bytes.saturating_sub(bytes);
        Some((tracks, upload.purpose))
    }

    /// Nothing more comes of a deck: true if it has pages and stays.
    pub(crate) fn complete(&mut self, id: DeckId) -> bool {
        let held = self.decks.iter_mut().find(|held| held.deck.id == id);
        held.is_some_and(|held| {
            held.deck.is_coming = false;
            !held.deck.pages.is_empty()
        })
    }

    /// Shows a page; false if it is shown.
    pub(crate) fn show(&mut self, shown: Option<ShownSlide>) -> Result<bool, Refusal> {
        if let Some(ShownSlide { deck, page, .. }) = shown {
            let held =
                self.decks.iter().find(|held| held.deck.id == deck).ok_or(Refusal::NotThere)?;
            // The first one may be about to come.
            if page > 0 && usize::from(page) >= held.deck.pages.len() {
                return Err(Refusal::NotThere);
            }
        }
        let place = |shown: Option<ShownSlide>| shown.map(|shown| (shown.deck, shown.page));
        let is_new = place(self.shown) != place(shown);
        self.shown = if is_new { shown } else { self.shown };
        Ok(is_new)
    }

    /// Whose deck it is.
    pub(crate) fn deck_of(&self, id: DeckId) -> Result<ParticipantId, Refusal> {
        let held = self.decks.iter().find(|held| held.deck.id == id).ok_or(Refusal::NotThere)?;
        Ok(held.deck.by)
    }

    /// Whose file it is.
    pub(crate) fn file_of(&self, id: FileId) -> Result<ParticipantId, Refusal> {
        let file = self.files.iter().find(|file| file.id == id).ok_or(Refusal::NotThere)?;
        Ok(file.by)
    }

    /// Takes a deck away; its tracks are over.
    pub(crate) fn remove_deck(&mut self, id: DeckId) -> Vec<ContentTrack> {
        let Some(index) = self.decks.iter().position(|held| held.deck.id == id) else {
            return Vec::new();
        };
        let held = self.decks.remove(index);
        self.bytes = self.bytes.saturating_sub(held.bytes);
        self.shown = self.shown.filter(|shown| shown.deck != id);
        held.tracks().collect()
    }

    /// Takes a file away; its tracks are over.
    pub(crate) fn remove_file(&mut self, id: FileId) -> Vec<ContentTrack> {
        let Some(index) = self.files.iter().position(|file| file.id == id) else {
            return Vec::new();
        };
        let file = self.files.remove(index);
        self.bytes = self.bytes.saturating_sub(file.size);
        upload::parts_of(file.id, file.size).collect()
    }

    /// The upload that a deck comes by.
    pub(crate) fn upload_of(&self, deck: DeckId) -> Option<(ParticipantId, UploadKey)> {
        let upload = self.uploads.iter().find(|upload| upload.deck() == Some(deck))?;
        Some((upload.from, upload.key))
    }

    /// Uploads, and whether each is one of slides.
    pub(crate) fn uploads(&self) -> impl Iterator<Item = (ParticipantId, UploadKey, bool)> {
        self.uploads.iter().map(|upload| (upload.from, upload.key, upload.deck().is_some()))
    }

    /// How far the uploads of someone are.
    pub(crate) fn progress_of(&self, from: ParticipantId) -> Vec<UploadProgress> {
        let own = self.uploads.iter().filter(|upload| upload.from == from);
        own.map(|upload| UploadProgress { key: upload.key, next: upload.next() }).collect()
    }

    /// How far an upload is, if its participant is to be told now.
    pub(crate) fn told_place(
        &mut self,
        from: ParticipantId,
        key: UploadKey,
        has_ended: bool,
    ) -> Option<UploadPlace> {
        let upload = self.uploads.iter_mut().find(|upload| upload.is(from, key))?;
        upload.is_to_be_told(has_ended).then(|| upload.next())
    }

    /// When [`Content::overdue`] has something.
    pub(crate) fn deadline(&self, grace: Duration) -> Option<Instant> {
        self.uploads.iter().map(|upload| upload.moved_at + grace).min()
    }

    /// Uploads of which nothing came for so long.
    pub(crate) fn overdue(&self, now: Instant, grace: Duration) -> Vec<(ParticipantId, UploadKey)> {
        let late = self.uploads.iter().filter(|upload| upload.moved_at + grace <= now);
        late.map(|upload| (upload.from, upload.key)).collect()
    }

    pub(crate) fn slides(&self) -> SlidesSnapshot {
        let decks = self.decks.iter().map(|held| held.deck.clone()).collect();
        SlidesSnapshot { decks, shown: self.shown }
    }

    /// Names of files that are not whole yet.
    pub(crate) fn coming(&self) -> impl Iterator<Item = &FileName> {
        self.uploads.iter().filter_map(Upload::file_name)
    }

    pub(crate) fn files(&self) -> Vec<SharedFile> {
        self.files.clone()
    }
}
