/** Makes what the components of the room are given. */

import { signal } from "@preact/signals";
import type { ToContent } from "../engine/messages.ts";
import type { DrivenLine } from "../room/drive.ts";
import type { Audience, Command, Refusal, Role } from "../room/messages.ts";
import type { Settled } from "../room/commands.ts";
import type { RoomStore } from "../room/store.ts";
import type { Statement } from "./consent/statement.ts";
import { createCaptions } from "./captions/view.ts";
import { watchPlace } from "./breakouts/place-chat.ts";
import type { BoardFeed } from "../room/board-feed.ts";
import type { BoardMode } from "./board/stage-choice.ts";
import { createContent } from "./content/content.ts";
import type { Devices } from "./devices/devices.ts";
import type { ScreenShare } from "./screen/share.ts";
import { watchOwnVoice } from "./devices/own-voice.ts";
import type { Sound } from "./devices/sound.ts";
import type { Canvases } from "./stage/canvases.ts";
import { createLeading } from "./lead/leading.ts";
import type { Notes } from "./notes/notes.ts";
import type { PictureView } from "./stage/pictures.ts";
import { createStage } from "./stage/stage-view.ts";
import { watchUnread } from "./unread.ts";
import type { DialogName, PanelName, RoomView, Writing } from "./view.ts";

/** How long leaving waits for the room to know: it learns of it anyway when the line ends. */
const LEAVE_PATIENCE_MS = 800;
const END_PATIENCE_MS = 8_000;
/** As long as two short sentences take to read. */
const REFUSAL_SHOWN_MS = 5_000;

export interface ViewParts {
  readonly roomId: string;
  readonly role: Role;
  readonly name: string;
  readonly store: RoomStore;
  readonly line: DrivenLine;
  readonly devices: Devices;
  readonly screen: ScreenShare;
  readonly statement: Statement;
  readonly canvases: Canvases;
  readonly boards: BoardFeed;
  readonly pictures: PictureView;
  readonly notes: Notes;
  readonly sound: Sound;
  readonly post: (message: ToContent) => void;
  readonly askLinks: RoomView["askLinks"];
  readonly back: () => void;
}

export function createView(parts: ViewParts): { readonly view: RoomView; readonly close: () => void } {
  const { store, line, sound } = parts;
  const to = signal<Audience>({ kind: "everyone" });
  const led = createLeading({ role: parts.role, store, devices: parts.devices, screen: parts.screen, statement: parts.statement, to });
  const own = ownDevices(parts, led.leading.isModerator);
  const endPlace = watchPlace(store, led.leading.locks, to);
  const panel = signal<PanelName | null>(null);
  const unread = watchUnread(store, panel);
  const { refused, refuse } = createRefused();
  const ask = async (command: Command): Promise<Refusal | null> => {
    const refusal = (await store.ask(command))?.refusal ?? null;
    if (refusal !== null) refuse(refusal);
    return refusal;
  };
  const content = createContent({ store, isModerator: led.leading.isModerator, ask, post: parts.post });
  const boardMode = signal<BoardMode>("auto");
  const stage = createStage({ store, content, boardMode, isModerator: led.leading.isModerator, roomId: parts.roomId });
  const leave = async () => {
    await within(LEAVE_PATIENCE_MS, store.ask({ kind: "leave" }));
    line.end({ why: "left" });
  };
  const view: RoomView = {
    name: parts.name,
    ...led.leading,
    store,
    line,
    ...own,
    screen: parts.screen,
    statement: parts.statement,
    canvases: parts.canvases,
    boards: parts.boards,
    boardMode,
    pictures: parts.pictures,
    stage,
    captions: createCaptions(store),
    notes: parts.notes,
    content,
    ...closedMenus(),
    refused,
    panel,
    dialog: signal<DialogName | null>(null),
    typed: signal(""),
    declinedPoll: signal<number | null>(null),
    to,
    writing: signal<Writing | null>(null),
    openMessage: signal<string | null>(null),
    toldTyping: signal(Number.NEGATIVE_INFINITY),
    unread: unread.count,
    isSoundBlocked: sound.isBlocked,
    startSound: sound.start,
    chime: sound.chime,
    ask: (command) => void ask(command),
    refuse,
    askLinks: parts.askLinks,
    leave: () => void leave(),
    endForAll: () => within(END_PATIENCE_MS, store.ask({ kind: "endRoom" })),
    back: parts.back,
  };
  const close = () => {
    unread.close();
    led.close();
    own.ownVoice.close();
    endPlace();
    stage.close();
    content.close();
  };
  return { view, close };
}

function ownDevices({ devices, sound }: ViewParts, isModerator: RoomView["isModerator"]): Pick<RoomView, "devices" | "ownVoice" | "speaker"> {
  return { devices, ownVoice: watchOwnVoice(devices.mic, isModerator), speaker: sound.speaker };
}

function closedMenus(): Pick<RoomView, "isSignMenuOpen" | "isTimerMenuOpen" | "isDevicesOpen" | "isMoreOpen" | "isLineOpen"> {
  return {
    isSignMenuOpen: signal(false),
    isTimerMenuOpen: signal(false),
    isDevicesOpen: signal(false),
    isMoreOpen: signal(false),
    isLineOpen: signal(false),
  };
}

function createRefused(): Pick<RoomView, "refused" | "refuse"> {
  const refused = signal<Refusal | null>(null);
  const refuse = (refusal: Refusal) => {
    refused.value = refusal;
    setTimeout(() => (refused.value = refused.peek() === refusal ? null : refused.peek()), REFUSAL_SHOWN_MS);
  };
  return { refused, refuse };
}

/** The answer if it comes in time. */
function within(ms: number, answer: Promise<Settled> | null): Promise<Settled | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), answer === null ? 0 : ms);
    void answer?.then((settled) => {
      clearTimeout(timer);
      resolve(settled);
    });
  });
}
