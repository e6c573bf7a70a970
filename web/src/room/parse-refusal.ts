/** Reads why a command was refused. */

import { asFields, isCount } from "./fields.ts";
import { medium } from "./parse-consent.ts";
import { locks } from "./parse-lead.ts";
import type { Refusal, RefusedCommand } from "./messages.ts";

export function refusedCommand(value: unknown): RefusedCommand | null {
  const fields = asFields(value);
  if (fields === null || !isCount(fields["number"])) {
    return null;
  }
  const reason = refusal(fields["refusal"]);
  return reason === null ? null : { number: fields["number"], refusal: reason };
}

/** A code we do not know still refuses its command, else the person would wait for ever. */
export function refusal(value: unknown): Refusal | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { code, retryAfterMs, max, min, expected, lock } = fields;
  switch (code) {
    case "tooFast":
      return { code, retryAfterMs: isCount(retryAfterMs) ? retryAfterMs : 1_000 };
    case "textTooLong":
    case "roomFull":
    case "full":
    case "tooLarge":
    case "noSpace":
      return { code, max: isCount(max) ? max : 0 };
    case "tooFew":
      return { code, min: isCount(min) ? min : 0 };
    case "outOfOrder":
      return { code, expected: isCount(expected) ? expected : 0 };
    case "locked": {
      const [known] = locks([lock]);
      return known === undefined ? { code: "notAllowed" } : { code, lock: known };
    }
    case "notAgreed": {
      const known = medium(fields["medium"]);
      return known === null ? { code: "notAllowed" } : { code, medium: known };
    }
    case "lastModerator":
    case "roomLocked":
    case "removed":
    case "notThere":
    case "textEmpty":
    case "notAllowed":
    case "roomClosing":
    case "pollClosed":
    case "wrongContent":
    case "votedAlready":
      return { code };
    default:
      return { code: "malformed" };
  }
}
