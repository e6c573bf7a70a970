//! What is said in a room: to everyone, to the moderators, or to one person.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{BreakoutId, ChatText, DisplayName, ParticipantId, RawText, Reaction, UnixMillis};

/// Names a message. Public ones are counted from 1 on; those of private ones say nothing of how
/// many there are. Both fit a JavaScript number.
pub type MessageId = u64;

/// To whom something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Audience {
    /// To everyone in the room.
    Everyone {},
    /// Privately to those who are moderators when it is said.
    Moderators {},
    /// Privately to one person.
    One {
        /// To whom.
        id: ParticipantId,
    },
    /// To those who are in the writer's breakout when it is said.
    Breakout {
        /// Which.
        id: BreakoutId,
    },
}

impl Audience {
    /// Whether it is not for everyone.
    pub const fn is_private(self) -> bool {
        !matches!(self, Self::Everyone {})
    }
}

impl Default for Audience {
    fn default() -> Self {
        Self::Everyone {}
    }
}

/// What someone asks about messages. `private`: the message is one of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum ChatAct {
    /// Change what one said oneself.
    Edit {
        /// Which message.
        #[ts(type = "number")]
        id: MessageId,
        /// Whether it is a private one.
        private: bool,
        /// What it says now.
        text: RawText,
    },
    /// Delete what one said oneself; moderators may delete anything that they can read.
    Delete {
        /// Which message.
        #[ts(type = "number")]
        id: MessageId,
        /// Whether it is a private one.
        private: bool,
    },
    /// React to a message, with one reaction a person.
    React {
        /// Which message.
        #[ts(type = "number")]
        id: MessageId,
        /// Whether it is a private one.
        private: bool,
        /// None takes one's reaction back.
        reaction: Option<Reaction>,
    },
    /// Keep a message of the public chat above all others, or no longer.
    Pin {
        /// Which message.
        #[ts(type = "number")]
        id: MessageId,
        /// Whether it is kept there.
        pinned: bool,
    },
    /// Delete all messages of the public chat.
    Clear {},
    /// Say that one is writing.
    Typing {
        /// To whom.
        to: Audience,
    },
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessage {
    /// Its name among public or private messages.
    #[ts(type = "number")]
    pub id: MessageId,
    /// Who said it.
    pub author: ParticipantId,
    /// The author's name then; the author may have left.
    pub name: DisplayName,
    /// To whom.
    pub to: Audience,
    /// What was said.
    pub text: ChatText,
    /// When.
    #[ts(type = "number")]
    pub at: UnixMillis,
    /// The message that it answers.
    #[ts(type = "number | null")]
    pub reply_to: Option<MessageId>,
    /// Whether the text was changed.
    pub edited: bool,
    /// Whether it is kept above all others.
    pub pinned: bool,
    /// In the order in which they came.
    pub reactions: Vec<ReactionOf>,
}

/// Someone's reaction to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReactionOf {
    /// Whose.
    pub id: ParticipantId,
    /// Which.
    pub reaction: Reaction,
}

/// A change of what was said: of the public chat on `state`, of private messages in the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ChatChange {
    /// A message says something else.
    Edited {
        /// Which.
        #[ts(type = "number")]
        id: MessageId,
        /// What it says now.
        text: ChatText,
    },
    /// A message is gone.
    Deleted {
        /// Which.
        #[ts(type = "number")]
        id: MessageId,
    },
    /// Someone reacted to a message.
    Reacted {
        /// Which.
        #[ts(type = "number")]
        id: MessageId,
        /// Who.
        by: ParticipantId,
        /// None: the reaction was taken back.
        reaction: Option<Reaction>,
    },
    /// A message is kept above all others, or no longer.
    Pinned {
        /// Which.
        #[ts(type = "number")]
        id: MessageId,
        /// Whether it is.
        pinned: bool,
    },
    /// All messages are gone.
    Cleared {},
    /// All messages of someone are gone, who is no longer to be read.
    Withdrawn {
        /// Whose.
        author: ParticipantId,
    },
    /// Someone is writing; nothing is kept of it.
    Typing {
        /// Who.
        by: ParticipantId,
    },
}

impl ChatChange {
    /// Whether something that was said before is no longer to be read.
    #[must_use]
    pub const fn takes_back(&self) -> bool {
        match self {
            Self::Edited { .. }
            | Self::Deleted { .. }
            | Self::Cleared {}
            | Self::Withdrawn { .. } => true,
            Self::Reacted { .. } | Self::Pinned { .. } | Self::Typing { .. } => false,
        }
    }
}
