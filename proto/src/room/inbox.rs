//! What a room says to one: objects of `inbox/<participant>`.

use serde::Serialize;
use ts_rs::TS;

use super::{
    AsideChange, AsideWish, Attendee, ChatChange, ChatMessage, CommandNumber, ConsentOf, DoorNews,
    DoorSnapshot, EarlierLesson, LineOf, LineQuality, LogEntry, OwnVote, PollCount, ReceiptSecret,
    Refusal, RefusedCommand, UnixMillis, UploadOver, UploadProgress,
};

/// One object of an `inbox` track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum InboxObject {
    /// Begins a group.
    Snapshot {
        /// The room's time when something happened last: after a join, that of the join. A page
        /// sets its clock by it.
        #[ts(type = "number")]
        at: UnixMillis,
        /// Every command up to this one has its answer.
        #[ts(type = "number")]
        acknowledged: CommandNumber,
        /// Those of them that were refused, as far as they are kept.
        refused: Vec<RefusedCommand>,
        /// Private messages that this participant wrote or got, oldest first.
        messages: Vec<ChatMessage>,
        /// How this participant has voted.
        votes: Vec<OwnVote>,
        /// What moderators see of the polls; nothing for others.
        counts: Vec<PollCount>,
        /// Where the participant is, and for moderators who waits.
        door: DoorSnapshot,
        /// What this participant has stated; to moderators also what all others have.
        consents: Vec<ConsentOf>,
        /// How the participant's line is, once it is known.
        line: Option<LineQuality>,
        /// Everyone's that is known, for moderators; nothing for others.
        lines: Vec<LineOf>,
        /// The participant's uploads that the room waits for.
        uploads: Vec<UploadProgress>,
        /// Whether this participant would like to talk aside; for moderators everyone who would, who
        /// waits longest first.
        asides: Vec<AsideWish>,
    },
    /// A command was done.
    Acknowledged {
        /// Which.
        #[ts(type = "number")]
        number: CommandNumber,
    },
    /// A command was refused.
    Refused {
        /// Which.
        #[ts(type = "number")]
        number: CommandNumber,
        /// Why.
        refusal: Refusal,
    },
    /// Something was said privately, also by this participant.
    Said {
        /// What.
        message: ChatMessage,
    },
    /// Something about private messages.
    Chat {
        /// What.
        change: ChatChange,
    },
    /// This participant has voted.
    Voted {
        /// How.
        vote: OwnVote,
    },
    /// The room has more of an upload.
    Uploaded {
        /// How far it is.
        upload: UploadProgress,
    },
    /// An upload is over.
    UploadOver {
        /// How.
        upload: UploadOver,
    },
    /// What moderators see of a poll by now.
    Counted {
        /// What.
        count: PollCount,
    },
    /// Who was there when; to a moderator who asked.
    Attendance {
        /// The room's time.
        #[ts(type = "number")]
        at: UnixMillis,
        /// Everyone, in the order in which they came.
        people: Vec<Attendee>,
    },
    /// Who was there when in lessons before this one; to a moderator who asked, and to all when one
    /// of the lessons was deleted.
    Earlier {
        /// The oldest first.
        lessons: Vec<EarlierLesson>,
    },
    /// What moderators did; to a moderator who asked.
    Log {
        /// The newest ones, oldest first.
        entries: Vec<LogEntry>,
    },
    /// Someone agrees to something else: this participant, or to moderators anyone.
    Consent {
        /// Who, and to what.
        of: ConsentOf,
    },
    /// The session is about to be closed by the room.
    Closed {
        /// Why.
        reason: CloseReason,
        /// To moderators of a room that is over: by this they get its receipt.
        receipt: Option<ReceiptSecret>,
    },
    /// Something about the waiting room.
    Door {
        /// What.
        news: DoorNews,
    },
    /// Somebody would like to talk aside, or no longer: this participant, or to moderators anyone.
    Aside {
        /// What is different.
        change: AsideChange,
    },
    /// How this participant's line is by now.
    Line {
        /// How.
        line: LineQuality,
    },
    /// Those lines that have changed; to moderators.
    Lines {
        /// Whose are how.
        lines: Vec<LineOf>,
    },
}

impl InboxObject {
    /// The last word to one whose session is about to be closed.
    pub const fn closed(reason: CloseReason) -> Self {
        Self::Closed { reason, receipt: None }
    }
}

/// Why the room closes a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CloseReason {
    /// The same participant came in elsewhere.
    Replaced,
    /// The room is over.
    Ended,
    /// The participant left.
    Left,
    /// A moderator sent the participant out of the room.
    Removed,
    /// A moderator did not let the participant in.
    TurnedAway,
    /// The participant's device went on sending what was refused.
    Flooding,
}
