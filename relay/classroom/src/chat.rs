//! Messages in the order in which they were said, as many as are kept.

use std::collections::{BTreeMap, VecDeque};

use mosaik_proto::room::{
    ChatMessage, ChatText, MessageId, ParticipantId, Reaction, ReactionOf, Refusal, Role,
};

/// What a message counts beside its text, and what each reaction to it does: about the size of
/// their JSON.
const MESSAGE_BYTES: usize = 160;
const REACTION_BYTES: usize = 48;

/// How many messages are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept {
    pub(crate) messages: usize,
    pub(crate) bytes: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Chat {
    messages: VecDeque<ChatMessage>,
    bytes: usize,
}

impl Chat {
    /// Adds a message; see `trim` for which others go.
    pub(crate) fn append(&mut self, message: ChatMessage) {
        self.bytes = self.bytes.saturating_add(bytes_of(&message));
        self.messages.push_back(message);
    }

    pub(crate) fn find(&self, id: MessageId) -> Option<&ChatMessage> {
        self.messages.iter().find(|message| message.id == id)
    }

    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether someone may change what this message says; whoever is not the author may not.
    pub(crate) fn may_edit(&self, id: MessageId, by: ParticipantId) -> Result<(), Refusal> {
        let message = self.find(id).ok_or(Refusal::NotThere)?;
        if message.author == by { Ok(()) } else { Err(Refusal::NotAllowed) }
    }

    /// Whether someone may delete this message: the author and moderators may.
    pub(crate) fn may_delete(
        &self,
        id: MessageId,
        by: ParticipantId,
        role: Role,
    ) -> Result<(), Refusal> {
        let message = self.find(id).ok_or(Refusal::NotThere)?;
        let may = message.author == by || role == Role::Moderator;
        if may { Ok(()) } else { Err(Refusal::NotAllowed) }
    }

    pub(crate) fn edit(&mut self, id: MessageId, text: &ChatText) {
        self.change(id, |message| {
            message.text = text.clone();
            message.edited = true;
        });
    }

    pub(crate) fn delete(&mut self, id: MessageId) {
        if let Some(index) = self.messages.iter().position(|message| message.id == id) {
            self.remove(index);
        }
    }

    /// Sets or takes back someone's reaction.
    pub(crate) fn react(&mut self, id: MessageId, by: ParticipantId, reaction: Option<Reaction>) {
        self.change(id, |message| {
            message.reactions.retain(|other| other.id != by);
            message.reactions.extend(reaction.map(|reaction| ReactionOf { id: by, reaction }));
        });
    }

    pub(crate) fn pin(&mut self, id: MessageId, pinned: bool) {
        self.change(id, |message| message.pinned = pinned);
    }

    pub(crate) fn pinned(&self) -> usize {
        self.messages.iter().filter(|message| message.pinned).count()
    }

    /// Forgets everything; false if there was nothing.
    pub(crate) fn clear(&mut self) -> bool {
        self.bytes = 0;
        !std::mem::take(&mut self.messages).is_empty()
    }

    /// Forgets everything that someone said; false if there was nothing.
    pub(crate) fn withdraw(&mut self, author: ParticipantId) -> bool {
        let before = self.messages.len();
        self.messages.retain(|message| message.author != author);
        self.bytes = self.messages.iter().map(bytes_of).sum();
        self.messages.len() < before
    }

    /// Forgets the oldest messages beyond what is kept. Pinned ones stay.
    pub(crate) fn trim(&mut self, kept: Kept) {
        while self.is_over(kept) {
            let Some(oldest) = self.messages.iter().position(|message| !message.pinned) else {
                return;
            };
            self.remove(oldest);
        }
    }

    /// Forgets messages beyond what is kept, the oldest of whoever wrote most: nobody pushes out
    /// what others wrote.
    pub(crate) fn trim_fairly(&mut self, kept: Kept) {
        while self.is_over(kept) {
            self.forget_fairly();
        }
    }

