//! Slides and files: who brings, shows and removes them, and the uploads that they come by.

use std::time::Instant;

use bytes::Bytes;
use mosaik_proto::room::{
    BoardId, ContentTrack, FileAct, FileChange, FileName, InboxObject, Lock, LoggedAct, Medium,
    ParticipantId, RawText, Refusal, Role, RoomEvent, ShownSlide, SlidesAct, SlidesChange,
    UploadKey, UploadOver, UploadProgress,
};

use super::telling::encode;
use super::{Asked, Room};
use crate::content::{Purpose, Pushed};
use crate::effect::{ContentEffect, Effect, Effects};

impl Room {
    /// Bytes of slides and files, with those that were promised a place.
    pub const fn content_bytes(&self) -> u64 {
        self.content.bytes()
    }

    /// Other rooms leave place for so many bytes, whatever the room's own bound is.
    pub const fn limit_content(&mut self, bytes: u64) {
        self.content.limit(bytes);
    }

    pub(super) fn slides(
        &mut self,
        asked: Asked,
        act: &SlidesAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        match act {
            SlidesAct::Open { key, name, length } => {
                let pages = (clean(name)?, *length);
                let upload = (asked.from, *key);
                let deck = self.content.open(asked.now, upload, pages, &self.limits.content)?;
                let id = deck.id;
                effects.push(ContentEffect::Receive(asked.from, *key).into());
                self.slides_changed(SlidesChange::Opened { deck }, effects);
                self.show(Some(ShownSlide { deck: id, page: 0, by: asked.from }), effects)?;
            }
            SlidesAct::Show { deck, page } => {
                self.show(Some(ShownSlide { deck: *deck, page: *page, by: asked.from }), effects)?;
            }
            SlidesAct::Hide {} => self.show(None, effects)?,
            SlidesAct::Remove { deck } => {
                let owner = self.content.deck_of(*deck)?;
                self.may_remove(asked, owner, LoggedAct::SlidesRemoved)?;
                if let Some((from, key)) = self.content.upload_of(*deck) {
                    self.fail_upload(from, key, Refusal::NotThere, effects);
                }
                self.drop_deck(*deck, effects);
            }
        }
        Ok(())
    }

    pub(super) fn file(
        &mut self,
        asked: Asked,
        act: &FileAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        match act {
            FileAct::Offer { key, name, size } => {
                let file = (clean(name)?, *size);
                self.content.offer(asked.now, (asked.from, *key), file, &self.limits.content)?;
                effects.push(ContentEffect::Receive(asked.from, *key).into());
            }
            FileAct::Cancel { key } => self.end_upload(asked.from, *key, effects),
            FileAct::Remove { id } => {
                let owner = self.content.file_of(*id)?;
                self.may_remove(asked, owner, LoggedAct::FileRemoved)?;
                self.drop_file(*id, effects);
            }
        }
        Ok(())
    }

    fn drop_file(&mut self, id: u64, effects: &mut Effects) {
        effects.extend(dropped(self.content.remove_file(id)));
        self.event(RoomEvent::File { change: FileChange::Removed { id } }, effects);
    }

    /// What somebody shared goes.
    pub(super) fn withdraw_files(&mut self, owner: ParticipantId, effects: &mut Effects) {
        let files = self.content.files().into_iter().filter(|file| file.by == owner);
        for id in files.map(|file| file.id).collect::<Vec<_>>() {
            self.drop_file(id, effects);
        }
    }

    /// An object of an upload came.
    pub(super) fn take_upload(
        &mut self,
        now: Instant,
        (from, key): (ParticipantId, UploadKey),
        place: (u64, u64),
        bytes: Bytes,
        effects: &mut Effects,
    ) {
        let pushed = self.content.push(now, (from, key), place, &bytes, &self.limits.content);
        match pushed {
            None | Some(Ok(Pushed::Known)) => {}
            Some(Ok(Pushed::Missing)) => {
                effects.push(ContentEffect::ReceiveAgain(from, key).into());
            }
            Some(Ok(pushed)) => self.keep((from, key), pushed, bytes, effects),
            Some(Err(refusal)) => self.fail_upload(from, key, refusal, effects),
        }
    }

    /// Has the driver keep what came, and tells whoever waits for it.
    fn keep(
        &mut self,
        (from, key): (ParticipantId, UploadKey),
        pushed: Pushed,
        bytes: Bytes,
        effects: &mut Effects,
    ) {
        let Pushed::Bytes { track, begins, ends } = pushed else {
            if pushed == Pushed::End {
                self.end_upload(from, key, effects);
                self.tell_over(from, key, None, effects);
            }
            return;
        };
        if let Some(head) = begins {
            effects.push(ContentEffect::Begin(track, encode(&head)).into());
        }
        effects.push(ContentEffect::Append(track, bytes).into());
        self.tell_progress((from, key), ends.is_some(), effects);
        let Some(ended) = ends else {
            return;
        };
        effects.push(ContentEffect::End(track).into());
        if let Some((deck, size)) = self.content.has_page(track, ended.pixels, ended.size) {
            self.slides_changed(SlidesChange::Page { deck, size }, effects);
        }
        if ended.is_last
            && let Some(file) = self.content.has_file(from, key, self.clock.1)
        {
            effects.push(ContentEffect::StopReceiving(from, key).into());
            self.tell_over(from, key, None, effects);
            self.event(RoomEvent::File { change: FileChange::Added { file } }, effects);
        }
    }

