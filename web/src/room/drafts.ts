/** My chat messages between Enter and the room's word that they were said, pure. */

import type { ChatMessage, Command, Refusal } from "./messages.ts";
import type { Settled } from "./commands.ts";

export type Say = Extract<Command, { readonly kind: "say" }>;

export interface Draft {
  readonly key: number;
  /** As it was asked for. */
  readonly say: Say;
  /** Null while on its way. */
  readonly refusal: Refusal | null;
}

export interface Drafts {
  readonly list: readonly Draft[];
  readonly nextKey: number;
  /** Newest public message the drafts were compared with. */
  readonly seen: number;
}

export const NO_DRAFTS: Drafts = { list: [], nextKey: 1, seen: -1 };

export function draft(drafts: Drafts, say: Say): Drafts {
  return { ...drafts, list: [...drafts.list, { key: drafts.nextKey, say, refusal: null }], nextKey: drafts.nextKey + 1 };
}

export function discard(drafts: Drafts, key: number): Drafts {
  return { ...drafts, list: drafts.list.filter((entry) => entry.key !== key) };
}

function isOpen(entry: Draft): boolean {
  return entry.refusal === null && entry.say.to.kind === "everyone";
}

/** The room acts on commands in order, so each public message of mine that appears is my oldest draft. */
export function confirm(drafts: Drafts, chat: readonly ChatMessage[], me: string): Drafts {
  const newest = chat.at(-1)?.id ?? -1;
  if (newest <= drafts.seen) {
    return drafts;
  }
  let appeared = chat.filter((message) => message.id > drafts.seen && message.author === me).length;
  const list = drafts.list.filter((entry) => !isOpen(entry) || appeared-- <= 0);
  return { ...drafts, list, seen: newest };
}

/**
 * What was refused stays visible with the reason. A private message comes by the inbox, before the
 * answer to its command: with that its draft is done.
 */
export function settleDraft(drafts: Drafts, { command, refusal }: Settled): Drafts {
  if (command.kind !== "say" || (refusal === null && command.to.kind === "everyone")) {
    return drafts;
  }
  const list =
    refusal === null
      ? drafts.list.filter(({ say }) => say !== command)
      : drafts.list.map((entry) => (entry.say === command ? { ...entry, refusal } : entry));
  return { ...drafts, list };
}
