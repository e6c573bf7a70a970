//! The notes that a room writes together: a document and what was written since, in order.
//!
//! Nobody reads them here. An update is checked ([`reader`], [`known`]) and told to everyone as it
//! came; only when a group begins are all of them merged, by `yrs`, into a document that has nothing
//! of what was deleted.

mod known;
mod reader;

use std::panic::catch_unwind;

use mosaik_proto::room::{NotesEdition, NotesLimits, ParticipantId, Refusal};
use yrs::block::ClientID;
use yrs::updates::decoder::Decode;
use yrs::{Doc, Options, ReadTxn, StateVector, Transact, Update};

use crate::groups::GroupSize;
use known::Known;
use reader::Said;

/// A document with nothing in it.
const EMPTY: [u8; 2] = [0, 0];

/// When the notes are full, so much of the bound must have been written since they were merged, else
/// merging them again would free nothing; and what only deletes may go beyond the bound by as much.
const SLACK_DIVISOR: usize = 8;

/// What a document, or what was written since, takes.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    bytes: usize,
    structs: usize,
}

impl Size {
    const fn of(update: &[u8], said: &Said) -> Self {
        Self { bytes: update.len(), structs: said.structs.len() }
    }

    const fn and(self, other: Self) -> Self {
        Self { bytes: self.bytes + other.bytes, structs: self.structs + other.structs }
    }

    const fn is_beyond(self, most: Self) -> bool {
        self.bytes > most.bytes || self.structs > most.structs
    }

    const fn divided(self, by: usize) -> Self {
        Self { bytes: self.bytes / by, structs: self.structs / by }
    }
}

/// See the module.
#[derive(Debug, Default)]
pub struct Notes {
    /// None before anybody came.
    edition: Option<NotesEdition>,
    document: Vec<u8>,
    document_size: Size,
    /// What was written since, in order.
    since: Vec<Vec<u8>>,
    since_size: Size,
    known: Known,
    pub(crate) group: GroupSize,
}

impl Notes {
    /// Which notes these are; none before anybody came.
    pub const fn edition(&self) -> Option<NotesEdition> {
        self.edition
    }

    /// Whether nobody has written anything.
    pub fn is_empty(&self) -> bool {
        self.document == EMPTY && self.since.is_empty()
    }

    /// Bytes of all updates that are kept; none while nobody has written.
    pub(crate) fn held(&self) -> usize {
        let updates = std::iter::once(&self.document).chain(&self.since);
        if self.is_empty() { 0 } else { updates.map(Vec::len).sum() }
    }

    /// Begins with an empty page.
    pub fn begin(&mut self, edition: NotesEdition) {
        *self = Self { edition: Some(edition), document: EMPTY.to_vec(), ..Self::default() };
    }

    /// Takes what `from` wrote.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] for what is no update of notes or does not follow what is there,
    /// [`Refusal::NotAllowed`] for what speaks for somebody else, [`Refusal::Full`].
    pub fn write(
        &mut self,
        from: ParticipantId,
        update: &[u8],
        limits: &NotesLimits,
    ) -> Result<(), Refusal> {
        let said = reader::read(update).map_err(|_| Refusal::Malformed)?;
        let size = Size::of(update, &said);
        self.make_room(size, limits)?;
        self.known.take(from, &said, limits.clients)?;
        self.since_size = self.since_size.and(size);
        self.since.push(update.to_vec());
        Ok(())
    }

    /// Merges what was written since it was done last, and gives all of the notes as one update;
    /// none where that does not succeed.
    pub fn merge(&mut self) -> Option<&[u8]> {
        if !self.since.is_empty() {
            let merged = merged(&self.document, &self.since)?;
            let said = reader::read(&merged).ok().filter(|said| self.known.keep(said))?;
            self.document_size = Size::of(&merged, &said);
            self.since_size = Size::default();
            self.since.clear();
            self.document = merged;
        }
        Some(&self.document)
    }

    fn make_room(&mut self, more: Size, limits: &NotesLimits) -> Result<(), Refusal> {
        let max = Size { bytes: limits.bytes, structs: limits.structs };
        let slack = max.divided(SLACK_DIVISOR);
        let most = if more.structs == 0 { max.and(slack) } else { max };
        let is_full =
            |notes: &Self| notes.document_size.and(notes.since_size).and(more).is_beyond(most);
        if is_full(self) && self.since_size.is_beyond(slack) {
            self.merge();
        }
        if is_full(self) { Err(Refusal::Full { max: max.bytes }) } else { Ok(()) }
    }
}

/// None where `yrs` does not take what was checked, which is a fault of ours or of `yrs`: the notes
/// go on unmerged.
fn merged(document: &[u8], since: &[Vec<u8>]) -> Option<Vec<u8>> {
    let merged = catch_unwind(|| {
        // With a name and a number, so that `yrs` draws none: it has nothing to do with chance here.
        let named = Options::with_guid_and_client_id("notes".into(), ClientID::new(0));
        let doc = Doc::with_options(named);
        let mut transaction = doc.transact_mut();
        for update in std::iter::once(document).chain(since.iter().map(Vec::as_slice)) {
            transaction.apply_update(Update::decode_v1(update).ok()?).ok()?;
        }
        drop(transaction);
        Some(doc.transact().encode_state_as_update_v1(&StateVector::default()))
    });
    merged.ok().flatten()
}

#[cfg(test)]
mod tests;
