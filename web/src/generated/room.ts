/** Generated from the Rust crate mosaik-proto; `UPDATE=1 make test` renews it. */

export type Role = "moderator" | "presenter" | "viewer";

export type ParticipantId = string;

export type DisplayName = string;

export type ChatText = string;

export type CaptionText = string;

export type RawText = string;

export type Lock = "camera" | "microphone" | "screen" | "publicChat" | "privateChat" | "whiteboard" | "notes" | "files" | "othersCameras" | "othersNames";

export type Locks = Lock[];

export type PersonLock = "asRoom" | "locked" | "free";

export type Entry = "open" | "ask" | "closed";

export type Preset = "lecture" | "discussion" | "quietWork" | "test" | "oneToOne" | "parentsEvening";

export type Layout = "presentation" | "speaker" | "gallery" | "audio";

export type RoomSettings = { 
/** The preset that was used last, as long as its locks are the room's. */ preset: Preset | null, 
/** What viewers may not. */ locks: Locks, 
/** Who may come in. */ entry: Entry, 
/** What everyone's stage shows large, as long as they do not look at something else. */ layout: Layout | null, };

export type Medium = "seen" | "heard" | "read";

export type Agreed = { 
/** To be seen: camera. */ seen: boolean, 
/** To be heard: microphone. */ heard: boolean, 
/** To be read: what is written to more than those who lead. */ read: boolean, };

export type TextsVersion = string;

export type Consent = { 
/** What the person agrees to. */ agreed: Agreed, 
/** What the person may agree to: less for whom parents agreed to less. */ most: Agreed, 
/** The texts that the person had before them; none if they have not stated anything. */ texts: TextsVersion | null, };

export type ConsentOf = { 
/** Whose. */ id: ParticipantId, 
/** What they have stated. */ consent: Consent, };

export type Participant = { 
/** Survives reconnects. */ id: ParticipantId, 
/** What others see. */ name: DisplayName, 
/** What the participant is here. */ role: Role, 
/** False while the connection is lost and the seat is kept. */ present: boolean, 
/** Whether the microphone is on. */ mic: boolean, 
/** Whether the camera is on. */ cam: boolean, 
/** When the participant first came. */ joinedAt: number, 
/** Locked for this person, whatever the room says. */ locked: Locks, 
/** Free for this person, whatever the room says. */ freed: Locks, };

export type Reaction = "thumbsUp" | "bravo" | "heart" | "laugh" | "surprised" | "party";

export type ReactionOf = { 
/** Whose. */ id: ParticipantId, 
/** Which. */ reaction: Reaction, };

export type Audience = { "kind": "everyone", } | { "kind": "moderators", } | { "kind": "one", 
/** To whom. */ id: ParticipantId, } | { "kind": "breakout", 
/** Which. */ id: number, };

export type ChatMessage = { 
/** Its name among public or private messages. */ id: number, 
/** Who said it. */ author: ParticipantId, 
/** The author's name then; the author may have left. */ name: DisplayName, 
/** To whom. */ to: Audience, 
/** What was said. */ text: ChatText, 
/** When. */ at: number, 
/** The message that it answers. */ replyTo: number | null, 
/** Whether the text was changed. */ edited: boolean, 
/** Whether it is kept above all others. */ pinned: boolean, 
/** In the order in which they came. */ reactions: Array<ReactionOf>, };

export type ChatChange = { "kind": "edited", 
/** Which. */ id: number, 
/** What it says now. */ text: ChatText, } | { "kind": "deleted", 
/** Which. */ id: number, } | { "kind": "reacted", 
/** Which. */ id: number, 
/** Who. */ by: ParticipantId, 
/** None: the reaction was taken back. */ reaction: Reaction | null, } | { "kind": "pinned", 
/** Which. */ id: number, 
/** Whether it is. */ pinned: boolean, } | { "kind": "cleared", } | { "kind": "withdrawn", 
/** Whose. */ author: ParticipantId, } | { "kind": "typing", 
/** Who. */ by: ParticipantId, };

export type AnswerText = string;

export type Estimate = string;

export type BallotKey = string;

export type PollForm<T> = { "kind": "yesNo", } | { "kind": "trueFalse", } | { "kind": "letters", 
/** How many, 2 to 6. */ count: number, } | { "kind": "choice", 
/** What can be chosen, 2 to 10. */ options: Array<T>, 
/** Whether several may be chosen. */ several: boolean, } | { "kind": "text", } | { "kind": "number", };

export type Ballot<T, N> = { "kind": "choices", 
/** The places. */ chosen: Array<number>, } | { "kind": "text", 
/** The words. */ text: T, } | { "kind": "number", 
/** The number. */ number: N, };

export type PollDraft = { 
/** What is asked. */ question: RawText, 
/** How it is answered. */ form: PollForm<RawText>, 
/** Whether nobody learns who answered what. */ anonymous: boolean, };

