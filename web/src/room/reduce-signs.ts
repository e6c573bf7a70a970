/** Everyone's status, pure. */

import type { SignChange, Status, StatusOf } from "./messages.ts";

export type Statuses = ReadonlyMap<string, Status>;

export function readStatuses(list: readonly StatusOf[]): Statuses {
  return new Map(list.map(({ id, status }) => [id, status]));
}

/** A reaction passes and changes nothing. */
export function changeStatuses(statuses: Statuses, change: SignChange): Statuses {
  switch (change.kind) {
    case "status":
      return withStatus(statuses, change.id, change.status);
    case "statusesCleared":
      return new Map();
    case "reacted":
      return statuses;
  }
}

/** Who left has no status. */
export function withStatus(statuses: Statuses, id: string, status: Status | null): Statuses {
  const next = new Map(statuses);
  next.delete(id);
  return status === null ? next : next.set(id, status);
}
