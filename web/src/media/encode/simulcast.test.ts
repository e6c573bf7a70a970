/** A camera in renditions, with an encoder that the test plays. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Publication, TrackOffer } from "../../moqt/types.ts";
import { readLoc } from "../loc.ts";
import { CAMERA, SCREEN_SHARE } from "./sending.ts";
import { createSimulcast, type Simulcast } from "./simulcast.ts";

interface FakeInit {
  output(chunk: unknown, metadata: unknown): void;
  error(): void;
}

/** Gives a frame for each, in the order of L1T3, at once. */
class FakeEncoder {
  static readonly open = new Set<FakeEncoder>();
  static isBroken = false;
  static async isConfigSupported(): Promise<{ supported: boolean }> {
    return { supported: true };
  }
  readonly #init: FakeInit;
  state = "unconfigured";
  config: VideoEncoderConfig | undefined;
  #count = 0;
  constructor(init: FakeInit) {
    this.#init = init;
  }
  configure(config: VideoEncoderConfig): void {
    this.config = config;
    this.state = "configured";
    FakeEncoder.open.add(this);
  }
  encode(frame: VideoFrame, { keyFrame }: { keyFrame: boolean }): void {
    if (FakeEncoder.isBroken) {
      this.close();
      return this.#init.error();
    }
    if (keyFrame) this.#count = 0;
    const temporalLayerId = [0, 2, 1, 2][this.#count % 4];
    this.#count += 1;
    const chunk = { type: keyFrame ? "key" : "delta", timestamp: frame.timestamp, byteLength: 1, copyTo: () => undefined };
    return this.#init.output(chunk, this.config?.scalabilityMode === undefined ? {} : { svc: { temporalLayerId } });
  }
  close(): void {
    this.state = "closed";
    FakeEncoder.open.delete(this);
  }
}

before(() => Object.assign(globalThis, { VideoEncoder: FakeEncoder }));
after(() => Reflect.deleteProperty(globalThis, "VideoEncoder"));

interface Heard {
  /** group-count/subgroup:object and the rendition where it is told. */
  readonly objects: string[];
  queued: number;
  endedWith: number | undefined;
  leave(): void;
}

function subscribe(cams: Simulcast, track: string): Heard {
  const offer = cams.offer(track) as TrackOffer;
  const leaving = new EventTarget();
  const heard: Heard = { objects: [], queued: 0, endedWith: undefined, leave: () => void leaving.dispatchEvent(new Event("leave")) };
  const groups: number[] = [];
  const publication: Publication = {
    track,
    ended: new Promise((resolve) => {
      leaving.addEventListener("leave", () => resolve());
    }),
    wantsGroup: false,
    isLossy: false,
    sendDatagram: () => assert.fail("a picture in a datagram"),
    openSubgroup(group, subgroup) {
      if (!groups.includes(group)) groups.push(group);
      let isOpen = true;
      const close = (): void => void (isOpen = false);
      return {
        get queuedBytes() {
          return heard.queued;
        },
        get isOpen() {
          return isOpen;
        },
        isDrained: true,
        write(_payload, properties, object) {
          const rendition = readLoc(properties ?? new Map()).rendition;
          heard.objects.push(`${groups.indexOf(group)}/${subgroup}:${object}${rendition === undefined ? "" : ` ${rendition}`}`);
        },
        finish: close,
        reset: close,
      };
    },
    end(code) {
      heard.endedWith = code ?? -1;
      heard.leave();
    },
  };
  offer.start(publication);
  return heard;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function camera(width: number, height: number) {
  let told = 0;
  const cams = createSimulcast(CAMERA, { framesEncoded: 0, framesSkipped: 0 }, () => (told += 1));
  cams.setSource({ width, height });
  await settled();
  let now = 1_000_000;
  let closed = 0;
  /** `count` frames of 30 a second. */
  const film = (count: number): void => {
    for (let i = 0; i < count; i += 1) {
      now += 1_000 / 30;
      const frame = { timestamp: now * 1_000, displayWidth: width, displayHeight: height, close: () => void (closed += 1) };
      cams.take(frame as unknown as VideoFrame, now);
      cams.tick(now);
    }
  };
  return { cams, film, told: () => told, closed: () => closed };
}
const sizes = (): string[] => [...FakeEncoder.open].map(({ config }) => `${config?.width}x${config?.height} ${config?.scalabilityMode}`);
const names = (cams: Simulcast): string => cams.tracks().map(({ name }) => name).join(" ");

test("a rendition has an encoder while someone subscribes to it, and its own frame rate", async () => {
  const { cams, film, closed } = await camera(1_280, 720);
  film(10);
  assert.deepEqual([sizes(), closed()], [[], 10]);
  const [low, high] = [subscribe(cams, "cam/low"), subscribe(cams, "cam/high")];
  film(30);
  assert.deepEqual(sizes().toSorted(), ["1280x720 L1T3", "320x180 L1T3"]);
  assert.deepEqual(low.objects.slice(0, 4), ["0/0:0 low", "0/2:1", "0/1:2", "0/2:3"]);
  assert.deepEqual([low.objects.length, high.objects.length], [15, 30]);
  high.leave();
  await settled();
  assert.deepEqual(sizes(), ["320x180 L1T3"]);
  cams.setSource(undefined);
  await settled();
  assert.deepEqual([sizes(), low.endedWith, names(cams)], [[], -1, ""]);
});

test("what the line has no room for is given up, leaves the list, and says when to come back", async () => {
  const { cams, film, told } = await camera(1_280, 720);
  const [low, high] = [subscribe(cams, "cam/low"), subscribe(cams, "cam/high")];
  film(10);
  const toldBefore = told();
  for (let second = 0; second < 8; second += 1) {
    // 92 ms of the bit rate in each of the streams: the base layer's alone would do.
    high.queued = high.endedWith === undefined ? 15_000 : 0;
    film(30);
  }
  await settled();
  assert.equal(high.endedWith, 0x9);
  assert.equal(names(cams), "cam/low cam/mid cam/upper");
  assert.ok(told() > toldBefore);
  assert.deepEqual(cams.offer("cam/high"), { retryAfterMs: 4_000 });
  assert.equal(low.endedWith, undefined);
  assert.deepEqual(sizes(), ["320x180 L1T3"]);
  film(150);
  assert.equal(names(cams), "cam/low cam/mid cam/upper cam/high");
  cams.setSource(undefined);
});

test("a camera that turns out smaller than it said is offered as what it is", async () => {
  const { cams } = await camera(1_280, 720);
  assert.equal(names(cams), "cam/low cam/mid cam/upper cam/high");
  cams.take({ timestamp: 0, displayWidth: 640, displayHeight: 360, close: () => undefined } as unknown as VideoFrame, 0);
  assert.equal(names(cams), "cam/low cam/mid");
  assert.equal(cams.offer("cam/high"), undefined);
  assert.equal(cams.offer("cam"), undefined);
  cams.setSource(undefined);
});

test("an encoder that breaks with layers is opened without them", async () => {
  const { cams, film } = await camera(320, 180);
  const low = subscribe(cams, "cam/low");
  FakeEncoder.isBroken = true;
  film(1);
  FakeEncoder.isBroken = false;
  assert.deepEqual(low.objects, []);
  film(35);
  assert.deepEqual(low.objects.slice(0, 3), ["0/0:0 low", "0/0:1", "0/0:2"]);
  assert.deepEqual(sizes(), ["320x180 undefined"]);
  cams.setSource(undefined);
});

test("a screen has no layers, its own names, and a key frame for who comes while nothing moves", async () => {
  const screens = createSimulcast(SCREEN_SHARE, { framesEncoded: 0, framesSkipped: 0 }, () => undefined);
  screens.setSource({ width: 1_920, height: 1_080 });
  assert.equal(names(screens), "screen/low screen/high");
  const first = subscribe(screens, "screen/high");
  assert.equal(screens.wantsGroup(), true);
  const show = (now: number): void => {
    const frame = { timestamp: now * 1_000, displayWidth: 1_920, displayHeight: 1_080, close: () => undefined };
    screens.take(frame as unknown as VideoFrame, now);
  };
  show(10_000);
  show(10_200);
  assert.deepEqual(sizes(), ["1920x1080 undefined"]);
  assert.deepEqual([...FakeEncoder.open].map(({ config }) => [config?.framerate, (config as { contentHint?: string }).contentHint]), [[5, "text"]]);
  assert.equal(screens.wantsGroup(), false);
  const second = subscribe(screens, "screen/high");
  assert.equal(screens.wantsGroup(), true);
  show(11_200);
  assert.deepEqual([first.objects, second.objects], [["0/0:0 high", "0/0:1", "1/0:0 high"], ["0/0:0 high"]]);
  screens.setSource(undefined);
});
