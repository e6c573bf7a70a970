//! What is said to all.

use mosaik_proto::room::{BadText, RawText, Refusal, RoomEvent, TEXT_CHARS_MAX};

use super::{Asked, Room};
use crate::effect::Effects;

impl Room {
    pub(super) fn say(
        &mut self,
        asked: Asked,
        text: &RawText,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let text = text.as_str().parse().map_err(refused)?;
        let seat = self.roster.seat(asked.from).ok_or(Refusal::NotAllowed)?;
        let author = (asked.from, seat.participant.name.clone());
        let kept = (self.limits.chat_kept, self.limits.chat_bytes_kept);
        let message = self.chat.append(author, text, asked.wall, kept);
        self.event(RoomEvent::Said { message }, effects);
        Ok(())
    }
}

/// What the writer of a bad text is told.
const fn refused(bad: BadText) -> Refusal {
    match bad {
        BadText::Empty => Refusal::TextEmpty,
        BadText::TooLong => Refusal::TextTooLong { max: TEXT_CHARS_MAX },
        BadText::Control => Refusal::Malformed,
    }
}