export type PollStage = "open" | "closed";

export type Tally = { 
/** How many have answered. */ votes: number, 
/** How many chose each option. */ counts: Array<number>, 
/** Answers in one's own words. */ texts: Array<AnswerText>, 
/** Numbers. */ numbers: Array<Estimate>, };

export type Poll = { 
/** Its name. */ id: number, 
/** What is asked. */ question: AnswerText, 
/** How it is answered. */ form: PollForm<AnswerText>, 
/** Whether nobody learns who answered what. */ anonymous: boolean, 
/** How far it is. */ stage: PollStage, 
/** How many have answered. */ votes: number, 
/** What was answered, once it is published. */ results: Tally | null, };

export type NamedBallot = { 
/** Who; the person may have left. */ id: ParticipantId, 
/** The name then. */ name: DisplayName, 
/** What. */ ballot: Ballot<AnswerText, Estimate>, };

export type PollCount = { 
/** Which poll. */ id: number, 
/** What was answered; none of an anonymous poll with so few answers that they name people. */ tally: Tally | null, 
/** Who answered what; nobody of an anonymous poll. */ ballots: Array<NamedBallot>, };

export type OwnVote = { 
/** Which poll. */ id: number, 
/** None of an anonymous poll: the room does not know it. */ ballot: Ballot<AnswerText, Estimate> | null, };

export type PollChange = { "kind": "opened", 
/** What. */ poll: Poll, } | { "kind": "votes", 
/** Which poll. */ id: number, 
/** How many. */ votes: number, } | { "kind": "closed", 
/** Which poll. */ id: number, 
/** How many have answered. */ votes: number, } | { "kind": "published", 
/** Which poll. */ id: number, 
/** What. */ results: Tally, } | { "kind": "removed", 
/** Which poll. */ id: number, };

export type NotesCursor = { 
/** Where the mark began. */ anchor: string, 
/** Where the cursor is. */ head: string, };

export type NotesAct = { "kind": "write", 
/** The notes that are meant. */ edition: number, 
/** What is different: all of it by one writer's hand, in the order in which it was written. */ update: string, 
/** Where the cursor is behind it. */ cursor: NotesCursor | null, } | { "kind": "point", 
/** The notes that are meant. */ edition: number, 
/** Where it is. */ cursor: NotesCursor | null, } | { "kind": "clear", };

export type NotesObject = { "kind": "document", 
/** Which notes these are. */ edition: number, 
/** All of them. */ update: string, } | { "kind": "update", 
/** In which notes. */ edition: number, 
/** Who. */ by: ParticipantId, 
/** What is different. */ update: string, 
/** Where the cursor is behind it. */ cursor: NotesCursor | null, } | { "kind": "cursor", 
/** In which notes. */ edition: number, 
/** Whose. */ by: ParticipantId, 
/** Where; none: it is not in the notes any more. */ cursor: NotesCursor | null, };

export type RaisedHand = { 
/** Whose. */ id: ParticipantId, 
/** Since when. */ since: number, };

export type CalledOn = { 
/** Who. */ id: ParticipantId, 
/** How often. */ times: number, };

export type HandsSnapshot = { 
/** In the order in which they were raised. */ raised: Array<RaisedHand>, 
/** Who has spoken when called on, by id. */ called: Array<CalledOn>, 
/** Who was called on and has not answered yet, in that order. */ asked: Array<ParticipantId>, 
/** Who was picked by chance in this round, in that order. */ picked: Array<ParticipantId>, 
/** Who was asked to show themselves and has not answered yet, in that order. */ cameras: Array<ParticipantId>, };

export type HandChange = { "kind": "raised", 
/** Whose, and since when. */ hand: RaisedHand, } | { "kind": "lowered", 
/** Whose. */ id: ParticipantId, } | { "kind": "allLowered", } | { "kind": "calledOn", 
/** Who. */ id: ParticipantId, } | { "kind": "answered", 
/** Who. */ id: ParticipantId, 
/** Whether the person is going to speak, which is counted. */ speaks: boolean, } | { "kind": "callEnded", 
/** Whose. */ id: ParticipantId, } | { "kind": "cameraAsked", 
/** Who. */ id: ParticipantId, } | { "kind": "cameraAnswered", 
/** Who. */ id: ParticipantId, } | { "kind": "picked", 
/** Whom. */ id: ParticipantId, 
/** Whether a new round begins with it: everyone had been picked. */ isNewRound: boolean, };

export type Status = "finished" | "needHelp" | "tooFast" | "tooSlow" | "backSoon" | "agree" | "disagree";

export type StatusOf = { 
/** Whose. */ id: ParticipantId, 
/** Which. */ status: Status, };

