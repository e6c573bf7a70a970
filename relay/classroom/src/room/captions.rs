//! Captions that somebody types: told to everyone as they grow, and forgotten.

use mosaik_proto::room::{CAPTION_CHARS_MAX, CaptionText, Medium, RawText, Refusal, RoomEvent};

use super::texts::refused;
use super::{Asked, Room};
use crate::effect::Effects;

impl Room {
    /// `done`: the line is whole, and the next one begins another.
    pub(super) fn caption(
        &mut self,
        asked: Asked,
        (text, done): (&RawText, bool),
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let by = asked.from;
        self.check_agreed(by, Medium::Read)?;
        // What is said in a group is for nobody else.
        if self.breakouts.place(by).is_some() {
            return Err(Refusal::NotAllowed);
        }
        let text: CaptionText =
            text.as_str().parse().map_err(|bad| refused(bad, CAPTION_CHARS_MAX))?;
        self.event(RoomEvent::Caption { by, text, done }, effects);
        Ok(())
    }
}
