/**
 * Entry of the room, loaded while the person types their name: connects the engine, the store, the
 * line, the devices and the screen. The only place that knows them all.
 */

import { computed, effect } from "@preact/signals";
import { render } from "preact";
import { assetUrl } from "./assets.ts";
import type { FromEngine, ToEngine } from "./engine/messages.ts";
import { keepCarrier } from "./room/carrier.ts";
import { driveLine } from "./room/drive.ts";
import type { DrivenLine, LineWorld } from "./room/drive.ts";
import type { Admission } from "./room/join.ts";
import { askLinks } from "./room/links.ts";
import { readSeat } from "./room/seat.ts";
import { createStore } from "./room/store.ts";
import type { RoomStore } from "./room/store.ts";
import { tellSources } from "./room/tell-sources.ts";
import { browserWorld, changeSeat, ticketOf } from "./room/world.ts";
import { createView } from "./ui/create-view.ts";
import { connectMedia } from "./ui/devices/connect.ts";
import type { Devices } from "./ui/devices/devices.ts";
import { RoomScreen } from "./ui/room-screen.tsx";
import { createCanvases } from "./ui/stage/canvases.ts";
import type { Canvases } from "./ui/stage/canvases.ts";
import { createPictures } from "./ui/stage/pictures.ts";
import type { Pictures } from "./ui/stage/pictures.ts";
import type { RoomView } from "./ui/view.ts";

/** A style that takes longer than the person's patience is told as a failure to load. */
const STYLE_DEADLINE_MS = 10_000;
/** What the room starts by name as soon as somebody is in. */
const STARTED = ["engine/engine.worker", "media/render/playout.worklet"] as const;

export interface Entry {
  readonly app: HTMLElement;
  readonly admission: Admission;
  readonly devices: Devices;
  /** Shows the join screen again. */
  readonly back: () => void;
}

type Post = (message: ToEngine, transfer?: Transferable[]) => void;

/** Settles when the room's style holds; without it the room would flash up naked. */
export function loadStyle(): Promise<void> {
  const href = assetUrl("room.css");
  if (document.head.querySelector(`link[href="${href}"]`) !== null) {
    return Promise.resolve();
  }
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  return new Promise((resolve, reject) => {
    AbortSignal.timeout(STYLE_DEADLINE_MS).addEventListener("abort", () => reject(new Error("no style in time")));
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => reject(new Error("no style")));
    document.head.append(link);
  });
}

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

export function enterRoom({ app, admission, devices, back }: Entry): void {
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
  const canvases = createCanvases(post);
  const pictures = createPictures();
  engine.addEventListener("message", ({ data }: MessageEvent<FromEngine>) => take(data, { store, line, pictures, world, post, view: () => view }));
  endWithoutEngine(engine, line);

  const media = connectMedia(devices, post);
  const wanted = computed(() => ({ mic: devices.mic.state.value.state === "on", cam: devices.cam.state.value.state === "on" }));
  const { view, close: closeView } = createView({
    role: admission.role,
    name: admission.name,
    store,
    line,
    devices,
    canvases,
    pictures,
    sound: media.sound,
    post,
    askLinks: (act) => askLinks(admission.room, readSeat(sessionStorage, admission.room)?.resume ?? admission.resume, act),
    back: () => leaveRoom(),
  });
  const ends = [
    closeView,
    media.close,
    canvases.close,
    tellSources(store, line.line, wanted),
    followParticipants(store, { canvases, pictures, post }),
    effect(() => endWithRoom(store, line)),
    effect(() => stopDevices(line, devices)),
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
  readonly line: DrivenLine;
  readonly pictures: Pictures;
  readonly world: LineWorld;
  readonly post: Post;
  view(): RoomView;
}

function take(message: FromEngine, { store, line, pictures, world, post, view }: Receivers): void {
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

interface Followers {
  readonly canvases: Canvases;
  readonly pictures: Pictures;
  readonly post: Post;
}

/** What follows from who is in the room: who is heard and which pictures are kept. */
function followParticipants(store: RoomStore, { canvases, pictures, post }: Followers): () => void {
  const present = computed(() => store.room.value.participants);
  return effect(() => {
    const participants = present.value;
    const others = [...participants.values()].filter(({ id }) => id !== store.me);
    const pinned = new Set(others.filter(({ role }) => role !== "viewer").map(({ id }) => id));
    post({ kind: "listen", participants: others.map(({ id }) => id), pinned });
    canvases.keepOnly(participants);
    pictures.keepOnly((id) => participants.get(id)?.cam === true);
  });
}

function endWithRoom(store: RoomStore, line: DrivenLine): void {
  if (store.room.value.ended !== null) {
    line.end({ why: "ended" });
  }
}

/** After the end nobody is seen or heard while they read the last page. */
function stopDevices(line: DrivenLine, devices: Devices): void {
  if (line.line.value.state === "over") {
    devices.mic.turnOff();
    devices.cam.turnOff();
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
