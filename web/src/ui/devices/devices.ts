/**
 * Microphone and camera of this person. One value for the join screen and the room, so that what was
 * allowed once is not asked again.
 */

import { isGranted, listDevices, openSource } from "./open.ts";
import type { SourceKind } from "./open.ts";
import { createSource } from "./source.ts";
import type { Opening, Source } from "./source.ts";

export type { Source };

const KEY = "mosaik.sources";

export interface Devices {
  readonly mic: Source;
  readonly cam: Source;
  /** Turns on what a moderator had on in this room last time, if they agreed and the browser need not ask. */
  recall(room: string, isAgreed: (kind: SourceKind) => boolean): Promise<void>;
  /** Keeps what is on for the next lesson in this room. */
  remember(room: string): void;
  close(): void;
}

const BROWSER: Opening = { open: openSource, list: listDevices };

export function openDevices(): Devices {
  const mic = createSource("mic", BROWSER);
  const cam = createSource("cam", BROWSER);
  const sources = [mic, cam];
  const look = () => sources.forEach((source) => void source.look());
  navigator.mediaDevices?.addEventListener("devicechange", look);
  sources.forEach((source) => void source.refresh());
  return {
    mic,
    cam,
    recall: async (room, isAgreed) => {
      const wanted = recalled(room);
      await Promise.all(
        sources.map(async (source) => {
          if (wanted.includes(source.kind) && isAgreed(source.kind) && (await isGranted(source.kind))) {
            await source.turnOn();
          }
        }),
      );
    },
    remember: (room) => {
      const on = sources.filter((source) => source.state.peek().state === "on").map(({ kind }) => kind);
      try {
        localStorage.setItem(KEY, JSON.stringify({ room, on }));
      } catch {
        // Without storage both are off next time, which is the default.
      }
    },
    close: () => {
      navigator.mediaDevices?.removeEventListener("devicechange", look);
      sources.forEach((source) => source.turnOff());
    },
  };
}

function recalled(room: string): readonly string[] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as { room?: unknown; on?: unknown } | null;
    return kept?.room === room && Array.isArray(kept.on) ? kept.on.map(String) : [];
  } catch {
    return [];
  }
}
