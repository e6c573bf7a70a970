/** Pictures and texts of slides, as far as they are here. */

import { signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { SlideForm } from "../../room/messages.ts";
import type { Content, Fetching } from "./fetching.ts";

export interface PageOf {
  readonly deck: number;
  readonly page: number;
}

/** Why it is fetched: what is looked at goes before pictures of people, all else behind everything. */
export type Need = "now" | "sharper" | "soon" | "overview";

export interface Pages {
  /** The address of a picture; null while it is not here. The first call fetches it. */
  picture(of: PageOf, form: Exclude<SlideForm, "text">, need: Need): ReadonlySignal<string | null>;
  /** What is written on a page, as it was sent (`runs.ts`). */
  words(of: PageOf, need: Need): ReadonlySignal<string | null>;
  /** Forgets everything but these decks. */
  keepOnly(decks: ReadonlySet<number>): void;
  close(): void;
}

const PRIORITIES: Readonly<Record<Need, number>> = { now: 96, sharper: 200, soon: 220, overview: 240 };
/** What a browser may take for a picture: nothing that runs. */
const TYPES = new Map([
  ["png", "image/png"],
  ["jpeg", "image/jpeg"],
  ["webp", "image/webp"],
]);
/** Small ones of a whole deck, all of which a presenter sees at once: fewer, and each look at them fetches all anew. */
const SMALL_KEPT_MAX = 240;
/** What else is shown or was lately; sharp ones have some hundred kB. */
const KEPT_MAX = 160;
/** A page that is still on its way to the room is asked for again. */
const AGAIN_MS = 1_500;

interface Kept {
  readonly deck: number;
  readonly isSmall: boolean;
  readonly value: Signal<string | null>;
  isUrl: boolean;
  priority: number;
}

export function createPages({ fetch, hurry }: Fetching): Pages {
  const kept = new Map<string, Kept>();
  let isClosed = false;

  const drop = (track: string, entry: Kept): void => {
    kept.delete(track);
    if (entry.isUrl && entry.value.peek() !== null) {
      URL.revokeObjectURL(entry.value.peek() ?? "");
    }
  };
  const isKept = (track: string, entry: Kept): boolean => !isClosed && kept.get(track) === entry;
  const load = async (track: string, entry: Kept, read: (content: Content) => string | null): Promise<void> => {
    while (isKept(track, entry)) {
      const content = await fetch(track, entry.priority);
      const value = content === null ? null : read(content);
      if (value !== null) {
        entry.value.value = value;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  };
  const find = ({ deck, page }: PageOf, form: SlideForm, need: Need, isUrl: boolean): Kept => {
    const track = `slides/${deck}/${page}-${form}`;
    const known = kept.get(track);
    if (known !== undefined) {
      // The newest is the last to go.
      kept.delete(track);
      kept.set(track, known);
      if (known.value.peek() === null && PRIORITIES[need] < known.priority) {
        known.priority = PRIORITIES[need];
        hurry(track, known.priority);
      }
      return known;
    }
    const isSmall = form === "small";
    const entry: Kept = { deck, isSmall, value: signal<string | null>(null), isUrl, priority: PRIORITIES[need] };
    kept.set(track, entry);
    const alike = [...kept].filter(([, other]) => other.isSmall === isSmall);
    const [oldest] = alike;
    if (oldest !== undefined && alike.length > (isSmall ? SMALL_KEPT_MAX : KEPT_MAX)) {
      drop(...oldest);
    }
    void load(track, entry, isUrl ? addressOf : wordsOf);
    return entry;
  };
  return {
    picture: (of, form, need) => find(of, form, need, true).value,
    words: (of, need) => find(of, "text", need, false).value,
    keepOnly: (decks) => {
      for (const [track, entry] of kept) {
        if (!decks.has(entry.deck)) drop(track, entry);
      }
    },
    close: () => {
      isClosed = true;
      for (const [track, entry] of kept) drop(track, entry);
    },
  };
}

function addressOf({ bytes, type }: Content): string | null {
  const known = TYPES.get(type);
  return known === undefined ? null : URL.createObjectURL(new Blob([bytes], { type: known }));
}

function wordsOf({ bytes }: Content): string {
  return new TextDecoder().decode(bytes);
}
