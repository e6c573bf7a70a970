/** The language in use; texts follow it at once, wherever `text.value` is read. */

import { computed, effect, signal } from "@preact/signals";
import { onDevice, recall, remember } from "../remember.ts";
import { de } from "./de.ts";
import type { Texts } from "./de.ts";
import { en } from "./en.ts";

const KEY = "mosaik.language";

export type Language = "de" | "en";

export const LANGUAGES: Readonly<Record<Language, Texts>> = { de, en };

export const language = signal<Language>(chosen() ?? preferred());

export const text = computed(() => LANGUAGES[language.value]);

effect(() => {
  document.documentElement.lang = language.value;
});

/** Takes a language and remembers it on this device. */
export function speak(next: Language): void {
  language.value = next;
  remember(onDevice, KEY, next);
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
