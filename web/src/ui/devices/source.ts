/** A microphone or camera, which follows what is plugged in and out. */

import { signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { createOnOff } from "./on-off.ts";
import type { OnOff, SourceState } from "./on-off.ts";
import type { DeviceProblem, Opened, SourceKind, Wanted } from "./open.ts";
import { changeOf, entryOf } from "./plugs.ts";
import type { Plugged } from "./plugs.ts";

/** What became of the device in use, by the names that it and the other one have. */
export type DeviceNews =
  | { readonly kind: "fellBack"; readonly lost: string; readonly now: string }
  | { readonly kind: "returned"; readonly now: string }
  | { readonly kind: "added"; readonly now: string; readonly deviceId: string };

export interface Source {
  readonly kind: SourceKind;
  readonly state: ReadonlySignal<SourceState>;
  readonly choices: ReadonlySignal<readonly Plugged[]>;
  /** Id of the chosen device; empty is the browser's default. */
  readonly chosen: ReadonlySignal<string>;
  /** What `rest` left open. */
  readonly kept: ReadonlySignal<MediaStreamTrack | null>;
  /** Whether `rest` leaves it open. */
  readonly keeps: Signal<boolean>;
  readonly news: ReadonlySignal<DeviceNews | null>;
  /** A camera that shows paper: large and sharp, a few pictures a second. */
  readonly isDetailed: ReadonlySignal<boolean>;
  turnOn(): Promise<void>;
  /** Lets the device go. */
  turnOff(): void;
  /** Off for the others; a device that `keeps` says so of stays open. */
  rest(): void;
  toggle(): Promise<void>;
  choose(deviceId: string): Promise<void>;
  setDetailed(isDetailed: boolean): Promise<void>;
  /** The device was opened but does not work: off, with the help for `problem`. */
  fail(problem: DeviceProblem): void;
  /** Puts the help for a problem away. */
  dismiss(): void;
  dismissNews(): void;
}

/** Asks the browser. */
export interface Opening {
  open(kind: SourceKind, wanted: Wanted): Promise<Opened>;
  list(kind: SourceKind): Promise<readonly Plugged[]>;
}

export interface PluggedSource extends Source {
  refresh(): Promise<void>;
  /** Something was plugged in or out. */
  look(): Promise<void>;
}

export function createSource(kind: SourceKind, opening: Opening): PluggedSource {
  const device = createOnOff((wanted) => opening.open(kind, wanted), (track) => plugs.opened(track));
  const plugs = followPlugs(kind, device, () => opening.list(kind));
  const { state, chosen, isDetailed, keeping } = device;
  let looking: Promise<void> = Promise.resolve();
  const turnOff = () => {
    plugs.forget();
    device.stop();
  };
  const rest = () => {
    if (!device.keep()) {
      turnOff();
    }
  };
  return {
    kind,
    state,
    choices: plugs.choices,
    chosen,
    kept: keeping.kept,
    keeps: keeping.keeps,
    news: plugs.news,
    isDetailed,
    refresh: plugs.refresh,
    // One after the other: browsers tell of one plug several times.
    look: () => (looking = looking.then(plugs.look)),
    turnOn: device.turnOn,
    turnOff,
    rest,
    toggle: async () => (device.isGoing() ? rest() : device.turnOn()),
    choose: async (deviceId) => {
      plugs.forget();
      chosen.value = deviceId;
      await device.reopen();
    },
    setDetailed: async (next) => {
      isDetailed.value = next;
      await device.reopen();
    },
    fail: (problem) => {
      turnOff();
      device.fail(problem);
    },
    dismiss: () => {
      if (state.peek().state === "failed") {
        turnOff();
      }
    },
    dismissNews: () => (plugs.news.value = null),
  };
}

/** Nobody is offered what is gone again. */
function stillTrue(news: DeviceNews | null, list: readonly Plugged[]): DeviceNews | null {
  return news?.kind === "added" && list.every(({ deviceId }) => deviceId !== news.deviceId) ? null : news;
}

/** What becomes of `device` when something is plugged in or out. */
function followPlugs(kind: SourceKind, device: OnOff, list: () => Promise<readonly Plugged[]>) {
  const { state, chosen, keeping } = device;
  const choices = signal<readonly Plugged[]>([]);
  const news = signal<DeviceNews | null>(null);
  /** In use, and in use until it vanished. */
  let used: string | undefined;
  let lost: string | undefined;

  const refresh = async () => {
    choices.value = await list();
  };

  /** Nobody is seen by another camera unasked; who speaks goes on with what the browser takes by default. */
  const lose = async (track: MediaStreamTrack) => {
    keeping.dropIf(track);
    if (device.onTrack() !== track) {
      return;
    }
    lost = used;
    used = undefined;
    chosen.value = "";
    device.stop();
    if (kind === "mic") {
      await device.turnOn();
    }
    const now = device.onTrack();
    if (now !== undefined) {
      news.value = { kind: "fellBack", lost: track.label, now: now.label };
    } else if (!device.isGoing()) {
      device.fail("unplugged");
    }
  };

  const takeBack = async ({ deviceId, label }: Plugged) => {
    lost = undefined;
    chosen.value = deviceId;
    const now = state.peek();
    await (now.state === "failed" && now.problem === "unplugged" ? device.turnOn() : device.reopen());
    if (device.onTrack() !== undefined) {
      news.value = { kind: "returned", now: label };
    }
  };

  const lookOnce = async () => {
    const before = choices.peek();
    await refresh();
    const after = choices.peek();
    const track = device.onTrack() ?? keeping.kept.peek() ?? undefined;
    const change = changeOf(before, after, { used: track === undefined ? undefined : used, lost });
    news.value = stillTrue(news.peek(), after);
    if (change.kind === "gone" && track !== undefined) {
      await lose(track);
    } else if (change.kind === "back") {
      await takeBack(change.device);
    } else if (change.kind === "added" && change.device.label !== "") {
      news.value = { kind: "added", now: change.device.label, deviceId: change.device.deviceId };
    }
  };

  return {
    choices,
    news,
    refresh,
    look: lookOnce,
    opened: async (track: MediaStreamTrack) => {
      track.addEventListener("ended", () => void lose(track));
      // Until the list tells, nothing is known of this one.
      used = undefined;
      await refresh();
      used = entryOf(track.getSettings(), choices.peek())?.deviceId;
    },
    /** What the person does themselves counts. */
    forget: () => {
      lost = undefined;
      news.value = null;
    },
  };
}
