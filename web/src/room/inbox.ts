/** What only this person may know, as the inbox tells it: snapshot ∘ objects, pure. */

import type { ChatMessage, InboxObject } from "./messages.ts";
import { changeMessages, said } from "./reduce-chat.ts";

export interface InboxState {
  /** Private messages that this person wrote or got. */
  readonly messages: readonly ChatMessage[];
}

export const NO_INBOX: InboxState = { messages: [] };

/** The state after `object`; the same value when nothing changed. */
export function reduceInbox(state: InboxState, object: InboxObject): InboxState {
  switch (object.kind) {
    case "snapshot":
      return { messages: object.messages };
    case "said":
      return { ...state, messages: said(state.messages, object.message) };
    case "chat":
      return object.change.kind === "typing" ? state : { ...state, messages: changeMessages(state.messages, object.change) };
    case "acknowledged":
    case "refused":
    case "closed":
      return state;
  }
}
