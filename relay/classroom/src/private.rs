//! Private messages: what each person can read, and nobody else.

use std::collections::BTreeMap;

use mosaik_proto::room::{ChatMessage, Limits, MessageId, ParticipantId};

use crate::chat::{Chat, Kept};

/// A box for each person who wrote or got something. It outlives the seat as long as the person's
/// record does, for whoever comes back.
#[derive(Debug, Default)]
pub(crate) struct Private {
    boxes: BTreeMap<ParticipantId, Chat>,
}

impl Private {
    /// Puts a message into the boxes of exactly these people.
    pub(crate) fn deliver(
        &mut self,
        message: &ChatMessage,
        readers: &[ParticipantId],
        limits: &Limits,
    ) {
        let kept = Kept { messages: limits.private_kept, bytes: limits.private_bytes_kept };
        for reader in readers {
            let chat = self.boxes.entry(*reader).or_default();
            chat.append(message.clone());
            chat.trim_fairly(kept);
        }
        self.bound(limits);
    }

    /// What someone can read.
    pub(crate) fn of(&self, reader: ParticipantId) -> Option<&Chat> {
        self.boxes.get(&reader)
    }

    /// What anyone can read.
    pub(crate) fn boxes(&self) -> impl Iterator<Item = &Chat> {
        self.boxes.values()
    }

    /// Who can read a message.
    pub(crate) fn readers(&self, id: MessageId) -> Vec<ParticipantId> {
        let has = |chat: &Chat| chat.find(id).is_some();
        self.boxes.iter().filter(|(_, chat)| has(chat)).map(|(reader, _)| *reader).collect()
    }

    /// Changes a message for everyone who can read it.
    pub(crate) fn change(
        &mut self,
        id: MessageId,
        limits: &Limits,
        mut change: impl FnMut(&mut Chat),
    ) {
        for reader in self.readers(id) {
            self.boxes.entry(reader).and_modify(&mut change);
        }
        self.bound(limits);
    }

    /// Someone is not known any more.
    pub(crate) fn forget(&mut self, reader: ParticipantId) {
        self.boxes.remove(&reader);
    }

    /// All boxes together have a bound; the largest one pays for what is beyond it.
    fn bound(&mut self, limits: &Limits) {
        let mut bytes: usize = self.boxes.values().map(Chat::bytes).sum();
        while bytes > limits.private_room_bytes_kept {
            let Some(largest) = self.boxes.values_mut().max_by_key(|chat| chat.bytes()) else {
                return;
            };
            let before = largest.bytes();
            largest.forget_fairly();
            bytes = bytes.saturating_sub(before.saturating_sub(largest.bytes()).max(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use mosaik_proto::room::Audience;

    use super::*;

    fn id(number: u64) -> ParticipantId {
        ParticipantId::new(number)
    }

    fn message(number: MessageId, author: u64) -> ChatMessage {
        ChatMessage {
            id: number,
            author: id(author),
            name: "Ayla".parse().unwrap(),
            to: Audience::Moderators {},
            text: "x".repeat(100).parse().unwrap(),
            at: number,
            reply_to: None,
            edited: false,
            pinned: false,
            reactions: Vec::new(),
        }
    }

    #[test]
    fn nobody_reads_what_was_not_said_to_them() {
        let mut private = Private::default();
        let limits = Limits::default();
        private.deliver(&message(1, 1), &[id(1), id(2)], &limits);
        assert_eq!(private.readers(1), [id(1), id(2)]);
        assert!(private.of(id(3)).is_none());
        private.change(1, &limits, |chat| chat.delete(1));
        assert!(private.readers(1).is_empty());
    }

    #[test]
    fn all_boxes_together_are_bounded_and_the_largest_pays() {
        let limits = Limits { private_room_bytes_kept: 5_000, ..Limits::default() };
        let mut private = Private::default();
        private.deliver(&message(1, 7), &[id(7), id(8)], &limits);
        for number in 2..100 {
            private.deliver(&message(number, 1), &[id(1), id(2)], &limits);
        }
        let bytes: usize =
            [1, 2, 7, 8].iter().map(|who| private.of(id(*who)).unwrap().bytes()).sum();
        assert!(bytes <= 5_000, "{bytes}");
        assert_eq!(private.readers(1), [id(7), id(8)]);
    }
}
