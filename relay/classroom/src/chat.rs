//! The public chat: the newest messages, in the order in which they were said.

use std::collections::VecDeque;

use mosaik_proto::room::{ChatMessage, ChatText, DisplayName, ParticipantId, UnixMillis};

#[derive(Debug, Default)]
pub(crate) struct Chat {
    messages: VecDeque<ChatMessage>,
    bytes: usize,
    said: u64,
}

impl Chat {
    /// Adds a message; the oldest ones go when there are more than are kept.
    pub(crate) fn append(
        &mut self,
        author: (ParticipantId, DisplayName),
        text: ChatText,
        at: UnixMillis,
        (kept, bytes_kept): (usize, usize),
    ) -> ChatMessage {
        self.said = self.said.saturating_add(1);
        self.bytes = self.bytes.saturating_add(text.as_str().len());
        let (author, name) = author;
        let message = ChatMessage { id: self.said, author, name, text, at };
        self.messages.push_back(message.clone());
        while self.messages.len() > kept.max(1)
            || (self.bytes > bytes_kept && self.messages.len() > 1)
        {
            let Some(oldest) = self.messages.pop_front() else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(oldest.text.as_str().len());
        }
        message
    }

    pub(crate) fn messages(&self) -> Vec<ChatMessage> {
        self.messages.iter().cloned().collect()
    }
}
