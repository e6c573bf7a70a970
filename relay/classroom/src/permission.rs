//! Who may do what, and how often: one table.

use mosaik_proto::room::{
    Audience, BoardAct, BoardId, BreakoutAct, ChatAct, Command, FileAct, HandAct, Limits, Lock,
    NotesAct, Pace, PollAct, Role, SignAct, SlidesAct,
};

use crate::bounds::Sort;

/// Something that a command asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Say something, and change or delete it; to whom and whose is looked at there.
    Chat,
    /// React to a message.
    ChatReaction,
    /// Say that one is writing.
    Typing,
    /// Type captions.
    Caption,
    /// Pin messages, delete all.
    LeadChat,
    /// Switch one's own microphone and camera.
    OwnSources,
    /// Say what one agrees to.
    OwnConsent,
    /// Leave.
    Leave,
    /// End the room for all.
    EndRoom,
    /// Raise and lower one's own hand, answer, have a status, react.
    OwnSigns,
    /// Answer a poll.
    Vote,
    /// Open, close, publish and remove polls.
    LeadPolls,
    /// Lower others' hands, call on someone, pick by chance, clear statuses.
    OthersSigns,
    /// Give roles, lock, let in and send away.
    Lead,
    /// Start, change and end the timer.
    Timer,
    /// Open and end breakouts, say who goes where, speak to all.
    LeadBreakouts,
    /// Choose one's own group, call for help, ask for a talk aside.
    OwnBreakout,
    /// Put one's group's board on its stage.
    GroupBoard,
    /// Go back from talking aside.
    EndAside,
    /// Draw and point.
    Draw,
    /// Add, remove, clear and show boards.
    LeadBoards,
    /// Let everyone have a board, and show one of them.
    OwnBoards,
    /// Write in the notes.
    Notes,
    /// Move one's cursor in the notes.
    NotesCursor,
    /// Clear the notes.
    LeadNotes,
    /// Bring a deck of slides.
    BringSlides,
    /// Turn to a page, show none.
    ShowSlides,
    /// Share a file, give up an upload, take a file or slides away; whose is looked at there.
    Files,
    /// Be told what moderators alone may know.
    Reports,
    /// Delete attendance that is kept.
    Attendance,
}

impl Act {
    /// What a command asks for.
    pub(crate) const fn of(command: &Command) -> Self {
        match command {
            Command::Say { .. } => Self::Chat,
            Command::Chat { act } => match act {
                ChatAct::Edit { .. } | ChatAct::Delete { .. } => Self::Chat,
                ChatAct::React { .. } => Self::ChatReaction,
                ChatAct::Typing { .. } => Self::Typing,
                ChatAct::Pin { .. } | ChatAct::Clear {} => Self::LeadChat,
            },
            Command::Caption { .. } => Self::Caption,
            Command::SetSources { .. } => Self::OwnSources,
            Command::Consent { .. } => Self::OwnConsent,
            Command::Leave {} => Self::Leave,
            Command::EndRoom {} => Self::EndRoom,
            Command::Poll { act } => match act {
                PollAct::Vote { .. } => Self::Vote,
                PollAct::Open { .. }
                | PollAct::Close { .. }
                | PollAct::Publish { .. }
                | PollAct::Remove { .. } => Self::LeadPolls,
            },
            Command::Hand { act } => match act {
                HandAct::Raise {}
                | HandAct::Lower {}
                | HandAct::Answer { .. }
                | HandAct::AnswerCamera {} => Self::OwnSigns,
                HandAct::LowerOf { .. }
                | HandAct::LowerAll {}
                | HandAct::CallOn { .. }
                | HandAct::AskCamera { .. }
                | HandAct::Pick {} => Self::OthersSigns,
            },
            Command::Sign { act } => match act {
                SignAct::Status { .. } | SignAct::React { .. } => Self::OwnSigns,
                SignAct::ClearStatuses {} => Self::OthersSigns,
            },
            Command::Lead { .. } | Command::Door { .. } => Self::Lead,
            Command::Breakout { act } => Self::of_breakout(act),
            Command::Timer { .. } => Self::Timer,
            Command::Board { act } => match act {
                BoardAct::Draw { .. } | BoardAct::Point { .. } => Self::Draw,
                BoardAct::AddPage {}
                | BoardAct::RemovePage { .. }
                | BoardAct::Clear { .. }
                | BoardAct::Show { .. } => Self::LeadBoards,
                BoardAct::ShowGroup { .. } => Self::GroupBoard,
                BoardAct::SetOwn { .. } | BoardAct::ShowOwn { .. } => Self::OwnBoards,
            },
            Command::Notes { act } => match act {
                NotesAct::Write { .. } => Self::Notes,
                NotesAct::Point { .. } => Self::NotesCursor,
                NotesAct::Clear {} => Self::LeadNotes,
            },
            Command::Slides { act } => match act {
                SlidesAct::Open { .. } => Self::BringSlides,
                SlidesAct::Remove { .. } => Self::Files,
                SlidesAct::Show { .. } | SlidesAct::Hide {} => Self::ShowSlides,
            },
            Command::File { .. } => Self::Files,
            Command::Report { .. } => Self::Reports,
            Command::Attendance { .. } => Self::Attendance,
        }
    }

