/** Reads which whiteboards there are out of objects of the control tracks. */

import { asFields, isCount, list } from "./fields.ts";
import type { BoardPage, BoardsSnapshot, OwnBoards } from "./messages.ts";

export const NO_BOARDS: BoardsSnapshot = { pages: [], shown: null, own: "none", groups: [] };

const OWN: readonly OwnBoards[] = ["none", "open", "closed"];

/** What cannot be read is as if there were none. */
export function boards(value: unknown): BoardsSnapshot {
  const fields = asFields(value);
  const pages = list(fields?.["pages"], page);
  const shown = fields?.["shown"];
  return {
    pages: pages ?? [],
    shown: typeof shown === "string" ? shown : null,
    own: OWN.find((own) => own === fields?.["own"]) ?? "none",
    groups: list(fields?.["groups"], (group) => (isCount(group) ? group : null)) ?? [],
  };
}

function page(value: unknown): BoardPage | null {
  const fields = asFields(value);
  const { id, from, group } = fields ?? {};
  return typeof id === "string" ? { id, from: typeof from === "string" ? from : null, group: isCount(group) ? group : null } : null;
}
