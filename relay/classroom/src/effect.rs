//! What the driver must do now, in order.

use bytes::Bytes;
use mosaik_proto::room::{BoardId, CloseReason, ContentTrack, EndReason, ParticipantId, UploadKey};

use crate::roster::SessionNumber;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Begin a new group of the `state` track with this object, a snapshot. So many of the group's first objects are
    /// known to whoever has read all of the group before.
    BeginState(Vec<u8>, u64),
    /// Append this object to the `state` track.
    State(Vec<u8>),
    /// The same for the track without the names of viewers.
    BeginNameless(Vec<u8>, u64),
    /// Append this object to the track without the names of viewers.
    Nameless(Vec<u8>),
    /// Begin a new group of the `notes` track with this object, all of the notes.
    BeginNotes(Vec<u8>),
    /// Append this object to the `notes` track.
    Notes(Vec<u8>),
    /// Begin a new group of a participant's inbox with this object, a snapshot.
    BeginInbox(ParticipantId, Vec<u8>),
    /// Append this object to a participant's inbox.
    Inbox(ParticipantId, Vec<u8>),
    /// The participant has no seat any more: the inbox is over.
    EndInbox(ParticipantId),
    /// Begin a new group of a whiteboard's track with this object, which says what the parts of the
    /// snapshot are that follow. How many are known as for `state`.
    BeginBoard(BoardId, Vec<u8>, u64),
    /// Append this object to a whiteboard's track.
    Board(BoardId, Vec<u8>),
    /// The whiteboard is gone.
    EndBoard(BoardId),
    /// Close this session when what was said to it has gone out.
    Close(SessionNumber, CloseReason),
    /// Someone may do something else than before: ask `Room::rights_of` again.
    ReviewRights,
    /// This participant cannot come back as long as the room is open.
    Ban(ParticipantId),
    /// Something about uploads, or about what they became.
    Content(ContentEffect),
    /// The room is over: drop it.
    Over(EndReason),
}

/// What the driver does about uploads and what they become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentEffect {
    /// Take this upload from its participant, from the first object on.
    Receive(ParticipantId, UploadKey),
    /// Something of this upload is missing: ask for it again.
    ReceiveAgain(ParticipantId, UploadKey),
    /// Nothing more of this upload is wanted.
    StopReceiving(ParticipantId, UploadKey),
    /// Begin a track of content with this object.
    Begin(ContentTrack, Vec<u8>),
    /// Append these bytes to it.
    Append(ContentTrack, Bytes),
    /// Everything of the track is there; it stays.
    End(ContentTrack),
    /// The track is over, and its bytes are gone.
    Drop(ContentTrack),
}

impl From<ContentEffect> for Effect {
    fn from(effect: ContentEffect) -> Self {
        Self::Content(effect)
    }
}

/// Effects in the order in which they are to be done.
pub type Effects = Vec<Effect>;