export type SignChange = { "kind": "status", 
/** Whose. */ id: ParticipantId, 
/** None: it was cleared. */ status: Status | null, } | { "kind": "statusesCleared", } | { "kind": "reacted", 
/** Who. */ id: ParticipantId, 
/** How. */ reaction: Reaction, };

export type LeadAct = { "kind": "setRole", 
/** Whom. */ id: ParticipantId, 
/** Which. */ role: Role, } | { "kind": "setLock", 
/** What. */ lock: Lock, 
/** Whether it is locked from now on. */ locked: boolean, } | { "kind": "setPersonLock", 
/** For whom. */ id: ParticipantId, 
/** What. */ lock: Lock, 
/** What holds from now on. */ state: PersonLock, } | { "kind": "usePreset", 
/** Which. */ preset: Preset, } | { "kind": "setLayout", 
/** What; none leaves it to each person. */ layout: Layout | null, };

export type LeadChange = { "kind": "role", 
/** Who. */ id: ParticipantId, 
/** Which. */ role: Role, } | { "kind": "settings", 
/** All of them. */ settings: RoomSettings, } | { "kind": "personLocks", 
/** For whom. */ id: ParticipantId, 
/** Locked, whatever the room says. */ locked: Locks, 
/** Free, whatever the room says. */ freed: Locks, } | { "kind": "unattended", 
/** When the room ends if none comes back; none when one is there. */ endsAt: number | null, };

export type WaitingPerson = { 
/** Who. */ id: ParticipantId, 
/** The name that others will see. */ name: DisplayName, 
/** Since when. */ since: number, };

export type Place = "waiting" | "inside";

export type DoorAct = { "kind": "setEntry", 
/** Who. */ entry: Entry, } | { "kind": "admit", 
/** Whom. */ id: ParticipantId, } | { "kind": "admitAll", } | { "kind": "turnAway", 
/** Whom. */ id: ParticipantId, } | { "kind": "tellWaiting", 
/** What; nothing takes it back. */ text: RawText, } | { "kind": "remove", 
/** Whom. */ id: ParticipantId, 
/** Whether this participant cannot come back as long as the room is open. */ ban: boolean, };

export type DoorNews = { "kind": "waits", 
/** Who. */ person: WaitingPerson, } | { "kind": "waitsNoMore", 
/** Who. */ id: ParticipantId, } | { "kind": "letIn", } | { "kind": "notice", 
/** What. */ text: ChatText | null, };

export type DoorSnapshot = { 
/** Where the participant is. */ place: Place, 
/** What was said to those who wait; for them and for moderators. */ notice: ChatText | null, 
/** Who waits, in the order in which they came; for moderators. */ waiting: Array<WaitingPerson>, };

export type Distribution = "random" | "manual" | "choice";

export type AsideWish = { 
/** Who. */ id: ParticipantId, 
/** Since when. */ since: number, };

export type AsideChange = { "kind": "wished", 
/** Who. */ wish: AsideWish, } | { "kind": "gone", 
/** Who. */ id: ParticipantId, };

export type Breakout = { 
/** Its name for the room. */ id: number, 
/** Which group it is, from 1 on; 0 for two people who talk aside. */ number: number, 
/** Its name for people, if it was given one. */ name: DisplayName | null, };

export type BreakoutPlace = { 
/** Who. */ id: ParticipantId, 
/** Where. */ breakout: number, };

export type HelpCall = { 
/** Which group. */ breakout: number, 
/** Who called. */ by: ParticipantId, 
/** When. */ since: number, };

export type BreakoutNotice = { 
/** Who. */ by: ParticipantId, 
/** What. */ text: ChatText, 
/** When. */ at: number, };

export type Breakouts = { 
/** How people come into groups; none while there are no groups. */ how: Distribution | null, 
/** When the groups end by themselves. */ endsAt: number | null, 
/** Groups by their number, then those who talk aside. */ list: Array<Breakout>, 
/** Everyone who is not in the main room. */ places: Array<BreakoutPlace>, 
/** Groups that want a moderator to come, the one that waits longest first. */ calls: Array<HelpCall>, 
/** What was told all groups last. */ notice: BreakoutNotice | null, 
/** The moderator who is heard everywhere. */ voice: ParticipantId | null, };

