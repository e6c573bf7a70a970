/** The JSON of the control tracks, as docs/protocol.md describes it. */

export type Role = "moderator" | "viewer";

export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** False while the connection is lost and the seat is still kept. */
  readonly present: boolean;
  readonly mic: boolean;
  readonly cam: boolean;
  readonly joinedAt: number;
}

export interface ChatMessage {
  readonly id: number;
  readonly author: string;
  readonly name: string;
  readonly text: string;
  readonly at: number;
}

export interface RoomSnapshot {
  readonly room: string;
  readonly title: string;
  readonly participants: readonly Participant[];
  readonly chat: readonly ChatMessage[];
}

export type RoomEvent =
  | { readonly kind: "joined"; readonly participant: Participant }
  | { readonly kind: "presence"; readonly id: string; readonly present: boolean }
  | { readonly kind: "left"; readonly id: string }
  | { readonly kind: "sources"; readonly id: string; readonly mic: boolean; readonly cam: boolean }
  | { readonly kind: "said"; readonly message: ChatMessage }
  | { readonly kind: "ended"; readonly reason: string };

export type StateObject =
  | { readonly kind: "snapshot"; readonly revision: number; readonly state: RoomSnapshot }
  | { readonly kind: "event"; readonly revision: number; readonly event: RoomEvent };

export type Refusal =
  | { readonly code: "tooFast"; readonly retryAfterMs: number }
  | { readonly code: "textEmpty" }
  | { readonly code: "textTooLong"; readonly max: number }
  | { readonly code: "notAllowed" }
  | { readonly code: "roomClosing" }
  | { readonly code: "outOfOrder"; readonly expected: number }
  | { readonly code: "malformed" }
  | { readonly code: "roomFull"; readonly max: number };

export interface RefusedCommand {
  readonly number: number;
  readonly refusal: Refusal;
}

export type InboxObject =
  | { readonly kind: "snapshot"; readonly acknowledged: number; readonly refused: readonly RefusedCommand[] }
  | { readonly kind: "acknowledged"; readonly number: number }
  | { readonly kind: "refused"; readonly number: number; readonly refusal: Refusal }
  | { readonly kind: "closed"; readonly reason: string };

export type Command =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "setSources"; readonly mic: boolean; readonly cam: boolean }
  | { readonly kind: "leave" }
  | { readonly kind: "endRoom" };
