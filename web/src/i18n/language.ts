/** The language in use and, in German, the form of address; texts follow at once, wherever `text.value` is read. */

import { computed, effect, signal } from "@preact/signals";
import { onDevice, recall, remember } from "../remember.ts";
import { de } from "./de.ts";
import type { Texts } from "./de.ts";
import { en } from "./en.ts";
import { linesParts } from "./lines-de.ts";

const KEY = "mosaik.language";
const ADDRESS_KEY = "mosaik.address";

export type Language = "de" | "en";
export type Address = "du" | "sie";

export const LANGUAGES: Readonly<Record<Language, Texts>> = { de, en };

export const language = signal<Language>(chosen() ?? preferred());

/** In German; “du” unless the person wants it otherwise. */
export const address = signal<Address>(recall(onDevice, ADDRESS_KEY) === "sie" ? "sie" : "du");

/** Texts that say “Sie”, once they are loaded: most people never need them. */
const formal = signal<Texts | null>(null);

const wantsFormal = computed(() => language.value === "de" && address.value === "sie");

export const text = computed(() => (wantsFormal.value ? (formal.value ?? de) : LANGUAGES[language.value]));

/** Settles when the texts are there that this person wants; without them they read others. */
export async function textReady(): Promise<void> {
  if (!wantsFormal.peek() || formal.peek() !== null) {
    return;
  }
  try {
    const { formalOf } = await import("./sie.ts");
    formal.value = formalOf(de, linesParts);
  } catch {
    // Who is offline is addressed as everyone is.
  }
}

effect(() => {
  document.documentElement.lang = language.value;
});

/** Takes a language and remembers it on this device. */
export function speak(next: Language, to: Address = "du"): void {
  language.value = next;
  address.value = to;
  remember(onDevice, KEY, next);
  remember(onDevice, ADDRESS_KEY, to);
  void textReady();
}

export function isLanguage(value: string | null): value is Language {
  return value === "de" || value === "en";
}

function chosen(): Language | null {
  const value = recall(onDevice, KEY);
  return isLanguage(value) ? value : null;
}

/** German unless the browser asks for English first. */
function preferred(): Language {
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? "de";
}
