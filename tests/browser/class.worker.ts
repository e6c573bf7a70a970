/**
 * A class with few cameras: each person has the page's engine and a session of their own, and every fourth of them
 * publishes the same encoded pictures, so that many cameras cost four encoders, and their key frames do not all come at
 * once. Bundled by `class.mjs`; runs as a worker.
 */

import { deafReceiver } from "../../web/src/engine/deaf.ts";
import { createEngine } from "../../web/src/engine/engine.ts";
import type { CatalogTrack } from "../../web/src/engine/catalog.ts";
import type { FromEngine, Ticket } from "../../web/src/engine/messages.ts";
import { unixNow } from "../../web/src/media/clock.ts";
import { createFanOut, type FanOut } from "../../web/src/media/encode/fan-out.ts";
import { onStreams } from "../../web/src/media/encode/listener.ts";
import { CAMERA } from "../../web/src/media/encode/sending.ts";
import { offerOf } from "../../web/src/media/encode/simulcast.ts";
import { FULL_MS } from "../../web/src/media/encode/uplink.ts";
import { createFrameEncoder } from "../../web/src/media/encode/video-encoder.ts";
import type { Publisher } from "../../web/src/media/types.ts";
import { race } from "../../web/src/net/race.ts";
import { WAYS } from "../../web/src/net/ways.ts";

function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error("this browser cannot make a class");
  return value;
}

/** The rendition of small tiles. */
const LOW = present(CAMERA.renditions[0]);
/** Pictures a second that the camera gives, of which the encoder takes those it needs. */
const CAMERA_FPS = 30;

/** What is encoded goes to each of these: a fan of each person. */
function manyFans(fans: readonly FanOut[]): FanOut {
  const wanted = () => fans.filter((fan) => fan.isWanted());
  const least = (waiting: (fan: FanOut) => number) => Math.min(...wanted().map(waiting));
  return {
    // Each fan has its own subscribers.
    add: () => undefined,
    isWanted: () => fans.some((fan) => fan.isWanted()),
    wantsGroup: () => fans.some((fan) => fan.wantsGroup()),
    beginGroup: (now) => fans.forEach((fan) => fan.beginGroup(now)),
    write: (...object) => fans.forEach((fan) => fan.write(...object)),
    setLayers: (count) => fans.forEach((fan) => fan.setLayers(count)),
    queuedMs: () => least((fan) => fan.queuedMs()),
    waitingMs: (now) => least((fan) => fan.waitingMs(now)),
    expire: (now) => fans.forEach((fan) => fan.expire(now)),
    end: () => fans.forEach((fan) => fan.end()),
    giveUp: (code) => fans.forEach((fan) => fan.giveUp(code)),
  };
}

/** Someone who moves a little, before a wall whose light changes. */
function draw(context: OffscreenCanvasRenderingContext2D, step: number): void {
  const { width, height } = context.canvas;
  const sway = Math.sin(step / 19);
  context.fillStyle = `hsl(${(step / 3) % 360} 25% 78%)`;
  context.fillRect(0, 0, width, height);
  context.fillStyle = "#2f6f6b";
  context.beginPath();
  context.ellipse(width / 2 + 4 * sway, height * 1.06, 75, 65, 0, 0, 7);
  context.fill();
  context.fillStyle = "#dcb894";
  context.beginPath();
  context.arc(width / 2 + 7 * sway, height * 0.53, 36, 0, 7);
  context.fill();
}

function createCamera() {
  const fans: FanOut[] = [];
  const all = manyFans(fans);
  const sent = { framesEncoded: 0, framesSkipped: 0 };
  const encoder = createFrameEncoder({ rendition: LOW, sending: CAMERA }, all, sent);
  const context = present(new OffscreenCanvas(LOW.width, LOW.height).getContext("2d", { alpha: false, willReadFrequently: true }));
  let step = 0;
  setInterval(() => {
    if (!all.isWanted()) return;
    draw(context, (step += 1));
    const frame = new VideoFrame(context.canvas, { timestamp: performance.now() * 1_000 });
    encoder.take(frame, unixNow());
    frame.close();
  }, 1_000 / CAMERA_FPS);
  const rest = () => {
    if (!all.isWanted()) encoder.rest();
  };
  return {
    sent,
    fan() {
      const fan = createFanOut(onStreams({ bitrate: LOW.bitrate, allowanceMs: FULL_MS }), rest);
      fans.push(fan);
      return fan;
    },
  };
}

/** Key frames of one camera come at once on all who have it. */
const CAMERAS = 4;
const cameras = Array.from({ length: CAMERAS }, createCamera);
let people = 0;

/** In the engine's place for a publisher: a shared camera, on from the start. */
function createPublisher(onTracks: (tracks: readonly CatalogTrack[]) => void): Publisher {
  const camera = present(cameras[(people += 1) % CAMERAS]);
  const fan = camera.fan();
  onTracks([LOW]);
  return {
    offer: (track) => (track === LOW.name ? offerOf(CAMERA, 0, fan) : undefined),
    setCamera: () => undefined,
    setScreen: () => undefined,
    setMicrophone: () => undefined,
    level: () => undefined,
    sent: () => ({ ...camera.sent, layers: {} }),
    close: () => fan.end(),
  };
}

/** Comes in and says that the camera is on. */
function enter(ticket: Ticket): void {
  const { participant } = ticket;
  const tell = (problem?: string) => postMessage({ kind: "entered", participant, problem });
  const post = (message: FromEngine): void => {
    if (message.kind === "commandsReady") engine.take({ kind: "command", text: JSON.stringify({ number: 1, command: { kind: "setSources", mic: false, cam: true } }) });
    if (message.kind === "line" && (message.line.state === "lost" || message.line.state === "refused")) tell(message.line.reason);
    if (message.kind !== "inbox") return;
    const { kind, number, refusal } = JSON.parse(message.text);
    if (number === 1 && (kind === "acknowledged" || kind === "refused")) tell(refusal && JSON.stringify(refusal));
  };
  const engine = createEngine({
    post,
    dial: (address, wishes) => race(address, wishes, WAYS),
    dialBetter: undefined,
    createPublisher,
    createReceiver: () => deafReceiver(),
    now: Date.now,
    elapsed: () => performance.now(),
    every: (ms, tick) => void setInterval(tick, ms),
  });
  // Nobody's catalog is read: what is measured is the page that looks at them.
  engine.take({ kind: "company", participants: [] });
  engine.take({ kind: "open", ticket });
}

addEventListener("message", ({ data }) => {
  if (data.kind === "enter") enter(data.ticket);
  if (data.kind === "sent") postMessage({ kind: "sent", sent: { framesEncoded: cameras.reduce((sum, { sent }) => sum + sent.framesEncoded, 0) / CAMERAS } });
});
