/** What of a view depends on our role and on what is locked for us. */

import { computed, signal } from "@preact/signals";
import { locksOn } from "../../room/locks.ts";
import type { Lock, Participant, Role } from "../../room/messages.ts";
import type { RoomStore } from "../../room/store.ts";
import type { Statement } from "../consent/statement.ts";
import type { Devices } from "../devices/devices.ts";
import type { RoomView } from "../view.ts";
import { watchChatLock } from "./locked-chat.ts";
import type { ScreenShare } from "../screen/share.ts";
import { watchLocks } from "./locked-source.ts";

/** What nobody does who is not to be read: to them it is as if it were locked. */
const NEEDS_READERS: readonly Lock[] = ["publicChat", "privateChat", "whiteboard", "notes"];

type Leading = Pick<RoomView, "isModerator" | "locks" | "sources" | "menuOf" | "removing">;

export interface LeadingParts {
  /** Before the room has said one. */
  readonly role: Role;
  readonly store: RoomStore;
  readonly devices: Devices;
  readonly screen: ScreenShare;
  readonly statement: Statement;
  readonly to: RoomView["to"];
}

export function createLeading(parts: LeadingParts): { readonly leading: Leading; close(): void } {
  const { store } = parts;
  const me = computed(() => store.room.value.participants.get(store.me));
  const role = computed(() => me.value?.role ?? parts.role);
  const { statement } = parts;
  const locks = computed(() => new Set([...locksOn(me.value, store.room.value.settings), ...(statement.stated.value.agreed.read ? [] : NEEDS_READERS)]));
  const sources = watchLocks({ devices: parts.devices, screen: parts.screen, locks }, statement.toggle);
  const endChat = watchChatLock(locks, parts.to);
  return {
    leading: {
      isModerator: computed(() => role.value === "moderator"),
      locks,
      sources,
      menuOf: signal<string | null>(null),
      removing: signal<Participant | null>(null),
    },
    close: () => {
      sources.close();
      endChat();
    },
  };
}
