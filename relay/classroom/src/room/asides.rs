//! Who would like to talk aside with a moderator: that person and moderators know, and nobody else.

use mosaik_proto::room::{AsideChange, AsideWish, InboxObject, ParticipantId, Refusal, Role};

use super::{Asked, Room};
use crate::effect::Effects;

impl Room {
    pub(super) fn ask_aside(
        &mut self,
        asked: Asked,
        wanted: bool,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let id = asked.from;
        if !wanted {
            self.forget_wish(id, effects);
            return Ok(());
        }
        if self.breakouts.aside(id).is_some() {
            return Err(Refusal::NotThere);
        }
        let wish = AsideWish { id, since: asked.wall };
        if self.breakouts.wish(wish) {
            self.tell_wish(id, AsideChange::Wished { wish }, effects);
        }
        Ok(())
    }

    pub(super) fn forget_wish(&mut self, id: ParticipantId, effects: &mut Effects) {
        if self.breakouts.forget_wish(id) {
            self.tell_wish(id, AsideChange::Gone { id }, effects);
        }
    }

    /// Whoever talks aside, leads or is gone wishes it no longer.
    pub(super) fn settle_wishes(&mut self, effects: &mut Effects) {
        let is_over = |id: &ParticipantId| {
            let role = self.roster.role(*id);
            role.is_none_or(|role| role == Role::Moderator) || self.breakouts.aside(*id).is_some()
        };
        let wishes = self.breakouts.wishes().iter().map(|wish| wish.id);
        let over: Vec<ParticipantId> = wishes.filter(is_over).collect();
        for id in over {
            self.forget_wish(id, effects);
        }
    }

    /// What an inbox's snapshot says of it.
    pub(super) fn asides_for(&self, reader: ParticipantId) -> Vec<AsideWish> {
        let leads = self.roster.role(reader) == Some(Role::Moderator);
        let known = |wish: &&AsideWish| leads || wish.id == reader;
        self.breakouts.wishes().iter().filter(known).copied().collect()
    }

    fn tell_wish(&mut self, of: ParticipantId, change: AsideChange, effects: &mut Effects) {
        let others = self.moderators().filter(|id| *id != of);
        let readers: Vec<ParticipantId> = others.chain([of]).collect();
        for reader in readers {
            self.tell(reader, &InboxObject::Aside { change }, effects);
        }
    }
}
