//! The timer: told as a whole each time, so that nobody has to count along.

use mosaik_proto::room::{Refusal, RoomEvent, TimerAct};

use super::{Asked, Room};
use crate::effect::Effects;

impl Room {
    /// What is so already is done and told to nobody.
    pub(super) fn set_timer(
        &mut self,
        asked: Asked,
        act: TimerAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        if self.timer.act(asked.wall, act, self.limits.timer_max)? {
            let timer = self.timer.get();
            self.event(RoomEvent::Timer { timer, at: asked.wall }, effects);
        }
        Ok(())
    }
}