export type BreakoutAct = { "kind": "open", 
/** How many, 1 to 16. */ count: number, 
/** How people come into them. */ how: Distribution, 
/** After so many minutes they end by themselves. */ minutes: number | null, } | { "kind": "assign", 
/** Whom. */ id: ParticipantId, 
/** Where; none is the main room. */ breakout: number | null, } | { "kind": "rename", 
/** Which. */ breakout: number, 
/** What it is called. */ name: RawText, } | { "kind": "choose", 
/** Which; none is the main room. */ breakout: number | null, } | { "kind": "lookIn", 
/** Which; none is the main room. */ breakout: number | null, } | { "kind": "extend", 
/** How much. */ minutes: number, } | { "kind": "close", 
/** In so many seconds, of which people are warned; 0 is at once. */ seconds: number, } | { "kind": "tell", 
/** What. */ text: RawText, } | { "kind": "broadcast", 
/** Whether from now on. */ on: boolean, } | { "kind": "callHelp", 
/** Whether help is wanted. */ wanted: boolean, } | { "kind": "answerCall", 
/** Which. */ breakout: number, } | { "kind": "askAside", 
/** Whether it is wanted. */ wanted: boolean, } | { "kind": "turnDownAside", 
/** Who asked. */ id: ParticipantId, } | { "kind": "takeAside", 
/** With whom. */ id: ParticipantId, } | { "kind": "endAside", };

export type BreakoutChange = { "kind": "set", 
/** All of it. */ breakouts: Breakouts, } | { "kind": "moved", 
/** Who. */ id: ParticipantId, 
/** Where; none is the main room. */ breakout: number | null, } | { "kind": "begun", 
/** Where. */ breakout: Breakout, } | { "kind": "gone", 
/** Which. */ id: number, } | { "kind": "named", 
/** Which. */ id: number, 
/** None: it has its number. */ name: DisplayName | null, } | { "kind": "ends", 
/** When. */ endsAt: number | null, } | { "kind": "called", 
/** Which. */ call: HelpCall, } | { "kind": "answered", 
/** Which. */ breakout: number, } | { "kind": "told", 
/** What. */ notice: BreakoutNotice, } | { "kind": "voice", 
/** Who. */ by: ParticipantId | null, };

export type TimerForm = { "kind": "countdown", 
/** How long it runs, 1 s to `timer_max`. */ seconds: number, } | { "kind": "stopwatch", };

export type TimerClock = { "kind": "runs", 
/** When it shows zero: when a countdown ends, when a stopwatch began. */ zeroAt: number, } | { "kind": "paused", 
/** What it shows, in milliseconds. */ showsMs: number, };

export type Timer = { 
/** What was asked for, without minutes that were added. */ form: TimerForm, 
/** What it shows. */ clock: TimerClock, };

export type BoardId = string;

export type ShapeId = string;

export type Shape = string;

export type Points = string;

export type BoardOp = { "kind": "put", 
/** Which. */ id: ShapeId, 
/** What it is. */ shape: Shape, 
/** A new one lies right below this one, if it is there. */ below?: ShapeId, } | { "kind": "extend", 
/** Which. */ id: ShapeId, 
/** How many characters there are already. */ at: number, 
/** What follows them. */ points: Points, } | { "kind": "place", 
/** Which. */ id: ShapeId, 
/** From the left edge. */ x: number, 
/** From the top edge. */ y: number, } | { "kind": "remove", 
/** Which. */ id: ShapeId, };

export type BoardAct = { "kind": "draw", 
/** Where. */ board: BoardId, 
/** What, in this order; at most [`OPS_PER_DRAW_MAX`]. */ ops: Array<BoardOp>, } | { "kind": "point", 
/** Where. */ board: BoardId, 
/** At what, from the left and the top edge. */ at: [number, number] | null, } | { "kind": "addPage", } | { "kind": "removePage", 
/** Which. */ page: BoardId, } | { "kind": "clear", 
/** Which. */ board: BoardId, } | { "kind": "show", 
/** Which. */ board: BoardId | null, } | { "kind": "showGroup", 
/** Whether it is there. */ shown: boolean, } | { "kind": "setOwn", 
/** Whether they may. */ open: boolean, } | { "kind": "showOwn", 
/** Whose. */ of: ParticipantId, 
/** With their name. */ named: boolean, };

export type OwnBoards = "none" | "open" | "closed";

export type BoardPage = { 
/** Which. */ id: BoardId, 
/** Whose own board it was, if it says so, or the name of the group whose it was. */ from: DisplayName | null, 
/** The number of the group whose board it was. */ group: number | null, };

export type BoardsSnapshot = { 
/** In their order. */ pages: Array<BoardPage>, 
/** What stands on everyone's stage. */ shown: BoardId | null, 
/** Whether everyone has a board of their own. */ own: OwnBoards, 
/** The groups whose board stands on their stage. */ groups: Array<number>, };

export type Sketch = { 
/** What each is, its colour and width: three characters. The lowest shape comes first. */ heads: string, 
/** How many points each has. */ counts: string, 
/** Where each begins: from where the one before began. */ starts: string, 
/** Its other points: each from the one before. */ steps: string, 
/** Texts, as they are. */ texts: Array<string>, };

