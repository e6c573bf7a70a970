/** What a line is worth to the person who has it, pure. */

import type { LineQuality, Participant } from "./messages.ts";

/** From the worst to the best; `unknown` until the relay has looked. */
export type Grade = "away" | "poor" | "fair" | "unknown" | "good";

const WORST_FIRST: readonly Grade[] = ["away", "poor", "fair", "unknown", "good"];

/** Above these nobody takes turns without noticing, in ms. */
const DELAY_FAIR_MS = 300;
const DELAY_POOR_MS = 700;

/** Of a line that is there. */
export function gradeOf(line: LineQuality | null | undefined, isMicOn: boolean): Grade {
  if (line === null || line === undefined) {
    return "unknown";
  }
  const { loss, delayMs, picture, reason, speech } = line;
  const isUnheard = isMicOn && speech === "missing";
  if (reason === "silent" || picture === "none" || loss === "much" || delayMs >= DELAY_POOR_MS || isUnheard) {
    return "poor";
  }
  return isReduced(line) || loss === "some" || delayMs >= DELAY_FAIR_MS ? "fair" : "good";
}

/** Whether less comes than is wished, and not only until it is known what fits. */
export function isReduced({ picture, reason }: LineQuality): boolean {
  return (picture === "reduced" || picture === "none") && reason !== "rising" && reason !== "none";
}

export function worse(one: Grade, other: Grade): Grade {
  return WORST_FIRST.indexOf(one) <= WORST_FIRST.indexOf(other) ? one : other;
}

/** Whether somebody hears the lesson, and is heard; null where nobody can say. */
export interface Hearing {
  readonly hears: boolean | null;
  /** Null while nothing is to be heard of them. */
  readonly isHeard: boolean | null;
}

export interface PersonLine {
  readonly participant: Participant;
  readonly line: LineQuality | undefined;
  readonly grade: Grade;
  readonly hearing: Hearing;
}

export function personLine(participant: Participant, line: LineQuality | undefined): PersonLine {
  const { present, mic } = participant;
  // What was known of a line that is lost says nothing of the next one.
  const known = present ? line : undefined;
  const grade = present ? gradeOf(known, mic) : "away";
  return { participant, line: known, grade, hearing: hearing(known, participant) };
}

function hearing(line: LineQuality | undefined, { present, mic }: Participant): Hearing {
  const hears = line === undefined ? (present ? null : false) : line.reason !== "silent";
  const speech = mic ? line?.speech : "notWanted";
  return { hears, isHeard: speech === undefined || speech === "notWanted" ? null : speech === "arrives" };
}

/** The worst line first; of equals, the longer delay, then by name as `language` sorts it. */
export function worstFirst(people: readonly PersonLine[], language: string): readonly PersonLine[] {
  const byName = new Intl.Collator(language, { numeric: true });
  return people.toSorted(
    (a, b) =>
      WORST_FIRST.indexOf(a.grade) - WORST_FIRST.indexOf(b.grade) ||
      (b.line?.delayMs ?? 0) - (a.line?.delayMs ?? 0) ||
      byName.compare(a.participant.name, b.participant.name),
  );
}

/** What is sent of our own camera. */
export type Uplink = "off" | "full" | "reduced" | "least";

/** `layers` are those that our line has room for, of each rendition; `most` is all of them. */
export function uplinkOf(layers: Readonly<Record<string, number>>, most: number): Uplink {
  const all = Object.values(layers);
  if (all.length === 0) {
    return "off";
  }
  if (all.every((count) => count >= most)) {
    return "full";
  }
  return all.filter((count) => count > 0).length > 1 ? "reduced" : "least";
}

/** What the person can do about it, the most useful first. */
export type Advice = "router" | "cameraOff" | "downloads" | "network";

export function adviceFor(line: LineQuality | null, uplink: Uplink, isCamOn: boolean): readonly Advice[] {
  const isUpTight = uplink === "reduced" || uplink === "least" || line?.speech === "missing";
  const isLossy = line !== null && (line.loss !== "none" || line.reason === "loss");
  const advice: readonly (Advice | false)[] = [
    isLossy && "router",
    isUpTight && isCamOn && "cameraOff",
    "downloads",
    !isLossy && "router",
    line?.path === "webSocket" && "network",
  ];
  return advice.filter((each) => each !== false);
}
