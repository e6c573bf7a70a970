/**
 * Entry of the room, loaded while the person types their name: connects the engine, the store, the
 * line, the devices and the screen. The only place that knows them all.
 */

import { computed, effect } from "@preact/signals";
import { render } from "preact";
import { assetUrl } from "./assets.ts";
import type { FromEngine, ToEngine } from "./engine/messages.ts";
import { pictureOf } from "./engine/picture-name.ts";
import { createBoardFeed } from "./room/board-feed.ts";
import type { BoardFeed } from "./room/board-feed.ts";
import { companyOf } from "./room/breakouts.ts";
import { keepCarrier } from "./room/carrier.ts";
import { driveLine } from "./room/drive.ts";
import type { DrivenLine, LineWorld } from "./room/drive.ts";
import type { Admission } from "./room/join.ts";
import { askLinks } from "./room/links.ts";
import type { Participant } from "./room/messages.ts";
import { rememberRemoved } from "./room/removed.ts";
import { readSeat } from "./room/seat.ts";
import { screensIn } from "./room/sharing.ts";
import { createStore } from "./room/store.ts";
import type { RoomStore } from "./room/store.ts";
import { tellConsent } from "./room/tell-consent.ts";
import { tellSources } from "./room/tell-sources.ts";
import type { Sources } from "./room/tell-sources.ts";
import { browserWorld, changeSeat, ticketOf } from "./room/world.ts";
import { loadStyle as load } from "./style.ts";
import { createView } from "./ui/create-view.ts";
import type { Statement } from "./ui/consent/statement.ts";
import { connectMedia } from "./ui/devices/connect.ts";
import type { Devices } from "./ui/devices/devices.ts";
import { createNotes } from "./ui/notes/notes.ts";
import type { Notes } from "./ui/notes/notes.ts";
import { RoomScreen } from "./ui/room-screen.tsx";
import { createScreenShare } from "./ui/screen/share.ts";
import type { ScreenShare } from "./ui/screen/share.ts";
import { createCanvases } from "./ui/stage/canvases.ts";
import type { Canvases } from "./ui/stage/canvases.ts";
import { createPictures } from "./ui/stage/pictures.ts";
import type { Pictures } from "./ui/stage/pictures.ts";
import type { RoomView } from "./ui/view.ts";

/** How long the last word may come after the end itself. */
const LAST_WORD_MS = 4_000;
/** What the room starts by name as soon as somebody is in. */
const STARTED = ["engine/engine.worker", "media/render/playout.worklet"] as const;

export interface Entry {
  readonly app: HTMLElement;
  readonly admission: Admission;
  readonly devices: Devices;
  readonly statement: Statement;
  /** Shows the join screen again. */
  readonly back: () => void;
}

type Post = (message: ToEngine, transfer?: Transferable[]) => void;

/** Settles when the room's style holds; without it the room would flash up naked. */
export const loadStyle = (): Promise<void> => load("room.css");

/**
 * Brings into the browser's cache what the room will start, so that on a slow line nobody waits for it after
 * joining. What fails is asked for again.
 */
export function fetchAhead(): void {
  for (const name of STARTED) {
    fetch(String(assetUrl(name)), { priority: "low" })
      .then((answer) => answer.arrayBuffer())
      .catch(() => undefined);
  }
}

