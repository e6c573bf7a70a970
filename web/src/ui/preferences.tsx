/** Language, form of address and colours, at hand on every screen. */

import { effect, signal } from "@preact/signals";
import { LANGUAGES, address, isLanguage, language, speak, text } from "../i18n/language.ts";
import { onDevice, recall, remember } from "../remember.ts";
import { Icon } from "./icon.tsx";

const KEY = "mosaik.theme";
const THEMES = ["auto", "light", "dark"] as const;

type Theme = (typeof THEMES)[number];

const theme = signal<Theme>(rememberedTheme());

effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
});

function rememberedTheme(): Theme {
  const kept = recall(onDevice, KEY);
  return THEMES.find((name) => name === kept) ?? "auto";
}

function paint(next: Theme): void {
  theme.value = next;
  remember(onDevice, KEY, next);
}

export function Preferences() {
  const words = text.value;
  return (
    <div class="preferences">
      <label class="pill pill-narrow" title={words.theme.label}>
        <Icon name="theme" />
        <span class="hidden">{words.theme.label}</span>
        <select
          class="pill-select"
          value={theme.value}
          onChange={(event) => paint(THEMES.find((name) => name === event.currentTarget.value) ?? "auto")}
          data-testid="theme"
        >
          {THEMES.map((name) => (
            <option key={name} value={name}>
              {words.theme[name]}
            </option>
          ))}
        </select>
      </label>
      <label class="pill">
        <Icon name="language" />
        <span class="hidden">{words.language}</span>
        <select
          class="pill-select"
          value={language.value === "de" && address.value === "sie" ? "sie" : language.value}
          onChange={(event) => {
            const { value } = event.currentTarget;
            if (value === "sie") {
              speak("de", "sie");
            } else if (isLanguage(value)) {
              speak(value);
            }
          }}
          data-testid="language"
        >
          <option value="de" lang="de">
            {LANGUAGES.de.name}
          </option>
          <option value="sie" lang="de">
            {LANGUAGES.de.nameSie}
          </option>
          <option value="en" lang="en">
            {LANGUAGES.en.name}
          </option>
        </select>
      </label>
    </div>
  );
}
