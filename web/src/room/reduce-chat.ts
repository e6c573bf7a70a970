/** Messages, public or private, pure. */

import type { ChatChange, ChatMessage } from "./messages.ts";

/** Messages kept, as many as a snapshot brings; the oldest go first. */
export const CHAT_MAX = 2_000;

export type Messages = readonly ChatMessage[];

export function readMessages(messages: Messages): Messages {
  return messages.slice(-CHAT_MAX);
}

/** Pinned messages stay, as they do in the room. */
export function said(messages: Messages, message: ChatMessage): Messages {
  const all = [...messages, message];
  const oldest = all.length > CHAT_MAX ? all.findIndex(({ pinned }) => !pinned) : -1;
  return oldest < 0 ? all : all.toSpliced(oldest, 1);
}

export function changeMessages(messages: Messages, change: ChatChange): Messages {
  switch (change.kind) {
    case "edited":
      return changeOne(messages, change.id, (message) => ({ ...message, text: change.text, edited: true }));
    case "deleted":
      return messages.filter(({ id }) => id !== change.id);
    case "reacted":
      return changeOne(messages, change.id, (message) => {
        const others = message.reactions.filter(({ id }) => id !== change.by);
        const reactions = change.reaction === null ? others : [...others, { id: change.by, reaction: change.reaction }];
        return { ...message, reactions };
      });
    case "pinned":
      return changeOne(messages, change.id, (message) => ({ ...message, pinned: change.pinned }));
    case "cleared":
      return [];
    case "withdrawn":
      return messages.filter(({ author }) => author !== change.author);
    case "typing":
      return messages;
  }
}

function changeOne(messages: Messages, id: number, change: (message: ChatMessage) => ChatMessage): Messages {
  return messages.map((message) => (message.id === id ? change(message) : message));
}

/** Public and private messages in the order in which they were said; each list is in order already. */
export function merge(open: Messages, secret: Messages): Messages {
  const merged: ChatMessage[] = [];
  let next = 0;
  for (const message of open) {
    for (let other = secret[next]; other !== undefined && other.at < message.at; other = secret[++next]) {
      merged.push(other);
    }
    merged.push(message);
  }
  return [...merged, ...secret.slice(next)];
}

export function isPrivate(message: ChatMessage): boolean {
  return message.to.kind !== "everyone";
}
