/** Entry of the page for whoever looks after the server. */

import { computed } from "@preact/signals";
import { render } from "preact";
import { adminDe } from "./i18n/admin-de.ts";
import { adminEn } from "./i18n/admin-en.ts";
import type { AdminTexts } from "./i18n/admin-de.ts";
import { language, textReady } from "./i18n/language.ts";
import type { Language } from "./i18n/language.ts";
import { keepFocus } from "./ui/focus.ts";
import { AdminPage } from "./ui/admin/page.tsx";
import { watchServer } from "./ui/admin/watch.ts";

const TEXTS: Readonly<Record<Language, AdminTexts>> = { de: adminDe, en: adminEn };

const words = computed(() => TEXTS[language.value]);
const watch = watchServer();
void watch.look();
void textReady();
// Nobody looks at a page that is not in front.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") void watch.look();
});

const app = document.getElementById("app") ?? document.body;
keepFocus(app);
render(<AdminPage words={words} watch={watch} />, app);
