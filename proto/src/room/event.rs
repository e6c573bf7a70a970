//! What a room says to everyone: objects of `state`.

use serde::Serialize;
use ts_rs::TS;

use super::{
    BoardsSnapshot, BreakoutChange, Breakouts, CaptionText, ChatChange, ChatMessage, FileChange,
    HandChange, HandsSnapshot, LeadChange, Participant, ParticipantId, Poll, PollChange, Revision,
    RoomSettings, SharedFile, Sharing, SignChange, SlidesChange, SlidesSnapshot, StatusOf, Timer,
    UnixMillis,
};

/// All of a room that everyone may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RoomSnapshot<'a> {
    /// The room's id.
    pub room: &'a str,
    /// The room's title.
    pub title: &'a str,
    /// In the order in which they came.
    pub participants: Vec<Participant>,
    /// The newest messages, oldest first.
    pub chat: Vec<ChatMessage>,
    /// Polls, oldest first.
    pub polls: Vec<Poll>,
    /// Raised hands and who was called on.
    pub hands: HandsSnapshot,
    /// Who has a status.
    pub statuses: Vec<StatusOf>,
    /// What moderators set.
    pub settings: RoomSettings,
    /// When the room ends because all moderators are gone; none while one is there.
    #[ts(type = "number | null")]
    pub ends_at: Option<UnixMillis>,
    /// The timer, if there is one.
    pub timer: Option<Timer>,
    /// Who is in which small room.
    pub breakouts: Breakouts,
    /// Which whiteboards there are; what is drawn on them is on tracks of their own.
    pub boards: BoardsSnapshot,
    /// Slides, and which one is shown.
    pub slides: SlidesSnapshot,
    /// Files to have, oldest first.
    pub files: Vec<SharedFile>,
    /// Who shares a screen.
    pub sharing: Sharing,
}

/// Why a room ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum EndReason {
    /// A moderator ended it.
    Moderator,
    /// Nobody was there.
    Empty,
    /// All moderators were gone for too long.
    Unattended,
}

/// A change that everyone learns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum RoomEvent {
    /// Someone came.
    Joined {
        /// Who.
        participant: Participant,
    },
    /// A connection was lost or is back.
    Presence {
        /// Whose.
        id: ParticipantId,
        /// Whether it is there.
        present: bool,
    },
    /// Someone is gone.
    Left {
        /// Who.
        id: ParticipantId,
    },
    /// Someone switched a microphone or camera.
    Sources {
        /// Who.
        id: ParticipantId,
        /// Whether the microphone is on.
        mic: bool,
        /// Whether the camera is on.
        cam: bool,
    },
    /// Others share their screen, or the stage is another one's.
    Sharing {
        /// Who shares now.
        sharing: Sharing,
    },
    /// Someone said something.
    Said {
        /// What.
        message: ChatMessage,
    },
    /// The room is over.
    Ended {
        /// Why.
        reason: EndReason,
    },
    /// Something about public messages.
    Chat {
        /// What.
        change: ChatChange,
    },
    /// Someone types captions. They are kept nowhere.
    Caption {
        /// Who.
        by: ParticipantId,
        /// The line as it is by now.
        text: CaptionText,
        /// Whether it is complete.
        done: bool,
    },
    /// Something about polls.
    Poll {
        /// What.
        change: PollChange,
    },
    /// Something about hands.
    Hand {
        /// What.
        change: HandChange,
    },
    /// Something about statuses and reactions.
    Sign {
        /// What.
        change: SignChange,
    },
    /// Something about roles and locks.
    Lead {
        /// What.
        change: LeadChange,
    },
    /// Something about breakouts.
    Breakout {
        /// What.
        change: BreakoutChange,
    },
    /// The timer is another one.
    Timer {
        /// What it is now; none: it was taken away.
        timer: Option<Timer>,
        /// The room's time when this was said.
        #[ts(type = "number")]
        at: UnixMillis,
    },
    /// There are other whiteboards, or another one is shown.
    Boards {
        /// All of them.
        boards: BoardsSnapshot,
    },
    /// Something about slides.
    Slides {
        /// What.
        change: SlidesChange,
    },
    /// Something about files.
    File {
        /// What.
        change: FileChange,
    },
}

/// One object of the `state` track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum StateObject<'a> {
    /// Begins a group.
    Snapshot {
        /// The revision that the snapshot shows.
        #[ts(type = "number")]
        revision: Revision,
        /// The room.
        state: Box<RoomSnapshot<'a>>,
    },
    /// Follows it.
    Event {
        /// The revision that the event leads to.
        #[ts(type = "number")]
        revision: Revision,
        /// What happened.
        event: RoomEvent,
    },
}
