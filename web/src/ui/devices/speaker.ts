/** Loudspeakers and headphones to choose from, where the browser lets the page choose. */

import { signal } from "@preact/signals";
import { listDevices } from "./open.ts";
import { ownEntries } from "./plugs.ts";
import type { Plugged } from "./plugs.ts";
import type { Speaker } from "./sound.ts";

/** `play` moves the sound, and says whether it could. */
export function watchSpeakers(play: (deviceId: string) => Promise<boolean>): Speaker {
  const choices = signal<readonly Plugged[]>([]);
  const chosen = signal("");
  const choose = async (deviceId: string) => {
    chosen.value = (await play(deviceId)) ? deviceId : "";
  };
  const look = async () => {
    choices.value = ownEntries(await listDevices("speaker"));
    const isGone = chosen.peek() !== "" && choices.peek().every(({ deviceId }) => deviceId !== chosen.peek());
    if (isGone) {
      await choose("");
    }
  };
  const onPlug = () => void look();
  navigator.mediaDevices?.addEventListener("devicechange", onPlug);
  onPlug();
  return {
    choices,
    chosen,
    choose,
    close: () => navigator.mediaDevices?.removeEventListener("devicechange", onPlug),
  };
}