    /// Forgets the oldest message of whoever wrote most.
    pub(crate) fn forget_fairly(&mut self) {
        let mut by_author: BTreeMap<ParticipantId, usize> = BTreeMap::new();
        for message in &self.messages {
            *by_author.entry(message.author).or_default() += bytes_of(message);
        }
        let most = by_author.into_iter().max_by_key(|(_, bytes)| *bytes);
        let is_theirs = |message: &ChatMessage| Some(message.author) == most.map(|(id, _)| id);
        if let Some(index) = self.messages.iter().position(is_theirs) {
            self.remove(index);
        }
    }

    pub(crate) fn messages(&self) -> Vec<ChatMessage> {
        self.messages.iter().cloned().collect()
    }

    fn is_over(&self, kept: Kept) -> bool {
        self.messages.len() > kept.messages.max(1)
            || (self.bytes > kept.bytes && self.messages.len() > 1)
    }

    fn remove(&mut self, index: usize) {
        if let Some(message) = self.messages.remove(index) {
            self.bytes = self.bytes.saturating_sub(bytes_of(&message));
        }
    }

    fn change(&mut self, id: MessageId, change: impl FnOnce(&mut ChatMessage)) {
        if let Some(message) = self.messages.iter_mut().find(|message| message.id == id) {
            let before = bytes_of(message);
            change(message);
            self.bytes = self.bytes.saturating_sub(before).saturating_add(bytes_of(message));
        }
    }
}

fn bytes_of(message: &ChatMessage) -> usize {
    let reactions = message.reactions.len().saturating_mul(REACTION_BYTES);
    message.text.as_str().len().saturating_add(MESSAGE_BYTES).saturating_add(reactions)
}

#[cfg(test)]
mod tests {
    use mosaik_proto::room::Audience;

    use super::*;

    fn message(id: MessageId, author: u64, text: &str) -> ChatMessage {
        ChatMessage {
            id,
            author: ParticipantId::new(author),
            name: "Ayla".parse().unwrap(),
            to: Audience::Everyone {},
            text: text.parse().unwrap(),
            at: id,
            reply_to: None,
            edited: false,
            pinned: false,
            reactions: Vec::new(),
        }
    }

    fn ids(chat: &Chat) -> Vec<MessageId> {
        chat.messages().iter().map(|message| message.id).collect()
    }

    #[test]
    fn the_oldest_messages_go_first_and_pinned_ones_stay() {
        let mut chat = Chat::default();
        for id in 1..=6 {
            chat.append(message(id, 1, "hallo"));
        }
        chat.pin(2, true);
        chat.trim(Kept { messages: 3, bytes: 100_000 });
        assert_eq!(ids(&chat), [2, 5, 6]);
        chat.trim(Kept { messages: 3, bytes: 10 });
        assert_eq!(ids(&chat), [2]);
    }

    #[test]
    fn who_writes_much_pushes_out_only_their_own_words() {
        let mut chat = Chat::default();
        chat.append(message(1, 1, "Ich brauche Hilfe"));
        for id in 2..=50 {
            chat.append(message(id, 2, "Spam"));
            chat.trim_fairly(Kept { messages: 10, bytes: 100_000 });
        }
        assert_eq!(ids(&chat).first(), Some(&1));
        assert_eq!(ids(&chat).last(), Some(&50));
        assert_eq!(ids(&chat).len(), 10);
    }

    #[test]
    fn a_person_reacts_to_a_message_once() {
        let (mut chat, me) = (Chat::default(), ParticipantId::new(9));
        chat.append(message(1, 1, "Fertig!"));
        for reaction in [Reaction::Heart, Reaction::Party, Reaction::Party] {
            chat.react(1, me, Some(reaction));
        }
        let reactions = &chat.find(1).unwrap().reactions;
        assert_eq!(reactions.as_slice(), [ReactionOf { id: me, reaction: Reaction::Party }]);
        chat.react(1, me, None);
        assert_eq!(chat.bytes(), MESSAGE_BYTES + "Fertig!".len());
    }
}
