//! What is said: to all on `state`, privately in the inboxes of exactly those concerned.

use mosaik_proto::room::{
    Audience, ChatAct, ChatChange, ChatMessage, ChatText, InboxObject, Lock, LoggedAct, Medium,
    MessageId, ParticipantId, RawText, Refusal, Role, RoomEvent, TEXT_CHARS_MAX,
};

use super::texts::refused;
use super::{Asked, Room};
use crate::chat::{Chat, Kept};
use crate::effect::Effects;

impl Room {
    pub(super) fn say(
        &mut self,
        asked: Asked,
        (to, reply_to): (Audience, Option<MessageId>),
        text: &RawText,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let text = parse(text)?;
        let readers = self.readers(asked.from, to)?;
        let seat = self.roster.seat(asked.from).ok_or(Refusal::NotAllowed)?;
        let name = seat.participant.name.clone();
        let chat = if to.is_private() { self.private.of(asked.from) } else { Some(&self.chat) };
        // A reply to what is gone, or to what is said elsewhere, is a message like any other.
        let reply_to = reply_to.filter(|id| chat.is_some_and(|chat| chat.find(*id).is_some()));
        let id = self.next_message(to);
        let message = ChatMessage {
            id,
            author: asked.from,
            name,
            to,
            text,
            at: asked.wall,
            reply_to,
            edited: false,
            pinned: false,
            reactions: Vec::new(),
        };
        if !to.is_private() {
            self.chat.append(message.clone());
            self.chat.trim(self.kept());
            self.event(RoomEvent::Said { message }, effects);
            return Ok(());
        }
        self.private.deliver(&message, &readers, &self.limits);
        for reader in readers {
            let message = self.as_read_by(reader, &message);
            self.tell(reader, &InboxObject::Said { message }, effects);
        }
        Ok(())
    }

    pub(super) fn chat(
        &mut self,
        asked: Asked,
        act: &ChatAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        match act {
            ChatAct::Edit { id, private, text } => {
                let text = parse(text)?;
                self.place(asked, *private)?.may_edit(*id, asked.from)?;
                self.may_still_reach(asked, (*id, *private))?;
                let change = ChatChange::Edited { id: *id, text: text.clone() };
                self.change((*id, *private), &change, |chat| chat.edit(*id, &text), effects);
            }
            ChatAct::Delete { id, private } => {
                let role = self.roster.role(asked.from).ok_or(Refusal::NotAllowed)?;
                self.place(asked, *private)?.may_delete(*id, asked.from, role)?;
                let author = self.place(asked, *private)?.find(*id).map(|message| message.author);
                if author != Some(asked.from) {
                    self.note(LoggedAct::MessageDeleted, asked, author);
                }
                let change = ChatChange::Deleted { id: *id };
                self.change((*id, *private), &change, |chat| chat.delete(*id), effects);
            }
            ChatAct::React { id, private, reaction } => {
                self.may_still_reach(asked, (*id, *private))?;
                let message = self.place(asked, *private)?.find(*id).ok_or(Refusal::NotThere)?;
                let by = asked.from;
                let before = message.reactions.iter().find(|other| other.id == by);
                if before.map(|before| before.reaction) != *reaction {
                    let change = ChatChange::Reacted { id: *id, by, reaction: *reaction };
                    let react = |chat: &mut Chat| chat.react(*id, by, *reaction);
                    self.change((*id, *private), &change, react, effects);
                }
            }
            ChatAct::Pin { id, pinned } => self.pin(*id, *pinned, effects)?,
            ChatAct::Clear {} => {
                if self.chat.clear() {
                    self.note(LoggedAct::ChatCleared, asked, None);
                    self.tell_change(None, &ChatChange::Cleared {}, effects);
                }
            }
            ChatAct::Typing { to } => {
                let mut others = self.readers(asked.from, *to)?;
                others.retain(|reader| *reader != asked.from);
                let change = ChatChange::Typing { by: asked.from };
                self.tell_change(to.is_private().then_some(others), &change, effects);
            }
        }
        Ok(())
    }

    fn pin(&mut self, id: MessageId, pinned: bool, effects: &mut Effects) -> Result<(), Refusal> {
        let was_pinned = self.chat.find(id).ok_or(Refusal::NotThere)?.pinned;
        let max = self.limits.pins_kept;
        if pinned && !was_pinned && self.chat.pinned() >= max {
            return Err(Refusal::Full { max });
        }
        if pinned != was_pinned {
            let change = ChatChange::Pinned { id, pinned };
            self.change((id, false), &change, |chat| chat.pin(id, pinned), effects);
        }
        Ok(())
    }

    /// The messages that someone means.
    fn place(&self, asked: Asked, private: bool) -> Result<&Chat, Refusal> {
        let place = if private { self.private.of(asked.from) } else { Some(&self.chat) };
        place.ok_or(Refusal::NotThere)
    }

