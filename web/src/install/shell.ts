/** Has the browser keep the page's own files, so that an installed Mosaik opens without a network. */

import { shellUrl } from "../assets.ts";

/** A page that is shown already needs none of it: it waits until everything else is loaded. */
export function keepShell(): void {
  if (!("serviceWorker" in navigator)) return;
  if (document.readyState === "complete") void register();
  else addEventListener("load", () => void register(), { once: true });
}

async function register(): Promise<void> {
  try {
    await navigator.serviceWorker.register(shellUrl(), { updateViaCache: "none" });
  } catch {
    // Private windows and schools' settings refuse it: then the page comes from the server each time.
  }
}
