/** The JSON of the control tracks, generated from the crate that defines it. */

export type {
  ChatMessage,
  CloseReason,
  Command,
  EndReason,
  InboxObject,
  Participant,
  Refusal,
  RefusedCommand,
  Role,
  RoomEvent,
  RoomSnapshot,
  StateObject,
} from "../generated/room.ts";