export type BoardObject = { "kind": "snapshot", 
/** Rises by one with each change of the board. */ revision: number, 
/** The objects that follow, the highest shapes first: they are what the lesson is about. */ parts: [number, number][], } | { "kind": "shapes", 
/** Which. */ part: [number, number], 
/** Everyone who drew something that is there. */ authors: Array<ParticipantId>, 
/** The lowest first. */ shapes: Array<[number, number, string]>, } | { "kind": "sketch", 
/** Which. */ part: [number, number], 
/** What each is, its colour and width: three characters. The lowest shape comes first. */ heads: string, 
/** How many points each has. */ counts: string, 
/** Where each begins: from where the one before began. */ starts: string, 
/** Its other points: each from the one before. */ steps: string, 
/** Texts, as they are. */ texts: Array<string>, } | { "kind": "ops", 
/** The revision that they lead to. */ revision: number, 
/** Who asked for them. */ by: ParticipantId, 
/** What was done. */ ops: Array<BoardOp>, } | { "kind": "pointed", 
/** Who. */ by: ParticipantId, 
/** At what. */ at: [number, number] | null, };

export type FileName = string;

export type ContentKind = "png" | "jpeg" | "webp" | "gif" | "pdf" | "zip" | "office" | "audio" | "video" | "markup" | "program" | "other";

export type ContentHead = { 
/** Bytes that follow. */ size: number, 
/** What they are; of a file, what its first part is. */ kind: ContentKind, };

export type SharedFile = { 
/** Which one. */ id: number, 
/** What it is called; safe as the name of a file on any system. */ name: FileName, 
/** Bytes. */ size: number, 
/** What its first bytes say that it is. */ kind: ContentKind, 
/** Who shared it. */ by: ParticipantId, 
/** When. */ at: number, };

export type FileAct = { "kind": "offer", 
/** The upload. */ key: number, 
/** What the file is called. */ name: RawText, 
/** Bytes. */ size: number, } | { "kind": "cancel", 
/** Which one. */ key: number, } | { "kind": "remove", 
/** Which one. */ id: number, };

export type FileChange = { "kind": "added", 
/** Which. */ file: SharedFile, } | { "kind": "removed", 
/** Which. */ id: number, };

export type SlideForm = "small" | "sharp" | "sharper" | "text";

export type Deck = { 
/** Which one. */ id: number, 
/** What it is called. */ name: FileName, 
/** Who brought it. */ by: ParticipantId, 
/** How many pages there will be. */ length: number, 
/** The sizes of the first pages: those that are there. */ pages: Array<[number, number]>, 
/** Whether more still comes: pages, or sharper pictures of them. */ isComing: boolean, };

export type ShownSlide = { 
/** Of which deck. */ deck: number, 
/** Which page, from 0 on. */ page: number, 
/** Who turned to it. */ by: ParticipantId, };

export type SlidesSnapshot = { 
/** Decks, oldest first. */ decks: Array<Deck>, 
/** What everyone is shown. */ shown: ShownSlide | null, };

export type SlidesAct = { "kind": "open", 
/** The upload. */ key: number, 
/** What the deck is called. */ name: RawText, 
/** How many pages it has. */ length: number, } | { "kind": "show", 
/** Of which deck. */ deck: number, 
/** Which page. */ page: number, } | { "kind": "hide", } | { "kind": "remove", 
/** Which one. */ deck: number, };

export type SlidesChange = { "kind": "opened", 
/** Which. */ deck: Deck, } | { "kind": "page", 
/** Of which deck. */ deck: number, 
/** Its size. */ size: [number, number], } | { "kind": "complete", 
/** Of which deck. */ deck: number, } | { "kind": "shown", 
/** Which one. */ shown: ShownSlide | null, } | { "kind": "removed", 
/** Which. */ deck: number, };

export type PieceHead = { "kind": "part", 
/** Bytes of it. */ size: number, } | { "kind": "page", 
/** Which page, from 0 on. */ page: number, 
/** Which form. */ form: SlideForm, 
/** Bytes of it. */ size: number, 
/** How wide and tall the picture is, in pixels; of text, 0. */ pixels: [number, number], } | { "kind": "end", };

export type UploadPlace = { 
/** The group: a piece of what is uploaded, counted from 0. */ group: number, 
/** The object in it: 0 is the piece's head. */ object: number, };

export type UploadProgress = { 
/** Which one. */ key: number, 
/** What the room has not got yet begins here. */ next: UploadPlace, };

export type UploadOver = { 
/** Which one. */ key: number, 
/** Why the room did not take it; none: it has everything. */ refusal: Refusal | null, };

export type Sharing = { 
/** Who shares one, the newest last. */ screens: Array<ParticipantId>, 
/** Whether the newest screen stands where slides and whiteboards do: none of them was shown since
 * it was shared. */ onStage: boolean, };

