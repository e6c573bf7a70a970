//! The notes: writing, cursors, and an empty page. Who writes is said by the room.

use mosaik_proto::room::{
    LoggedAct, NotesAct, NotesCursor, NotesEdition, NotesObject, NotesUpdate, Refusal, UnixMillis,
};

use super::telling::encode;
use super::{Asked, Room};
use crate::effect::{Effect, Effects};

impl Room {
    /// Somebody is there to write.
    pub(super) fn open_notes(&mut self, wall: UnixMillis, effects: &mut Effects) {
        if self.notes.edition().is_none() {
            self.notes.begin(wall);
            self.begin_notes(effects);
        }
    }

    pub(super) fn note_down(
        &mut self,
        asked: Asked,
        act: NotesAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        match act {
            NotesAct::Write { edition, update, cursor } => {
                self.write_notes(asked, edition, (update, cursor), effects)
            }
            NotesAct::Point { edition, cursor } => {
                self.is_current(edition)?;
                let object = NotesObject::Cursor { edition, by: asked.from, cursor };
                self.tell_notes(&object, effects);
                Ok(())
            }
            NotesAct::Clear {} => {
                if !self.notes.is_empty() {
                    let after = self.notes.edition().map_or(0, |before| before.saturating_add(1));
                    self.notes.begin(asked.wall.max(after));
                    self.note(LoggedAct::NotesCleared, asked, None);
                    self.begin_notes(effects);
                }
                Ok(())
            }
        }
    }

    fn write_notes(
        &mut self,
        asked: Asked,
        edition: NotesEdition,
        (update, cursor): (NotesUpdate, Option<NotesCursor>),
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        self.is_current(edition)?;
        self.notes.write(asked.from, update.as_bytes(), &self.limits.notes)?;
        let object = NotesObject::Update { edition, by: asked.from, update, cursor };
        self.tell_notes(&object, effects);
        Ok(())
    }

    /// What was meant for notes that were cleared is meant for nothing.
    fn is_current(&self, edition: NotesEdition) -> Result<(), Refusal> {
        if self.notes.edition() == Some(edition) { Ok(()) } else { Err(Refusal::NotThere) }
    }

    fn tell_notes(&mut self, object: &NotesObject<'_>, effects: &mut Effects) {
        let bytes = encode(object);
        let is_outgrown = self.notes.group.is_outgrown_by(bytes.len());
        effects.push(Effect::Notes(bytes));
        if is_outgrown {
            self.begin_notes(effects);
        }
    }

    fn begin_notes(&mut self, effects: &mut Effects) {
        let edition = self.notes.edition().unwrap_or_default();
        let Some(update) = self.notes.merge() else {
            // The group goes on; it is tried again when as much was written once more.
            self.notes.group.begin(0);
            return;
        };
        let object = encode(&NotesObject::Document { edition, update });
        self.notes.group.begin(object.len());
        effects.push(Effect::BeginNotes(object));
    }
}
