//! Every size and rate of a room, one table.

use std::time::Duration;

use super::Role;

/// Bytes of one command object: an update of the notes, in base64.
pub const COMMAND_BYTES_MAX: usize = 24 << 10;

/// Bytes of one update of the notes: two pages of text that somebody puts in at once.
pub const NOTES_UPDATE_BYTES_MAX: usize = 16 << 10;

/// Bytes of a place in the notes; Yjs writes one in at most 20.
pub const NOTES_SPOT_BYTES_MAX: usize = 32;

/// Bytes of one object of an upload: some packets on a weak line, so that what is live gets its turn.
pub const UPLOAD_OBJECT_BYTES: usize = 64 << 10;

/// Bytes of a part of a file, which is a group of an upload and a track of its own: a download that
/// breaks off loses no more than one.
pub const FILE_PART_BYTES: u32 = 2 << 20;

/// Characters of a chat text.
pub const TEXT_CHARS_MAX: usize = 2_000;

/// Characters of one line of captions: two lines on a screen.
pub const CAPTION_CHARS_MAX: usize = 200;

/// Characters of a display name.
pub const DISPLAY_NAME_CHARS_MAX: usize = 60;

/// Seats that a full room has for moderators still: a class cannot keep its teacher out.
const SEATS_OVER_FOR_MODERATORS: usize = 4;

/// How many seats may be taken when somebody of a role comes, if the room has `participants`.
#[must_use]
pub const fn seats_for(role: Role, participants: usize) -> usize {
    match role {
        Role::Moderator => participants.saturating_add(SEATS_OVER_FOR_MODERATORS),
        Role::Presenter | Role::Viewer => participants,
    }
}

/// So many at once, and one more each `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many may come at once.
    pub burst: u32,
    /// How long until one more may come.
    pub every: Duration,
}

impl Rate {
    /// A rate of `burst` at once and one more each `millis` milliseconds.
    pub const fn new(burst: u32, millis: u64) -> Self {
        Self { burst, every: Duration::from_millis(millis) }
    }
}

/// How often commands of one sort may come: from one person, and from all of a room together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// From a viewer.
    pub viewer: Rate,
    /// From a moderator.
    pub moderator: Rate,
    /// From everyone together: what one says, all the others are told.
    pub room: Rate,
}

/// Bounds of a room's breakouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakoutLimits {
    /// Going from one to another and calling for help: with each move everyone's rights are looked at.
    pub pace: Pace,
    /// Pairs that talk aside at a time.
    pub asides: usize,
    /// The longest time that groups have.
    pub time_max: Duration,
}

impl Default for BreakoutLimits {
    fn default() -> Self {
        Self {
            pace: Pace {
                viewer: Rate::new(4, 1_500),
                moderator: Rate::new(30, 100),
                room: Rate::new(100, 25),
            },
            asides: 8,
            time_max: Duration::from_hours(3),
        }
    }
}

/// Bounds of a room's notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotesLimits {
    /// Writing: a page says together what was written, a few times a second.
    pub writing: Pace,
    /// Moving a cursor without writing.
    pub cursors: Pace,
    /// Bytes of the notes: about 200 pages, which come with each reconnect.
    pub bytes: usize,
    /// Pieces of them: what merging them costs may grow with the square of it.
    pub structs: usize,
    /// Yjs clients that one participant has in them: one for each time that a page was opened.
    pub clients: usize,
}

impl Default for NotesLimits {
    fn default() -> Self {
        Self {
            writing: Pace {
                viewer: Rate::new(10, 150),
                moderator: Rate::new(10, 150),
                room: Rate::new(60, 30),
            },
            cursors: Pace {
                viewer: Rate::new(4, 400),
                moderator: Rate::new(4, 400),
                room: Rate::new(30, 50),
            },
            bytes: 512 << 10,
            structs: 8 << 10,
            clients: 256,
        }
    }
}

impl Pace {
    /// The same for everyone, whatever their role.
    pub const fn alike(each: Rate, room: Rate) -> Self {
        Self { viewer: each, moderator: each, room }
    }
}

/// What becomes of whoever sends what is refused at once: more than the rates allow, what is locked,
/// what nobody can read. All of it is answered; no page comes near the first bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FloodLimits {
    /// Beyond it everything that this participant sends is refused for `pause`.
    pub told: Rate,
    /// How long they are slowed down in this way, each time.
    pub pause: Duration,
    /// Beyond it, while slowed down, they are removed; moderators are not, whom a room needs.
    pub slowed: Rate,
    /// How long they cannot come back then.
    pub away: Duration,
}

