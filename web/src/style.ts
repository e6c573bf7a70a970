/** Loads a style that the page does not begin with. */

import { assetUrl } from "./assets.ts";

/** A style that takes longer than the person's patience is told as a failure to load. */
const STYLE_DEADLINE_MS = 10_000;

/** Settles when it holds. */
export function loadStyle(name: `${string}.css`): Promise<void> {
  const href = assetUrl(name);
  if (document.head.querySelector(`link[href="${href}"]`) !== null) {
    return Promise.resolve();
  }
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  return new Promise((resolve, reject) => {
    AbortSignal.timeout(STYLE_DEADLINE_MS).addEventListener("abort", () => reject(new Error("no style in time")));
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => reject(new Error("no style")));
    document.head.append(link);
  });
}
