//! Signs: statuses that stay, reactions that pass.

use mosaik_proto::room::{LoggedAct, RoomEvent, SignAct, SignChange};

use super::{Asked, Room};
use crate::effect::Effects;

impl Room {
    /// What is so already is done and told to nobody.
    pub(super) fn sign(&mut self, asked: Asked, act: &SignAct, effects: &mut Effects) {
        let id = asked.from;
        let change = match *act {
            SignAct::Status { status } => {
                self.statuses.set(id, status).then_some(SignChange::Status { id, status })
            }
            SignAct::ClearStatuses {} => {
                let change = self.statuses.clear().then_some(SignChange::StatusesCleared {});
                if change.is_some() {
                    self.note(LoggedAct::StatusesCleared, asked, None);
                }
                change
            }
            SignAct::React { reaction } => Some(SignChange::Reacted { id, reaction }),
        };
        if let Some(change) = change {
            self.event(RoomEvent::Sign { change }, effects);
        }
    }
}