    /// Ends the uploads of which nothing came for too long.
    pub(super) fn expire_uploads(&mut self, now: Instant, effects: &mut Effects) {
        for (from, key) in self.content.overdue(now, self.limits.content.grace) {
            self.fail_upload(from, key, Refusal::NotThere, effects);
        }
    }

    /// Ends the uploads of someone who is gone.
    pub(super) fn forget_uploads(&mut self, of: ParticipantId, effects: &mut Effects) {
        let own: Vec<UploadKey> =
            self.content.progress_of(of).into_iter().map(|upload| upload.key).collect();
        for key in own {
            self.end_upload(of, key, effects);
        }
    }

    /// Ends the uploads of those who may not bring anything any more.
    pub(super) fn review_uploads(&mut self, effects: &mut Effects) {
        let all: Vec<_> = self.content.uploads().collect();
        for (from, key, is_deck) in all {
            let role = self.roster.role(from);
            let is_locked = self.locks_on(from).is_none_or(|locks| locks.has(Lock::Files));
            let refusal = match role {
                Some(Role::Moderator | Role::Presenter) if is_deck => continue,
                _ if is_deck => Refusal::NotAllowed,
                _ if is_locked => Refusal::Locked { lock: Lock::Files },
                _ if !self.agreed(from).read => Refusal::NotAgreed { medium: Medium::Read },
                _ => continue,
            };
            self.fail_upload(from, key, refusal, effects);
        }
    }

    fn show(&mut self, shown: Option<ShownSlide>, effects: &mut Effects) -> Result<(), Refusal> {
        let is_new = self.content.show(shown)?;
        if let Some(ShownSlide { deck, page, .. }) = shown {
            self.open_board(BoardId::Slide { deck, page }, effects);
        }
        if is_new {
            self.slides_changed(SlidesChange::Shown { shown }, effects);
        }
        self.content_shown(shown.is_some(), effects);
        Ok(())
    }

    /// Whoever leads removes what others brought, and it is noted.
    fn may_remove(
        &mut self,
        asked: Asked,
        owner: ParticipantId,
        act: LoggedAct,
    ) -> Result<(), Refusal> {
        if asked.from == owner {
            return Ok(());
        }
        if self.roster.role(asked.from) != Some(Role::Moderator) {
            return Err(Refusal::NotAllowed);
        }
        self.note(act, asked, Some(owner));
        Ok(())
    }

    fn drop_deck(&mut self, id: u64, effects: &mut Effects) {
        effects.extend(dropped(self.content.remove_deck(id)));
        self.end_boards_of(id, effects);
        self.slides_changed(SlidesChange::Removed { deck: id }, effects);
    }

    fn fail_upload(
        &mut self,
        from: ParticipantId,
        key: UploadKey,
        refusal: Refusal,
        effects: &mut Effects,
    ) {
        self.end_upload(from, key, effects);
        self.tell_over(from, key, Some(refusal), effects);
    }

    /// Nothing more comes of an upload: a file that is not whole is dropped, pages that are stay.
    fn end_upload(&mut self, from: ParticipantId, key: UploadKey, effects: &mut Effects) {
        let Some((tracks, purpose)) = self.content.end_upload(from, key) else {
            return;
        };
        effects.push(ContentEffect::StopReceiving(from, key).into());
        effects.extend(dropped(tracks));
        if let Purpose::Deck { id, .. } = purpose {
            if self.content.complete(id) {
                self.slides_changed(SlidesChange::Complete { deck: id }, effects);
            } else {
                self.drop_deck(id, effects);
            }
        }
    }

    fn tell_progress(
        &mut self,
        (from, key): (ParticipantId, UploadKey),
        has_ended: bool,
        effects: &mut Effects,
    ) {
        if let Some(next) = self.content.told_place(from, key, has_ended) {
            let upload = UploadProgress { key, next };
            self.tell(from, &InboxObject::Uploaded { upload }, effects);
        }
    }

    fn tell_over(
        &mut self,
        from: ParticipantId,
        key: UploadKey,
        refusal: Option<Refusal>,
        effects: &mut Effects,
    ) {
        let upload = UploadOver { key, refusal };
        self.tell(from, &InboxObject::UploadOver { upload }, effects);
    }

    fn slides_changed(&mut self, change: SlidesChange, effects: &mut Effects) {
        self.event(RoomEvent::Slides { change }, effects);
    }
}

fn dropped(tracks: Vec<ContentTrack>) -> impl Iterator<Item = Effect> {
    tracks.into_iter().map(|track| ContentEffect::Drop(track).into())
}

fn clean(name: &RawText) -> Result<FileName, Refusal> {
    FileName::clean(name.as_str()).map_err(|_| Refusal::TextEmpty)
}