export function enterRoom({ app, admission, devices, statement, back }: Entry): void {
  const engine = new Worker(assetUrl("engine/engine.worker"), { name: "engine" });
  const post: Post = (message, transfer = []) => engine.postMessage(message, transfer);
  const world = browserWorld(admission, post);
  const line = driveLine(ticketOf(admission), world);
  const store = createStore({
    me: admission.participant,
    next: readSeat(sessionStorage, admission.room)?.next ?? 1,
    send: (text) => post({ kind: "command", text }),
    keepNext: (next) => changeSeat(admission, { next }),
    onClosed: (why) => line.end({ why }),
  });
  const boards = createBoardFeed((wanted) => post({ kind: "boards", boards: wanted }));
  const canvases = createCanvases(post);
  const pictures = createPictures();
  const notes = createNotes(post);
  const receivers = { store, boards, line, pictures, notes, world, post, view: () => view };
  engine.addEventListener("message", ({ data }: MessageEvent<FromEngine>) => take(data, receivers));
  endWithoutEngine(engine, line);

  const screen = createScreenShare();
  const media = connectMedia(devices, screen, post);
  const wanted = computed(() => wantedSources(store, devices, screen));
  const { view, close: closeView } = createView({
    roomId: admission.room,
    role: admission.role,
    name: admission.name,
    store,
    line,
    devices,
    screen,
    statement,
    canvases,
    boards,
    pictures,
    notes,
    sound: media.sound,
    post,
    askLinks: (act) => askLinks(admission.room, readSeat(sessionStorage, admission.room)?.resume ?? admission.resume, act),
    back: () => leaveRoom(),
  });
  const ends = [
    closeView,
    screen.stop,
    media.close,
    canvases.close,
    tellConsent(store, line.line, statement.stated),
    notes.close,
    tellSources(store, line.line, wanted),
    effect(() => followLimit(store, statement)),
    followParticipants(store, { canvases, pictures, pins: view.stage.pins, post }),
    effect(() => endWithRoom(store, line)),
    effect(() => noteRemoval(line, admission)),
    effect(() => stopDevices(line, devices, screen)),
    effect(() => rememberSources(admission, devices)),
    effect(() => nameTab(store)),
    onNetworkBack(() => {
      line.hurry();
      post({ kind: "networkChanged" });
    }),
  ];
  const leaveRoom = () => {
    ends.forEach((end) => end());
    engine.terminate();
    document.title = "Mosaik";
    back();
  };
  render(<RoomScreen view={view} />, app);
}

/** An engine that could not be loaded never speaks; one that spoke keeps its line by itself. */
function endWithoutEngine(engine: Worker, line: DrivenLine): void {
  const heard = new AbortController();
  engine.addEventListener("message", () => heard.abort(), { once: true });
  engine.addEventListener("error", () => line.end({ why: "refused", code: 0, reason: "no engine" }), { signal: heard.signal });
}

interface Receivers {
  readonly store: RoomStore;
  readonly boards: BoardFeed;
  readonly line: DrivenLine;
  readonly pictures: Pictures;
  readonly notes: Notes;
  readonly world: LineWorld;
  readonly post: Post;
  view(): RoomView;
}

function take(message: FromEngine, { store, boards, line, pictures, notes, world, post, view }: Receivers): void {
  switch (message.kind) {
    case "line":
      if (message.line.state === "open") {
        keepCarrier(() => localStorage, message.line.carrier, Date.now());
      } else {
        store.lineLost();
      }
      return line.report(message.line);
    case "ticketWanted":
      return void giveTicket(world, post);
    case "state":
      return store.takeState(message.text, performance.now());
    case "inbox":
      return store.takeInbox(message.text, performance.now());
    case "board":
      return boards.take(message.board, message.text);
    case "notes":
      return notes.take(message.text);
    case "fetched":
      return view().content.take(message);
    case "commandsReady":
      return store.commandsReady();
    case "levels":
      return store.takeLevels(message.levels, performance.now());
    case "picture":
    case "still":
    case "report":
      return pictures.take(message);
  }
}

/** Without an answer in time the engine stays with the session it has. */
async function giveTicket(world: LineWorld, post: Post): Promise<void> {
  const answer = await world.askTicket();
  post({ kind: "ticket", ticket: "ticket" in answer ? answer.ticket : undefined });
}