    /// Whether someone may write now to those who read a private message: a lock holds for what is
    /// changed of it too.
    fn may_still_reach(
        &self,
        asked: Asked,
        (id, private): (MessageId, bool),
    ) -> Result<(), Refusal> {
        let message = self.place(asked, private)?.find(id).ok_or(Refusal::NotThere)?;
        let is_own = message.author == asked.from;
        let is_to_all = is_own || matches!(message.to, Audience::Breakout { .. });
        let to = if is_to_all { message.to } else { Audience::One { id: message.author } };
        match self.readers(asked.from, to) {
            Err(refusal @ (Refusal::Locked { .. } | Refusal::NotAgreed { .. })) if private => {
                Err(refusal)
            }
            // Nobody reaches another breakout by what was said before.
            Err(Refusal::NotAllowed) => Err(Refusal::NotAllowed),
            // Whoever is gone reads nothing.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Changes a message and tells those who can read it.
    pub(super) fn change(
        &mut self,
        (id, private): (MessageId, bool),
        change: &ChatChange,
        does: impl FnMut(&mut Chat),
        effects: &mut Effects,
    ) {
        let mut does = does;
        // Who can read it is known only while it is there.
        let readers = private.then(|| self.readers_now(id, change));
        if let Some(readers) = &readers {
            self.private.change(readers, &self.limits, does);
        } else {
            does(&mut self.chat);
            self.chat.trim(self.kept());
        }
        self.tell_change(readers, change, effects);
    }

    /// Those who can read a private message and may learn of a change. What is changed of one that
    /// was said in a breakout is for those who are there still; that it is gone is for all.
    fn readers_now(&self, id: MessageId, change: &ChatChange) -> Vec<ParticipantId> {
        let mut readers = self.private.readers(id);
        let chat = readers.first().and_then(|reader| self.private.of(*reader));
        let to = chat.and_then(|chat| chat.find(id)).map(|message| message.to);
        if let Some(Audience::Breakout { id }) = to
            && !matches!(change, ChatChange::Deleted { .. })
        {
            readers.retain(|reader| self.breakouts.place(*reader) == Some(id));
        }
        readers
    }

    /// Tells these people, or everyone.
    pub(super) fn tell_change(
        &mut self,
        readers: Option<Vec<ParticipantId>>,
        change: &ChatChange,
        effects: &mut Effects,
    ) {
        let Some(readers) = readers else {
            self.event(RoomEvent::Chat { change: change.clone() }, effects);
            if change.takes_back() {
                self.retract();
            }
            return;
        };
        for reader in readers {
            self.tell(reader, &InboxObject::Chat { change: change.clone() }, effects);
        }
    }

    /// Who reads what someone says to `to`; nobody is listed for what everyone reads.
    fn readers(&self, from: ParticipantId, to: Audience) -> Result<Vec<ParticipantId>, Refusal> {
        let people = self.roster.participants();
        let role_of = |id| people.iter().find(|person| person.id == id).map(|person| person.role);
        let locks = self.locks_on(from).ok_or(Refusal::NotAllowed)?;
        let place = self.breakouts.place(from);
        let leads = role_of(from) == Some(Role::Moderator);
        let others: Vec<ParticipantId> = match to {
            // In a breakout one writes to it, and to those who lead.
            Audience::Everyone {} if place.is_some() && !leads => return Err(Refusal::NotAllowed),
            Audience::Everyone {} => return Ok(Vec::new()),
            Audience::Breakout { id } if place != Some(id) => return Err(Refusal::NotAllowed),
            Audience::Breakout { .. } if locks.has(Lock::PublicChat) => {
                return Err(Refusal::Locked { lock: Lock::PublicChat });
            }
            Audience::Breakout { id } => {
                self.check_agreed(from, Medium::Read)?;
                return Ok(self.breakouts.people(id));
            }
            Audience::Moderators {} => {
                let leads = people.iter().filter(|person| person.role == Role::Moderator);
                leads.map(|person| person.id).filter(|id| *id != from).collect()
            }
            Audience::One { id } => {
                let role = role_of(id).filter(|_| id != from).ok_or(Refusal::NotThere)?;
                // Moderators can always be written to.
                if role != Role::Moderator {
                    if locks.has(Lock::PrivateChat) {
                        return Err(Refusal::Locked { lock: Lock::PrivateChat });
                    }
                    self.check_agreed(from, Medium::Read)?;
                }
                if role != Role::Moderator && !leads && self.breakouts.place(id) != place {
                    return Err(Refusal::NotAllowed);
                }
                vec![id]
            }
        };
        if others.is_empty() {
            return Err(Refusal::NotThere);
        }
        Ok(std::iter::once(from).chain(others).collect())
    }

    fn next_message(&mut self, to: Audience) -> MessageId {
        if to.is_private() {
            return self.chance.message();
        }
        self.said = self.said.saturating_add(1);
        self.said
    }

    const fn kept(&self) -> Kept {
        Kept { messages: self.limits.chat_kept, bytes: self.limits.chat_bytes_kept }
    }
}

fn parse(text: &RawText) -> Result<ChatText, Refusal> {
    text.as_str().parse().map_err(|bad| refused(bad, TEXT_CHARS_MAX))
}