export type RoomSnapshot = { 
/** The room's id. */ room: string, 
/** The room's title. */ title: string, 
/** In the order in which they came. */ participants: Array<Participant>, 
/** The newest messages, oldest first. */ chat: Array<ChatMessage>, 
/** Polls, oldest first. */ polls: Array<Poll>, 
/** Raised hands and who was called on. */ hands: HandsSnapshot, 
/** Who has a status. */ statuses: Array<StatusOf>, 
/** What moderators set. */ settings: RoomSettings, 
/** When the room ends because all moderators are gone; none while one is there. */ endsAt: number | null, 
/** The timer, if there is one. */ timer: Timer | null, 
/** Who is in which small room. */ breakouts: Breakouts, 
/** Which whiteboards there are; what is drawn on them is on tracks of their own. */ boards: BoardsSnapshot, 
/** Slides, and which one is shown. */ slides: SlidesSnapshot, 
/** Files to have, oldest first. */ files: Array<SharedFile>, 
/** Who shares a screen. */ sharing: Sharing, };

export type EndReason = "moderator" | "empty" | "unattended";

export type RoomEvent = { "kind": "joined", 
/** Who. */ participant: Participant, } | { "kind": "presence", 
/** Whose. */ id: ParticipantId, 
/** Whether it is there. */ present: boolean, } | { "kind": "left", 
/** Who. */ id: ParticipantId, } | { "kind": "sources", 
/** Who. */ id: ParticipantId, 
/** Whether the microphone is on. */ mic: boolean, 
/** Whether the camera is on. */ cam: boolean, } | { "kind": "sharing", 
/** Who shares now. */ sharing: Sharing, } | { "kind": "said", 
/** What. */ message: ChatMessage, } | { "kind": "ended", 
/** Why. */ reason: EndReason, } | { "kind": "chat", 
/** What. */ change: ChatChange, } | { "kind": "caption", 
/** Who. */ by: ParticipantId, 
/** The line as it is by now. */ text: CaptionText, 
/** Whether it is complete. */ done: boolean, } | { "kind": "poll", 
/** What. */ change: PollChange, } | { "kind": "hand", 
/** What. */ change: HandChange, } | { "kind": "sign", 
/** What. */ change: SignChange, } | { "kind": "lead", 
/** What. */ change: LeadChange, } | { "kind": "breakout", 
/** What. */ change: BreakoutChange, } | { "kind": "timer", 
/** What it is now; none: it was taken away. */ timer: Timer | null, 
/** The room's time when this was said. */ at: number, } | { "kind": "boards", 
/** All of them. */ boards: BoardsSnapshot, } | { "kind": "slides", 
/** What. */ change: SlidesChange, } | { "kind": "file", 
/** What. */ change: FileChange, };

export type StateObject = { "kind": "snapshot", 
/** The revision that the snapshot shows. */ revision: number, 
/** The room. */ state: RoomSnapshot, } | { "kind": "event", 
/** The revision that the event leads to. */ revision: number, 
/** What happened. */ event: RoomEvent, };

export type Refusal = { "code": "tooFast", 
/** When the next one may come. */ retryAfterMs: number, } | { "code": "textEmpty" } | { "code": "textTooLong", 
/** How many are allowed. */ max: number, } | { "code": "notAllowed" } | { "code": "roomClosing" } | { "code": "outOfOrder", 
/** The number that must come next. */ expected: number, } | { "code": "malformed" } | { "code": "roomFull", 
/** How many there are. */ max: number, } | { "code": "full", 
/** How many there may be. */ max: number, } | { "code": "tooLarge", 
/** How many bytes there may be. */ max: number, } | { "code": "noSpace", 
/** How many bytes the room keeps. */ max: number, } | { "code": "wrongContent" } | { "code": "pollClosed" } | { "code": "votedAlready" } | { "code": "tooFew", 
/** How many there must be. */ min: number, } | { "code": "locked", 
/** What. */ lock: Lock, } | { "code": "notAgreed", 
/** In which. */ medium: Medium, } | { "code": "lastModerator" } | { "code": "roomLocked" } | { "code": "removed" } | { "code": "notThere" };

export type RefusedCommand = { 
/** Which. */ number: number, 
/** Why. */ refusal: Refusal, };

export type CloseReason = "replaced" | "ended" | "left" | "removed" | "turnedAway" | "flooding";

export type ReceiptSecret = string;

export type HeldKind = "tracks" | "people" | "chat" | "private" | "polls" | "boards" | "notes" | "slides" | "files" | "attendance" | "log";

export type HeldPart = { 
/** Of which kind. */ kind: HeldKind, 
/** Bytes when the room closed: of tracks those in their logs, of everything else those that it
 * would take on the wire. */ before: number, 
/** The same, measured once everyone's session was gone. */ after: number, };