impl Default for FloodLimits {
    fn default() -> Self {
        Self {
            told: Rate::new(60, 500),
            pause: Duration::from_secs(5),
            slowed: Rate::new(200, 1_000),
            away: Duration::from_mins(1),
        }
    }
}

/// Bounds of one room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Seats: participants who are there or whose connection was just lost; see [`seats_for`].
    pub participants: usize,
    /// Chat messages.
    pub chat: Pace,
    /// Switching a microphone or camera on and off as fast as a hand can.
    pub sources: Pace,
    /// Agreeing to something, and no longer.
    pub consent: Pace,
    /// Leaving, and what only few do.
    pub rare: Pace,
    /// Saying that one is writing.
    pub typing: Pace,
    /// Typing captions: a page says together what was typed, some times a second.
    pub captions: Pace,
    /// Hands, statuses and reactions.
    pub signs: Pace,
    /// Answering polls.
    pub votes: Pace,
    /// What moderators do about other people.
    pub moderation: Pace,
    /// Roles, locks and the door.
    pub lead: Pace,
    /// Breakouts.
    pub breakouts: BreakoutLimits,
    /// People in the waiting room.
    pub waiting: usize,
    /// Participants who cannot come back; beyond it the oldest ban is forgotten.
    pub bans: usize,
    /// How long a room without a moderator goes on, once it had one.
    pub unattended_grace: Duration,
    /// What all write together.
    pub notes: NotesLimits,
    /// Asking for what is told as a whole.
    pub reports: Pace,
    /// Commands that were sent again after a reconnect.
    pub repeats: Rate,
    /// Sending what is refused at once.
    pub flood: FloodLimits,
    /// The newest messages that are kept and that a late joiner sees.
    pub chat_kept: usize,
    /// Bytes of text in them: a late joiner's snapshot is one object, which has a bound.
    pub chat_bytes_kept: usize,
    /// Messages that are pinned at a time.
    pub pins_kept: usize,
    /// Private messages kept for each participant, for a reconnect.
    pub private_kept: usize,
    /// Bytes of them: they come with each reconnect, also on a weak line.
    pub private_bytes_kept: usize,
    /// Bytes of the private messages of all participants.
    pub private_room_bytes_kept: usize,
    /// Bytes that follow a snapshot of everyone's state before there is a new one, beside half of it.
    pub state_slack: usize,
    /// Whiteboards.
    pub boards: BoardLimits,
    /// Polls kept; the oldest closed one goes for a new one.
    pub polls_kept: usize,
    /// Bytes of ballots of all polls: a moderator gets them with each reconnect.
    pub poll_bytes_kept: usize,
    /// So few answers to an anonymous poll are shown to nobody: they would tell who gave them.
    pub anonymous_votes_min: usize,
    /// People whose attendance is kept; all who are there, should they be more.
    pub attendance_kept: usize,
    /// How attendance outlives the room.
    pub earlier: EarlierLimits,
    /// The newest entries of the log that are kept: more than a lesson has.
    pub log_kept: usize,
    /// A connection that is lost for longer counts as an absence, not as a bad line.
    pub line_trouble_max: Duration,
    /// What people bring.
    pub content: ContentLimits,
    /// The longest time that a countdown shows.
    pub timer_max: Duration,
    /// Refusals kept for each participant, for a reconnect that missed them.
    pub refusals_kept: usize,
    /// How long a lost connection keeps its seat.
    pub seat_grace: Duration,
    /// How long a session goes on after its participant came in with another one.
    pub handover: Duration,
    /// How long a room stays when nobody is there.
    pub empty_grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            participants: 250,
            chat: Pace {
                viewer: Rate::new(5, 1_000),
                moderator: Rate::new(10, 200),
                room: Rate::new(200, 10),
            },
            sources: Pace::alike(Rate::new(20, 200), Rate::new(500, 5)),
            consent: Pace::alike(Rate::new(20, 200), Rate::new(500, 5)),
            rare: Pace::alike(Rate::new(20, 200), Rate::new(500, 5)),
            typing: Pace::alike(Rate::new(3, 1_500), Rate::new(20, 100)),
            captions: Pace::alike(Rate::new(10, 250), Rate::new(20, 125)),
            signs: Pace {
                viewer: Rate::new(6, 500),
                moderator: Rate::new(12, 250),
                room: Rate::new(250, 10),
            },
            votes: Pace::alike(Rate::new(10, 500), Rate::new(500, 5)),
            moderation: Pace {
                viewer: Rate::new(5, 1_000),
                moderator: Rate::new(30, 100),
                room: Rate::new(100, 20),
            },
            lead: Pace {
                viewer: Rate::new(5, 1_000),
                moderator: Rate::new(30, 100),
                room: Rate::new(100, 20),
            },
            breakouts: BreakoutLimits::default(),
            waiting: 100,
            bans: 1_000,
            unattended_grace: Duration::from_mins(5),
            notes: NotesLimits::default(),
            reports: Pace {
                viewer: Rate::new(1, 2_000),
                moderator: Rate::new(5, 2_000),
                room: Rate::new(5, 2_000),
            },
            repeats: Rate::new(256, 10),
            flood: FloodLimits::default(),
            chat_kept: 2_000,
            chat_bytes_kept: 1 << 20,
            pins_kept: 5,
            private_kept: 300,
            private_bytes_kept: 128 << 10,
            private_room_bytes_kept: 8 << 20,
            state_slack: 32 << 10,
            boards: BoardLimits::default(),
            polls_kept: 20,
            poll_bytes_kept: 512 << 10,
            anonymous_votes_min: 3,
            attendance_kept: 1_000,
            earlier: EarlierLimits::default(),
            log_kept: 500,
            line_trouble_max: Duration::from_mins(5),
            content: ContentLimits::default(),
            timer_max: Duration::from_hours(3),
            refusals_kept: 32,
            seat_grace: Duration::from_secs(15),
            handover: Duration::from_secs(5),
            empty_grace: Duration::from_mins(5),
        }
    }
}

