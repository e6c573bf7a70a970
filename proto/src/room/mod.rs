//! What is said on a room's control tracks, as docs/protocol.md describes it.
//!
//! Parse, do not validate: a value of these types is within its bounds. Text from outside becomes
//! one of them once, where it comes in.

mod attendance;
mod boards;
mod breakouts;
mod captions;
mod chat;
mod command;
mod consent;
mod content;
mod door;
mod event;
mod hands;
mod inbox;
mod lead;
mod limits;
mod lines;
mod locks;
mod log;
mod name;
mod notes;
mod participant;
mod polls;
mod receipt;
mod refusal;
mod sharing;
mod signs;
mod timer;

pub use attendance::{AttendanceAct, Attendee, EarlierLesson, Report};
pub use boards::{
    BadPacked, BadShape, BoardAct, BoardId, BoardObject, BoardOp, BoardPage, BoardPart,
    BoardsSnapshot, KeptShape, OPS_PER_DRAW_MAX, OwnBoards, Points, SHAPE_POINTS_MAX,
    SHAPE_TEXT_CHARS_MAX, SKETCH_GRID, Shape, ShapeId, Sketch, UNPACKED_BYTES_MAX, pack, unpack,
};
pub use breakouts::{
    AsideChange, AsideWish, Breakout, BreakoutAct, BreakoutChange, BreakoutId, BreakoutNotice,
    BreakoutPlace, Breakouts, Distribution, GROUPS_MAX, HelpCall,
};
pub use captions::CaptionText;
pub use chat::{Audience, ChatAct, ChatChange, ChatMessage, MessageId, ReactionOf};
pub use command::{Command, CommandNumber, Malformed, NumberedCommand};
pub use consent::{Agreed, BadVersion, Consent, ConsentOf, Medium, TextsVersion};
pub use content::{
    ContentHead, ContentKind, ContentTrack, Deck, DeckId, FileAct, FileChange, FileId, FileName,
    PageSize, PieceHead, SharedFile, ShownSlide, SlideForm, SlidesAct, SlidesChange,
    SlidesSnapshot, UploadKey, UploadOver, UploadPlace, UploadProgress,
};
pub use door::{DoorAct, DoorNews, DoorSnapshot, Place, WaitingPerson};
pub use event::{EndReason, RoomEvent, RoomSnapshot, StateObject};
pub use hands::{CalledOn, HandAct, HandChange, HandsSnapshot, RaisedHand};
pub use inbox::{CloseReason, InboxObject};
pub use lead::{LeadAct, LeadChange};
pub use limits::{
    BoardLimits, BreakoutLimits, CAPTION_CHARS_MAX, COMMAND_BYTES_MAX, ContentLimits,
    DISPLAY_NAME_CHARS_MAX, EarlierLimits, FILE_PART_BYTES, FloodLimits, Limits,
    NOTES_SPOT_BYTES_MAX, NOTES_UPDATE_BYTES_MAX, NotesLimits, Pace, Rate, TEXT_CHARS_MAX,
    UPLOAD_OBJECT_BYTES, seats_for,
};
pub use lines::{LineLoss, LineOf, LinePath, LinePicture, LineQuality, LineReason, LineSpeech};
pub use locks::{Entry, Layout, Lock, Locks, PersonLock, Preset, RoomSettings};
pub use log::{LogEntry, LoggedAct, LoggedPerson};
pub use name::{BadName, BadText, ChatText, DisplayName, ParticipantId, RawText, Role, RoomId};
pub use notes::{
    NotesAct, NotesBytes, NotesCursor, NotesEdition, NotesObject, NotesSpot, NotesUpdate,
};
pub use participant::Participant;
pub use polls::{
    ANSWER_CHARS_MAX, AnswerText, Ballot, BallotKey, CheckedBallot, Estimate, LETTERS_MAX,
    NamedBallot, OPTIONS_MAX, OwnVote, Poll, PollAct, PollChange, PollCount, PollDraft, PollForm,
    PollId, PollStage, QUESTION_CHARS_MAX, RawBallot, Tally,
};
pub use receipt::{HeldKind, HeldPart, Receipt, ReceiptSecret};
pub use refusal::{Refusal, RefusedCommand};
pub use sharing::Sharing;
pub use signs::{Reaction, SignAct, SignChange, Status, StatusOf};
pub use timer::{Timer, TimerAct, TimerClock, TimerForm};

/// Milliseconds since the Unix epoch.
pub type UnixMillis = u64;

/// Rises by one with each event of a room.
pub type Revision = u64;