export type Receipt = { 
/** The room's id. */ room: string, 
/** When the room opened. */ openedAt: number, 
/** When it closed. */ closedAt: number, 
/** When what was left was measured. */ measuredAt: number, 
/** Every kind once. */ held: Array<HeldPart>, 
/** For how many days attendance is kept, and nothing else. */ attendanceDays: number, };

export type Attendee = { 
/** Who. */ id: ParticipantId, 
/** The name that the person came with last. */ name: DisplayName, 
/** The role that the person came with last. */ role: Role, 
/** When the person first came. */ cameAt: number, 
/** When the person was there last; none while they are here. */ leftAt: number | null, 
/** Milliseconds with a connection. */ hereMs: number, 
/** Milliseconds in which a lost connection was on its way back, up to `line_trouble_max` each. */ lineMs: number, 
/** Milliseconds between leaving, or being lost for longer, and coming back. */ absentMs: number, };

export type EarlierLesson = { 
/** When the room opened. */ openedAt: number, 
/** When it closed. */ closedAt: number, 
/** When this is forgotten. */ keptUntil: number, 
/** Everyone, in the order in which they came. */ people: Array<Attendee>, };

export type LoggedAct = "chatCleared" | "messageDeleted" | "handLowered" | "handsLowered" | "statusesCleared" | "pollRemoved" | "boardCleared" | "notesCleared" | "fileRemoved" | "slidesRemoved" | "attendanceForgotten" | "roleGiven" | "locksSet" | "layoutSet" | "personLocksSet" | "breakoutsOpened" | "breakoutsClosed" | "entrySet" | "letIn" | "allLetIn" | "turnedAway" | "removed" | "banned" | "flooded";

export type LoggedPerson = { 
/** Who. */ id: ParticipantId, 
/** The name at that time. */ name: DisplayName, };

export type LogEntry = { 
/** When. */ at: number, 
/** What. */ act: LoggedAct, 
/** By whom. */ by: LoggedPerson, 
/** To whom; none where it was everyone. */ whom: LoggedPerson | null, };

export type LinePath = "quic" | "webTransport" | "webSocket";

export type LineLoss = "none" | "some" | "much";

export type LinePicture = "notWanted" | "full" | "reduced" | "none";

export type LineReason = "none" | "rising" | "lineFull" | "loss" | "delay" | "silent" | "tooManyPictures";

export type LineSpeech = "notWanted" | "arrives" | "missing";

export type LineQuality = { 
/** The way of the session. */ path: LinePath, 
/** There and back, in milliseconds: in steps of 10, above 100 of 50, above 500 of 100. */ delayMs: number, 
/** What is lost on the way to the person. */ loss: LineLoss, 
/** What is sent to the person. */ picture: LinePicture, 
/** Why. */ reason: LineReason, 
/** What comes from the person. */ speech: LineSpeech, };

export type LineOf = { 
/** Whose. */ id: ParticipantId, 
/** How. */ line: LineQuality, };

export type InboxObject = { "kind": "snapshot", 
/** The room's time when something happened last: after a join, that of the join. A page
 * sets its clock by it. */ at: number, 
/** Every command up to this one has its answer. */ acknowledged: number, 
/** Those of them that were refused, as far as they are kept. */ refused: Array<RefusedCommand>, 
/** Private messages that this participant wrote or got, oldest first. */ messages: Array<ChatMessage>, 
/** How this participant has voted. */ votes: Array<OwnVote>, 
/** What moderators see of the polls; nothing for others. */ counts: Array<PollCount>, 
/** Where the participant is, and for moderators who waits. */ door: DoorSnapshot, 
/** What this participant has stated; to moderators also what all others have. */ consents: Array<ConsentOf>, 
/** How the participant's line is, once it is known. */ line: LineQuality | null, 
/** Everyone's that is known, for moderators; nothing for others. */ lines: Array<LineOf>, 
/** The participant's uploads that the room waits for. */ uploads: Array<UploadProgress>, 
/** Whether this participant would like to talk aside; for moderators everyone who would, who
 * waits longest first. */ asides: Array<AsideWish>, } | { "kind": "acknowledged", 
/** Which. */ number: number, } | { "kind": "refused", 
/** Which. */ number: number, 
/** Why. */ refusal: Refusal, } | { "kind": "said", 
/** What. */ message: ChatMessage, } | { "kind": "chat", 
/** What. */ change: ChatChange, } | { "kind": "voted", 
/** How. */ vote: OwnVote, } | { "kind": "uploaded", 
/** How far it is. */ upload: UploadProgress, } | { "kind": "uploadOver", 
/** How. */ upload: UploadOver, } | { "kind": "counted", 
/** What. */ count: PollCount, } | { "kind": "attendance", 
/** The room's time. */ at: number, 
/** Everyone, in the order in which they came. */ people: Array<Attendee>, } | { "kind": "earlier", 
/** The oldest first. */ lessons: Array<EarlierLesson>, } | { "kind": "log", 
/** The newest ones, oldest first. */ entries: Array<LogEntry>, } | { "kind": "consent", 
/** Who, and to what. */ of: ConsentOf, } | { "kind": "closed", 
/** Why. */ reason: CloseReason, 
/** To moderators of a room that is over: by this they get its receipt. */ receipt: ReceiptSecret | null, } | { "kind": "door", 
/** What. */ news: DoorNews, } | { "kind": "aside", 
/** What is different. */ change: AsideChange, } | { "kind": "line", 
/** How. */ line: LineQuality, } | { "kind": "lines", 
/** Whose are how. */ lines: Array<LineOf>, };

