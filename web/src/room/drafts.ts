/** My chat messages between Enter and the room's `said`, pure. */

import type { ChatMessage, Refusal } from "./messages.ts";
import type { Settled } from "./commands.ts";

export interface Draft {
  readonly key: number;
  readonly text: string;
  /** Null while on its way. */
  readonly refusal: Refusal | null;
}

export interface Drafts {
  readonly list: readonly Draft[];
  readonly nextKey: number;
  /** Newest chat id the drafts were compared with. */
  readonly seen: number;
}

export const NO_DRAFTS: Drafts = { list: [], nextKey: 1, seen: -1 };

export function draft(drafts: Drafts, text: string): Drafts {
  return { ...drafts, list: [...drafts.list, { key: drafts.nextKey, text, refusal: null }], nextKey: drafts.nextKey + 1 };
}

export function discard(drafts: Drafts, key: number): Drafts {
  return { ...drafts, list: drafts.list.filter((entry) => entry.key !== key) };
}

/** The room acts on commands in order, so each message of mine that appears is my oldest draft. */
export function confirm(drafts: Drafts, chat: readonly ChatMessage[], me: string): Drafts {
  const newest = chat.at(-1)?.id ?? -1;
  if (newest <= drafts.seen) {
    return drafts;
  }
  let appeared = chat.filter((message) => message.id > drafts.seen && message.author === me).length;
  const list = drafts.list.filter((entry) => entry.refusal !== null || appeared-- <= 0);
  return { ...drafts, list, seen: newest };
}

/** Refused messages stay visible with the reason, oldest first like everything else. */
export function refuseDraft(drafts: Drafts, settled: Settled): Drafts {
  const { command, refusal } = settled;
  if (command.kind !== "say" || refusal === null) {
    return drafts;
  }
  const refused = drafts.list.find((entry) => entry.refusal === null && entry.text === command.text);
  return { ...drafts, list: drafts.list.map((entry) => (entry === refused ? { ...entry, refusal } : entry)) };
}
