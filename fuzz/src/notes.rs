//! Updates of the notes, as two participants write them: what is taken can be merged.

use mosaik_classroom::Notes;
use mosaik_proto::room::{NotesLimits, ParticipantId};

/// The first byte says how long an update is and whose.
pub fn check(input: &[u8]) {
    let limits = NotesLimits::default();
    let mut notes = Notes::default();
    notes.begin(1);
    let mut rest = input;
    while let Some((head, behind)) = rest.split_first() {
        let len = usize::from(head & 0x7f).min(behind.len());
        let (update, next) = behind.split_at(len);
        rest = next;
        let before = notes.is_empty();
        let from = ParticipantId::new(u64::from(head >> 7));
        if notes.write(from, update, &limits).is_err() {
            assert_eq!(notes.is_empty(), before, "something stays of what was refused");
        }
    }
    let merged = notes.merge().expect("what was taken can be merged").to_vec();
    assert_eq!(notes.merge(), Some(merged.as_slice()), "merged twice it is another document");
}