    const fn of_breakout(act: &BreakoutAct) -> Self {
        match act {
            BreakoutAct::Choose { .. }
            | BreakoutAct::CallHelp { .. }
            | BreakoutAct::AskAside { .. } => Self::OwnBreakout,
            BreakoutAct::EndAside {} => Self::EndAside,
            BreakoutAct::Open { .. }
            | BreakoutAct::Assign { .. }
            | BreakoutAct::Rename { .. }
            | BreakoutAct::LookIn { .. }
            | BreakoutAct::Extend { .. }
            | BreakoutAct::Close { .. }
            | BreakoutAct::Tell { .. }
            | BreakoutAct::Broadcast { .. }
            | BreakoutAct::AnswerCall { .. }
            | BreakoutAct::TurnDownAside { .. }
            | BreakoutAct::TakeAside { .. } => Self::LeadBreakouts,
        }
    }

    /// How often it may be asked for, together with all of its sort.
    pub(crate) const fn pace(self, limits: &Limits) -> (Sort, Pace) {
        match self {
            Self::Chat => (Sort::Chat, limits.chat),
            Self::Typing => (Sort::Typing, limits.typing),
            Self::Caption => (Sort::Captions, limits.captions),
            Self::OwnSources => (Sort::Sources, limits.sources),
            Self::OwnConsent => (Sort::Consent, limits.consent),
            Self::Leave | Self::EndRoom => (Sort::Rare, limits.rare),
            Self::OwnSigns | Self::ChatReaction => (Sort::Signs, limits.signs),
            Self::Vote => (Sort::Votes, limits.votes),
            Self::Reports => (Sort::Reports, limits.reports),
            Self::BringSlides | Self::Files => (Sort::Uploads, limits.content.uploads),
            Self::ShowSlides => (Sort::Slides, limits.content.slides),
            Self::Draw => (Sort::Drawing, limits.boards.drawing),
            Self::Notes => (Sort::Notes, limits.notes.writing),
            Self::NotesCursor => (Sort::NotesCursors, limits.notes.cursors),
            Self::OthersSigns
            | Self::LeadChat
            | Self::LeadPolls
            | Self::LeadNotes
            | Self::Attendance
            | Self::Timer
            | Self::LeadBoards
            | Self::OwnBoards => (Sort::Moderation, limits.moderation),
            Self::Lead => (Sort::Lead, limits.lead),
            Self::LeadBreakouts | Self::OwnBreakout | Self::GroupBoard | Self::EndAside => {
                (Sort::Breakouts, limits.breakouts.pace)
            }
        }
    }
}

/// Whether someone of this role may do it.
pub(crate) const fn may(role: Role, act: Act) -> bool {
    match act {
        Act::Chat
        | Act::ChatReaction
        | Act::Typing
        | Act::OwnSources
        | Act::OwnConsent
        | Act::Leave
        | Act::Files
        | Act::Draw
        | Act::OwnSigns
        | Act::Notes
        | Act::NotesCursor
        | Act::GroupBoard
        | Act::EndAside => true,
        Act::LeadBoards => matches!(role, Role::Moderator | Role::Presenter),
        Act::BringSlides | Act::ShowSlides | Act::Caption => !matches!(role, Role::Viewer),
        // Who asks does not answer: the class is counted. Nor is who leads put into a group.
        Act::Vote | Act::OwnBreakout => !matches!(role, Role::Moderator),
        Act::EndRoom
        | Act::OthersSigns
        | Act::LeadChat
        | Act::LeadPolls
        | Act::LeadNotes
        | Act::Lead
        | Act::Timer
        | Act::LeadBreakouts
        | Act::OwnBoards
        | Act::Reports
        | Act::Attendance => {
            matches!(role, Role::Moderator)
        }
    }
}

/// The lock that keeps someone from it. Whom one may write to privately is looked at there, and so is
/// what is switched on.
pub(crate) const fn lock_of(command: &Command) -> Option<Lock> {
    if let Command::Board { act: BoardAct::Draw { board, .. } | BoardAct::Point { board, .. } } =
        command
    {
        // Own boards are open or closed by themselves.
        return if matches!(board, BoardId::Own(_)) { None } else { Some(Lock::Whiteboard) };
    }
    if let Command::Board { act: BoardAct::ShowGroup { .. } } = command {
        return Some(Lock::Whiteboard);
    }
    if let Command::File { act: FileAct::Offer { .. } } = command {
        return Some(Lock::Files);
    }
    let is_public = match command {
        Command::Say { to, .. } | Command::Chat { act: ChatAct::Typing { to } } => {
            matches!(to, Audience::Everyone {})
        }
        Command::Chat { act: ChatAct::Edit { private, .. } | ChatAct::React { private, .. } } => {
            !*private
        }
        Command::Notes { act: NotesAct::Write { .. } | NotesAct::Point { .. } } => {
            return Some(Lock::Notes);
        }
        Command::Chat { act: ChatAct::Delete { .. } | ChatAct::Pin { .. } | ChatAct::Clear {} }
        | Command::SetSources { .. }
        | Command::Caption { .. }
        | Command::Consent { .. }
        | Command::Leave {}
        | Command::EndRoom {}
        | Command::Hand { .. }
        | Command::Sign { .. }
        | Command::Poll { .. }
        | Command::Lead { .. }
        | Command::Door { .. }
        | Command::Timer { .. }
        | Command::Breakout { .. }
        | Command::Board { .. }
        | Command::Notes { act: NotesAct::Clear {} }
        | Command::Slides { .. }
        | Command::File { .. }
        | Command::Attendance { .. }
        | Command::Report { .. } => false,
    };
    if is_public { Some(Lock::PublicChat) } else { None }
}
