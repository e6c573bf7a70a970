//! Consent: what someone agrees to holds from the moment in which they say so, and no longer than
//! they want it to.

use mosaik_proto::room::{
    Agreed, Audience, ChatChange, ChatMessage, Consent, ConsentOf, InboxObject, Medium, MessageId,
    Participant, ParticipantId, Refusal, Role, TextsVersion,
};

use super::{Asked, Room};
use crate::chat::Chat;
use crate::effect::Effects;

impl Room {
    /// What someone who is in agrees to; who is not agrees to nothing.
    pub(super) fn agreed(&self, id: ParticipantId) -> Agreed {
        self.roster.consent(id).map_or(Agreed::NONE, |consent| consent.agreed)
    }

    /// # Errors
    /// [`Refusal::NotAgreed`].
    pub(super) fn check_agreed(&self, id: ParticipantId, medium: Medium) -> Result<(), Refusal> {
        if self.agreed(id).has(medium) { Ok(()) } else { Err(Refusal::NotAgreed { medium }) }
    }

    /// Whether someone agrees to be read, or did when they were here last.
    pub(super) fn is_read(&self, id: ParticipantId) -> bool {
        let gone = || self.door.known(id).is_none_or(|known| known.is_read);
        self.roster.consent(id).map_or_else(gone, |consent| consent.agreed.read)
    }

    pub(super) fn consent(
        &mut self,
        asked: Asked,
        (agreed, texts): (Agreed, Option<TextsVersion>),
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let seat = self.roster.seat(asked.from).ok_or(Refusal::NotAllowed)?;
        if agreed.within(seat.consent.most) != agreed {
            return Err(Refusal::NotAllowed);
        }
        let now = Consent { agreed, most: seat.consent.most, texts };
        if seat.consent == now {
            return Ok(());
        }
        let before = std::mem::replace(&mut seat.consent, now);
        self.tell_consent(asked.from, asked.from, effects);
        self.tell_leaders_consent(asked.from, effects);
        if before.agreed.read && !agreed.read {
            self.withdraw(asked.from, effects);
        }
        self.rights_changed(effects);
        Ok(())
    }

    /// Tells those who lead. The person reads it in the own inbox.
    pub(super) fn tell_leaders_consent(&mut self, id: ParticipantId, effects: &mut Effects) {
        let leads = |person: &&Participant| person.id != id && person.role == Role::Moderator;
        let leaders: Vec<ParticipantId> =
            self.roster.people().filter(leads).map(|person| person.id).collect();
        for leader in leaders {
            self.tell_consent(leader, id, effects);
        }
    }

    fn tell_consent(&mut self, to: ParticipantId, id: ParticipantId, effects: &mut Effects) {
        if let Some(consent) = self.roster.consent(id).cloned() {
            let of = ConsentOf { id, consent };
            self.tell(to, &InboxObject::Consent { of }, effects);
        }
    }

    /// What an inbox's snapshot says of it.
    pub(super) fn consents(&self, reader: ParticipantId) -> Vec<ConsentOf> {
        let leads = self.roster.role(reader) == Some(Role::Moderator);
        let people = self.roster.consents().chain(self.door.waiting.consents());
        let known = people.filter(|(id, _)| *id == reader || (leads && self.roster.has(*id)));
        known.map(|(id, consent)| ConsentOf { id, consent: consent.clone() }).collect()
    }

    /// What someone wrote, drew and shared goes, but for what those who lead alone can read. In the
    /// notes all write one text, in which nobody's words can be told apart for sure.
    pub(super) fn withdraw(&mut self, author: ParticipantId, effects: &mut Effects) {
        self.withdraw_drawings(author, effects);
        self.withdraw_files(author, effects);
        if self.chat.withdraw(author) {
            let change = ChatChange::Withdrawn { author };
            self.tell_change(None, &change, effects);
        }
        let to_others = |message: &&ChatMessage| match message.to {
            Audience::One { id } => self.roster.role(id) != Some(Role::Moderator),
            Audience::Breakout { .. } => true,
            Audience::Everyone {} | Audience::Moderators {} => false,
        };
        let sent = self.private.of(author).map(Chat::messages).unwrap_or_default();
        let own = sent.iter().filter(|message| message.author == author).filter(to_others);
        let ids: Vec<MessageId> = own.map(|message| message.id).collect();
        for id in ids {
            let change = ChatChange::Deleted { id };
            self.change((id, true), &change, |chat| chat.delete(id), effects);
        }
    }
}