/// Bounds of the attendance of one room's earlier lessons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierLimits {
    /// How many days after its room has closed; none by default.
    pub days: u8,
    /// Lessons: eight a day for a week. Of more the oldest goes.
    pub lessons: usize,
    /// Bytes of them: what one of a class takes, sixty times over. A report is one object.
    pub bytes: usize,
}

impl Default for EarlierLimits {
    fn default() -> Self {
        Self { days: 0, lessons: 56, bytes: 512 << 10 }
    }
}

/// Bounds of the whiteboards of one room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardLimits {
    /// Drawing: pieces of a stroke come twenty times a second.
    pub drawing: Pace,
    /// Shapes on a board.
    pub shapes: usize,
    /// Bytes of them: a board's snapshot is one object, and with what follows it one group.
    pub bytes: usize,
    /// Bytes of all boards; the log keeps three times as much.
    pub bytes_in_all: usize,
    /// Pages.
    pub pages: usize,
    /// Own boards, and boards of slides: of those that nobody needs any more the oldest goes.
    pub others: usize,
}

impl Default for BoardLimits {
    fn default() -> Self {
        Self {
            drawing: Pace {
                viewer: Rate::new(60, 33),
                moderator: Rate::new(90, 20),
                room: Rate::new(900, 2),
            },
            shapes: 12_000,
            bytes: 2_500 << 10,
            bytes_in_all: 24 << 20,
            pages: 64,
            others: 512,
        }
    }
}

/// Bounds of what people bring into a room: slides and files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentLimits {
    /// Offering and taking back files and slides.
    pub uploads: Pace,
    /// Turning pages: as fast as a finger can.
    pub slides: Pace,
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all files and slides of the room: they are in memory.
    pub bytes: u64,
    /// Files that the room has.
    pub files_kept: usize,
    /// Decks that the room has.
    pub decks_kept: usize,
    /// Pages of all decks: each is up to four tracks.
    pub pages_kept: usize,
    /// Bytes of the first picture of a page: there within 3 s on 200 kbit/s.
    pub small_bytes: u32,
    /// Bytes of the sharp picture of a page.
    pub sharp_bytes: u32,
    /// Bytes of the picture to zoom into.
    pub sharper_bytes: u32,
    /// Bytes of what is written on a page.
    pub text_bytes: u32,
    /// Uploads of one person at a time.
    pub uploads_each: usize,
    /// Uploads of everyone at a time.
    pub uploads_in_all: usize,
    /// How long nothing may come of an upload: longer than a reconnect takes.
    pub grace: Duration,
}

impl Default for ContentLimits {
    fn default() -> Self {
        Self {
            uploads: Pace {
                viewer: Rate::new(10, 1_000),
                moderator: Rate::new(40, 200),
                room: Rate::new(60, 100),
            },
            slides: Pace {
                viewer: Rate::new(30, 100),
                moderator: Rate::new(30, 100),
                room: Rate::new(100, 20),
            },
            file_bytes: 30_000_000,
            bytes: 200_000_000,
            files_kept: 50,
            decks_kept: 10,
            pages_kept: 400,
            small_bytes: 60_000,
            sharp_bytes: 1 << 20,
            sharper_bytes: 2 << 20,
            text_bytes: 20_000,
            uploads_each: 4,
            uploads_in_all: 24,
            grace: Duration::from_mins(1),
        }
    }
}
