/** Reads people out of objects of the control tracks. */

import { asFields, isCount } from "./fields.ts";
import { isRole, locks } from "./parse-lead.ts";
import type { Participant } from "./messages.ts";

export function participant(value: unknown): Participant | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { id, name, role, present, mic, cam, joinedAt } = fields;
  if (
    typeof id !== "string" ||
    typeof name !== "string" ||
    !isRole(role) ||
    typeof present !== "boolean" ||
    typeof mic !== "boolean" ||
    typeof cam !== "boolean" ||
    !isCount(joinedAt)
  ) {
    return null;
  }
  return { id, name, role, present, mic, cam, joinedAt, locked: locks(fields["locked"]), freed: locks(fields["freed"]) };
}
