/** Who shares a screen, and whose stands on the stage: read with suspicion, and pure. */

import { asFields, list } from "./fields.ts";
import type { Sharing } from "./messages.ts";
import type { People } from "./reduce-people.ts";

export const NOTHING_SHARED: Sharing = { screens: [], onStage: false };

export function parseSharing(value: unknown): Sharing {
  const fields = asFields(value);
  const screens = list(fields?.["screens"] ?? [], (id) => (typeof id === "string" ? id : null));
  return fields === null || screens === null ? NOTHING_SHARED : { screens, onStage: fields["onStage"] === true };
}

/** Those in `company` whose screens can be seen, the newest last. */
export const screensIn = ({ screens }: Sharing, company: People): readonly string[] => screens.filter((id) => company.has(id));

/** Whose screen has the stage: the newest, unless something else was shown after it and still is. */
export function screenOnStage(sharing: Sharing, company: People, hasContent: boolean): string | null {
  const newest = screensIn(sharing, company).at(-1);
  return newest !== undefined && (sharing.onStage || !hasContent) ? newest : null;
}