export type ChatAct = { "kind": "edit", 
/** Which message. */ id: number, 
/** Whether it is a private one. */ private: boolean, 
/** What it says now. */ text: RawText, } | { "kind": "delete", 
/** Which message. */ id: number, 
/** Whether it is a private one. */ private: boolean, } | { "kind": "react", 
/** Which message. */ id: number, 
/** Whether it is a private one. */ private: boolean, 
/** None takes one's reaction back. */ reaction: Reaction | null, } | { "kind": "pin", 
/** Which message. */ id: number, 
/** Whether it is kept there. */ pinned: boolean, } | { "kind": "clear", } | { "kind": "typing", 
/** To whom. */ to: Audience, };

export type PollAct = { "kind": "open", 
/** What. */ poll: PollDraft, } | { "kind": "vote", 
/** Which poll. */ id: number, 
/** The answer. */ ballot: Ballot<RawText, RawText>, 
/** Of an anonymous poll: what the ballot is known by. */ key: BallotKey | null, } | { "kind": "close", 
/** Which poll. */ id: number, } | { "kind": "publish", 
/** Which poll. */ id: number, } | { "kind": "remove", 
/** Which poll. */ id: number, };

export type HandAct = { "kind": "raise", } | { "kind": "lower", } | { "kind": "answer", 
/** Whether the person is going to speak. */ speaks: boolean, } | { "kind": "lowerOf", 
/** Whose. */ id: ParticipantId, } | { "kind": "lowerAll", } | { "kind": "callOn", 
/** Whom. */ id: ParticipantId, } | { "kind": "pick", } | { "kind": "askCamera", 
/** Whom. */ id: ParticipantId, } | { "kind": "answerCamera", };

export type SignAct = { "kind": "status", 
/** None clears it. */ status: Status | null, } | { "kind": "clearStatuses", } | { "kind": "react", 
/** How. */ reaction: Reaction, };

export type TimerAct = { "kind": "start", 
/** What is measured. */ form: TimerForm, } | { "kind": "pause", } | { "kind": "resume", } | { "kind": "addMinute", } | { "kind": "end", };

export type AttendanceAct = { "kind": "forget", 
/** When the lesson opened. */ openedAt: number, };

export type Report = "attendance" | "earlier" | "log";

export type Command = { "kind": "say", 
/** What is said. */ text: RawText, 
/** To whom; to everyone if it is left out. */ to: Audience, 
/** The message that it answers. */ replyTo: number | null, } | { "kind": "setSources", 
/** Whether the microphone is on. */ mic: boolean, 
/** Whether the camera is on. */ cam: boolean, 
/** Whether the screen is shared; it is not if that is left out. */ screen: boolean, } | { "kind": "consent", 
/** What. */ agreed: Agreed, 
/** The texts that one had before them. */ texts: TextsVersion | null, } | { "kind": "leave", } | { "kind": "endRoom", } | { "kind": "chat", 
/** What. */ act: ChatAct, } | { "kind": "caption", 
/** The whole line. */ text: RawText, 
/** Whether it is complete: the next one begins another. */ done: boolean, } | { "kind": "poll", 
/** What. */ act: PollAct, } | { "kind": "hand", 
/** What. */ act: HandAct, } | { "kind": "sign", 
/** What. */ act: SignAct, } | { "kind": "lead", 
/** What. */ act: LeadAct, } | { "kind": "door", 
/** What. */ act: DoorAct, } | { "kind": "timer", 
/** What. */ act: TimerAct, } | { "kind": "breakout", 
/** What. */ act: BreakoutAct, } | { "kind": "board", 
/** What. */ act: BoardAct, } | { "kind": "notes", 
/** What. */ act: NotesAct, } | { "kind": "slides", 
/** What. */ act: SlidesAct, } | { "kind": "file", 
/** What. */ act: FileAct, } | { "kind": "attendance", 
/** What. */ act: AttendanceAct, } | { "kind": "report", 
/** What. */ of: Report, };

export type NumberedCommand = { 
/** Its number. */ number: number, 
/** What is asked for. */ command: Command, };