/** What is on and agreed to, as the room knows it: it hears of a device after the consent for it. */
function wantedSources(store: RoomStore, { mic, cam }: Devices, screen: ScreenShare): Sources {
  const agreed = store.inbox.value.consents.get(store.me)?.agreed;
  return {
    mic: mic.state.value.state === "on" && agreed?.heard === true,
    cam: cam.state.value.state === "on" && agreed?.seen === true,
    screen: screen.state.value.state === "on",
  };
}

/** What this person may agree to, as the room has it. */
function followLimit(store: RoomStore, statement: Statement): void {
  const own = store.inbox.value.consents.get(store.me);
  if (own !== undefined) {
    statement.limit(own.most);
  }
}

interface Followers {
  readonly canvases: Canvases;
  readonly pictures: Pictures;
  readonly pins: RoomView["stage"]["pins"];
  readonly post: Post;
}

/**
 * What follows from who is in the room and where: who is asked for, who is heard and which pictures are kept. Who
 * speaks to all breakouts is heard in each.
 */
function followParticipants(store: RoomStore, { canvases, pictures, pins, post }: Followers): () => void {
  const present = computed(() => store.room.value.participants);
  const apart = computed(() => store.room.value.breakouts);
  const sharing = computed(() => store.room.value.sharing);
  return effect(() => {
    const company = companyOf(present.value, apart.value, store.me);
    const screens = screensIn(sharing.value, company);
    /** A camera's canvas stays while it is off; another screen is another picture. */
    const isThere = (picture: string, isCam: (person: Participant) => boolean): boolean => {
      const { participant, kind } = pictureOf(picture);
      const person = company.get(participant);
      return kind === "screen" ? screens.includes(participant) : person !== undefined && isCam(person);
    };
    const speaker = present.value.get(apart.value.voice ?? "");
    const heard = speaker === undefined ? company : new Map(company).set(speaker.id, speaker);
    const others = [...heard.values()].filter(({ id }) => id !== store.me);
    const pinned = new Set(others.filter(({ id, role }) => role !== "viewer" || pins.value.includes(id)).map(({ id }) => id));
    const ids = others.map(({ id }) => id);
    post({ kind: "company", participants: company === present.value ? undefined : ids });
    post({ kind: "listen", participants: ids, pinned });
    canvases.keepOnly((picture) => isThere(picture, () => true));
    pictures.keepOnly((picture) => isThere(picture, ({ cam }) => cam));
  });
}

function noteRemoval({ line }: DrivenLine, { participant }: Admission): void {
  if (line.value.state === "over" && line.value.end.why === "removed") {
    rememberRemoved(participant);
  }
}

/** Those who lead wait for the room's last word to them, which brings the receipt. */
function endWithRoom(store: RoomStore, line: DrivenLine): (() => void) | undefined {
  const { ended, participants } = store.room.value;
  if (ended === null) {
    return undefined;
  }
  if (participants.get(store.me)?.role !== "moderator") {
    line.end({ why: "ended" });
    return undefined;
  }
  const timer = setTimeout(() => line.end({ why: "ended" }), LAST_WORD_MS);
  return () => clearTimeout(timer);
}

/** After the end nobody is seen or heard while they read the last page. */
function stopDevices(line: DrivenLine, devices: Devices, screen: ScreenShare): void {
  if (line.line.value.state === "over") {
    devices.mic.turnOff();
    devices.cam.turnOff();
    screen.stop();
  }
}

/** Only moderators find their microphone and camera as they left them; pupils start with both off. */
function rememberSources({ role, room }: Admission, devices: Devices): void {
  const isSettled = [devices.mic, devices.cam].every(({ state }) => ["on", "off"].includes(state.value.state));
  if (role === "moderator" && isSettled) {
    devices.remember(room);
  }
}

function nameTab(store: RoomStore): void {
  const { title } = store.room.value;
  document.title = title === "" ? "Mosaik" : `${title} · Mosaik`;
}

function onNetworkBack(hurry: () => void): () => void {
  addEventListener("online", hurry);
  return () => removeEventListener("online", hurry);
}
