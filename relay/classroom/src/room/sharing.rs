//! Shared screens, and what else may stand on the stage.

use mosaik_proto::room::RoomEvent;

use super::Room;
use crate::effect::Effects;

impl Room {
    pub(super) fn sharing_changed(&mut self, effects: &mut Effects) {
        self.event(RoomEvent::Sharing { sharing: self.screens.snapshot() }, effects);
    }

    /// Somebody shows slides or a whiteboard to everyone, or puts them away.
    pub(super) fn content_shown(&mut self, is_shown: bool, effects: &mut Effects) {
        if self.screens.make_way(is_shown) {
            self.sharing_changed(effects);
        }
    }
}
