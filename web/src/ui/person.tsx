/** How a person without a picture is shown: initials on a tint that stays theirs. */

import { Icon } from "./icon.tsx";

const TINTS = 8;

/** First letters of the first and last word of a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => [...(word ?? "")].find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? "").join("").toUpperCase();
}

/** The same for one id on every device. */
export function tint(id: string): number {
  // FNV-1a: ids that differ in one digit get unlike tints.
  let hash = 0x811c9dc5;
  for (const letter of id) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 16) % TINTS;
}

export function Avatar({ id, name }: { readonly id: string; readonly name: string }) {
  const letters = initials(name);
  return (
    <span class="avatar" data-tint={tint(id)} aria-hidden="true">
      {letters === "" ? <Icon name="person" /> : letters}
    </span>
  );
}
