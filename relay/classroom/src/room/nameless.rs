//! The room without the names of viewers: what those read who may not know each other.

use mosaik_proto::room::{
    BoardsSnapshot, ChatMessage, DisplayName, Lock, Participant, ParticipantId, Role, RoomEvent,
    RoomSnapshot, StateObject,
};

use super::Room;
use super::telling::{Known, encode};
use crate::chat::Chat;
use crate::effect::{Effect, Effects};

impl Room {
    /// Begins it anew, if anyone reads it.
    pub(super) fn begin_nameless(&mut self, known: Known, effects: &mut Effects) {
        if self.nameless().is_empty() {
            return;
        }
        let mut state = Box::new(self.shown());
        let RoomSnapshot { participants, chat, boards, .. } = &mut *state;
        withhold_pages(boards);
        participants.iter_mut().for_each(withhold);
        for message in chat {
            self.withhold_author(message);
        }
        let object = encode(&StateObject::Snapshot { revision: self.revision, state });
        self.nameless_group.begin(object.len());
        effects.push(Effect::BeginNameless(object, known.of(1)));
    }

    /// Tells what happened to those who may not know who did it.
    pub(super) fn nameless_event(&mut self, event: &RoomEvent, effects: &mut Effects) {
        if self.nameless().is_empty() {
            return;
        }
        let mut event = event.clone();
        match &mut event {
            RoomEvent::Joined { participant } => withhold(participant),
            RoomEvent::Said { message } => self.withhold_author(message),
            RoomEvent::Boards { boards } => withhold_pages(boards),
            RoomEvent::Presence { .. }
            | RoomEvent::Left { .. }
            | RoomEvent::Sources { .. }
            | RoomEvent::Sharing { .. }
            | RoomEvent::Caption { .. }
            | RoomEvent::Ended { .. }
            | RoomEvent::Chat { .. }
            | RoomEvent::Poll { .. }
            | RoomEvent::Lead { .. }
            | RoomEvent::Hand { .. }
            | RoomEvent::Sign { .. }
            | RoomEvent::Breakout { .. }
            | RoomEvent::Timer { .. }
            | RoomEvent::Slides { .. }
            | RoomEvent::File { .. } => {}
        }
        let object = encode(&StateObject::Event { revision: self.revision, event });
        let slack = self.limits.state_slack;
        let is_outgrown = self.nameless_group.is_state_outgrown_by(object.len(), slack);
        effects.push(Effect::Nameless(object));
        if is_outgrown {
            self.begin_nameless(Known::All, effects);
        }
    }

    /// The name of an author who is, or was, no moderator and no presenter.
    fn withhold_author(&self, message: &mut ChatMessage) {
        if self.is_viewer(message.author) {
            message.name = DisplayName::withheld();
        }
    }

    /// A message as one reader may know it.
    pub(super) fn as_read_by(&self, reader: ParticipantId, message: &ChatMessage) -> ChatMessage {
        let mut message = message.clone();
        let is_nameless = self.locks_on(reader).is_some_and(|locks| locks.has(Lock::OthersNames));
        if is_nameless && message.author != reader {
            self.withhold_author(&mut message);
        }
        message
    }

    /// The private messages of someone's, as far as they may know who wrote them.
    pub(super) fn private_messages(&self, of: ParticipantId) -> Vec<ChatMessage> {
        let messages = self.private.of(of).map(Chat::messages).unwrap_or_default();
        messages.iter().map(|message| self.as_read_by(of, message)).collect()
    }

    /// Whoever is gone is what they were when they left.
    fn is_viewer(&self, id: ParticipantId) -> bool {
        let was = || self.door.known(id).map(|known| known.role);
        let role = self.roster.participant(id).map(|person| person.role).or_else(was);
        role.is_none_or(|role| role == Role::Viewer)
    }
}

/// Own boards that became pages are those of viewers.
fn withhold_pages(boards: &mut BoardsSnapshot) {
    for page in &mut boards.pages {
        page.from = None;
    }
}

fn withhold(participant: &mut Participant) {
    if participant.role == Role::Viewer {
        participant.name = DisplayName::withheld();
    }
}
