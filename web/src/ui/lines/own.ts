/** What this page knows of its own line: what the relay tells, and what the camera had to give up. */

import { LAYERS_MAX } from "../../media/layer-ids.ts";
import { gradeOf, isReduced, uplinkOf, worse } from "../../room/lines.ts";
import type { Grade, Uplink } from "../../room/lines.ts";
import type { LineQuality } from "../../room/messages.ts";
import { text } from "../../i18n/language.ts";
import type { RoomView } from "../view.ts";

export interface OwnLineState {
  readonly grade: Grade;
  readonly line: LineQuality | null;
  readonly uplink: Uplink;
  readonly isMicOn: boolean;
  readonly isCamOn: boolean;
}

/** Reads signals: whoever renders it is rendered anew with them. */
export function ownLine(view: RoomView): OwnLineState {
  const { devices, pictures, store } = view;
  const { line } = store.inbox.value;
  const isMicOn = devices.mic.state.value.state === "on";
  const isCamOn = devices.cam.state.value.state === "on";
  const uplink = isCamOn ? uplinkOf(ofCamera(pictures.sent.value), LAYERS_MAX) : "off";
  const up: Grade = uplink === "reduced" || uplink === "least" ? "fair" : "good";
  const grade = view.line.isLate.value ? "away" : worse(gradeOf(line, isMicOn), up);
  return { grade, line, uplink, isMicOn, isCamOn };
}

/** Of a screen nothing is said: what is to be read is given up last. */
const ofCamera = (layers: Readonly<Record<string, number>>) => Object.fromEntries(Object.entries(layers).filter(([name]) => name.startsWith("cam/")));

/** What is wrong in words, the worst first; nothing is on a line that is good. */
export function troubles({ line, uplink, isMicOn }: OwnLineState): readonly string[] {
  const words = text.value.line;
  const down = line !== null && (isReduced(line) || line.reason === "silent") ? words.why(line) : "";
  const unheard = isMicOn && line?.speech === "missing" ? words.unheard : "";
  return [unheard, down, words.uplinks[uplink]].filter((part) => part !== "");
}
