/** For how many days the server keeps who was there when, once the room is closed. */

import { text } from "../../i18n/language.ts";
import type { Statement } from "../consent/statement.ts";

/** null: we do not know it yet. */
function daysKept({ terms }: Pick<Statement, "terms">): number | null {
  return typeof terms.value === "object" ? terms.value.attendanceDays : null;
}

/** What becomes of it, behind a sentence that says what is seen. */
export function withKept(sentence: string, statement: Pick<Statement, "terms">): string {
  const days = daysKept(statement);
  return days === null ? sentence : `${sentence} ${text.value.attendance.kept(days)}`;
}

/** What is not deleted, behind a sentence that says what is. */
export function butKept(sentence: string, statement: Pick<Statement, "terms">): string {
  const days = daysKept(statement) ?? 0;
  return days === 0 ? sentence : `${sentence} ${text.value.attendance.onlyKept(days)}`;
}
