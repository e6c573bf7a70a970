/** What the components of the room are given: signals to read, few things to ask for. */

import type { ReadonlySignal, Signal } from "@preact/signals";
import type { DrivenLine } from "../room/drive.ts";
import type { Settled } from "../room/commands.ts";
import type { Audience, ChatMessage, Command, Lock, Participant, Refusal } from "../room/messages.ts";
import type { InviteLink, LinkAct } from "../room/links.ts";
import type { RoomStore } from "../room/store.ts";
import type { Statement } from "./consent/statement.ts";
import type { BoardFeed } from "../room/board-feed.ts";
import type { BoardMode } from "./board/stage-choice.ts";
import type { Devices } from "./devices/devices.ts";
import type { ScreenShare } from "./screen/share.ts";
import type { OwnVoice } from "./devices/own-voice.ts";
import type { Speaker } from "./devices/sound.ts";
import type { ContentView } from "./content/content.ts";
import type { CaptionsView } from "./captions/view.ts";
import type { Canvases } from "./stage/canvases.ts";
import type { LockedSources } from "./lead/locked-source.ts";
import type { Notes } from "./notes/notes.ts";
import type { PictureView } from "./stage/pictures.ts";
import type { StageView } from "./stage/stage-view.ts";

export type PanelName = "chat" | "people" | "polls" | "breakouts" | "notes" | "files";
export type DialogName =
  | "end"
  | "shortcuts"
  | "clearChat"
  | "room"
  | "remove"
  | "attendance"
  | "log"
  | "consent"
  | "clearNotes"
  | "lines";

/** What the text field is for, if not for a new message. */
export interface Writing {
  readonly kind: "reply" | "edit";
  readonly message: ChatMessage;
  /** What stood in the field before a message was changed there. */
  readonly before: string;
}

export interface RoomView {
  readonly isModerator: ReadonlySignal<boolean>;
  /** Our own name, also where the room withholds names. */
  readonly name: string;
  /** What is locked for us. */
  readonly locks: ReadonlySignal<ReadonlySet<Lock>>;
  readonly sources: LockedSources;
  /** The person about whom a moderator chooses something to do. */
  readonly menuOf: Signal<string | null>;
  /** Whom a moderator is asked about before they are removed. */
  readonly removing: Signal<Participant | null>;
  readonly store: RoomStore;
  readonly line: Pick<DrivenLine, "line" | "isLate" | "hurry">;
  readonly devices: Devices;
  /** The screen that this person shares. */
  readonly screen: ScreenShare;
  readonly ownVoice: OwnVoice;
  /** Null where the browser leaves it to the system. */
  readonly speaker: Speaker | null;
  /** What this person agrees to. */
  readonly statement: Statement;
  readonly canvases: Canvases;
  readonly boards: BoardFeed;
  /** What of the whiteboards this person looks at. */
  readonly boardMode: Signal<BoardMode>;
  readonly pictures: PictureView;
  readonly stage: StageView;
  readonly captions: CaptionsView;
  readonly notes: Notes;
  /** Slides and files. */
  readonly content: ContentView;
  /** Reactions and statuses to choose from are open. */
  readonly isSignMenuOpen: Signal<boolean>;
  readonly isTimerMenuOpen: Signal<boolean>;
  /** Microphones and cameras to choose from are shown. */
  readonly isDevicesOpen: Signal<boolean>;
  /** Tools that have no place in the bar are shown. */
  readonly isMoreOpen: Signal<boolean>;
  /** What is known of the own line is shown. */
  readonly isLineOpen: Signal<boolean>;
  /** Why the room did not do what was asked last; it shows for some seconds. */
  readonly refused: ReadonlySignal<Refusal | null>;
  readonly panel: Signal<PanelName | null>;
  readonly dialog: Signal<DialogName | null>;
  /** What stands in the chat's text field, kept while the panel is closed. */
  readonly typed: Signal<string>;
  /** The poll that this person does not want to be reminded of. */
  readonly declinedPoll: Signal<number | null>;
  /** To whom the next message goes. */
  readonly to: Signal<Audience>;
  readonly writing: Signal<Writing | null>;
  /** The message whose ways are shown. */
  readonly openMessage: Signal<string | null>;
  /** When the room was told last that this person writes, as `performance.now()`. */
  readonly toldTyping: Signal<number>;
  readonly unread: ReadonlySignal<number>;
  /** The browser lets no sound out before the person touches the page. */
  readonly isSoundBlocked: ReadonlySignal<boolean>;
  startSound(): void;
  /** A short soft sound, for those who hear the lesson. */
  chime(): void;
  /** Asks the room; a refusal is shown. */
  ask(command: Command): void;
  /** Shows why the room did not do something. */
  refuse(refusal: Refusal): void;
  /** All links into the room after `act`; null when it was not done. */
  askLinks(act: LinkAct): Promise<readonly InviteLink[] | null>;
  leave(): void;
  /** The room's answer; null when it could not be asked in time. */
  endForAll(): Promise<Settled | null>;
  /** Back to the join screen. */
  back(): void;
}
