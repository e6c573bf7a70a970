/** The receipt of a room that closed: what it held and what was left (`POST /api/receipt`). */

import { askServer, textOf } from "./ask-server.ts";
import { asFields, isCount, list, parseFields } from "./fields.ts";
import type { HeldKind, HeldPart, Receipt } from "./messages.ts";

/** What is left is measured once everyone is gone, after five seconds at the latest. */
const PATIENCE_MS = 12_000;
const AGAIN_MS = 500;

const KINDS: readonly HeldKind[] = ["tracks", "people", "chat", "private", "polls", "boards", "notes", "slides", "files", "attendance", "log"];

/** null: it did not come in time. */
export async function askReceipt(secret: string, post: typeof fetch = fetch): Promise<Receipt | null> {
  const end = AbortSignal.timeout(PATIENCE_MS);
  while (!end.aborted) {
    const text = await textOf(askServer("/api/receipt", { secret }, end, post));
    const receipt = text === null ? null : parseReceipt(text);
    if (receipt !== null) {
      return receipt;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  return null;
}

export function parseReceipt(text: string): Receipt | null {
  const { room, openedAt, closedAt, measuredAt, held, attendanceDays } = parseFields(text) ?? {};
  const parts = list(held, heldPart)?.filter((part) => part !== "unknown");
  return typeof room !== "string" || !isCount(openedAt) || !isCount(closedAt) || !isCount(measuredAt) || parts === undefined
    ? null
    : { room, openedAt, closedAt, measuredAt, held: parts, attendanceDays: isCount(attendanceDays) ? attendanceDays : 0 };
}

/** A newer server may hold more than this page has words for. */
function heldPart(value: unknown): HeldPart | "unknown" | null {
  const fields = asFields(value);
  if (fields === null || !isCount(fields["before"]) || !isCount(fields["after"])) {
    return null;
  }
  const kind = KINDS.find((known) => known === fields["kind"]);
  return kind === undefined ? "unknown" : { kind, before: fields["before"], after: fields["after"] };
}
