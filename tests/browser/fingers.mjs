/**
 * Somebody who types and presses Join as soon as they can: a letter in the name once its field is painted, then the
 * button. Runs in the page before its own code, since a driver outside would add its own way to each key.
 */

export function installFingers() {
  const part = (name) => document.querySelector(`[data-testid="${name}"]`);
  /** All in ms of the navigation. */
  const seen = { shownMs: undefined, typedMs: undefined, answeredMs: undefined };
  const settled = () => seen.answeredMs !== undefined;

  /** The button is busy only with a name that the page has taken; without one it would complain. */
  const answers = new MutationObserver(() => {
    if (seen.typedMs === undefined || part("join-button")?.ariaDisabled !== "true") return;
    seen.answeredMs = performance.now();
    answers.disconnect();
  });

  function type() {
    part("join-name").focus();
    document.execCommand("insertText", false, "A");
    if (part("join-name").value !== "A") return;
    seen.typedMs = performance.now();
    part("join-button").click();
  }

  const arrivals = new MutationObserver(() => {
    if (part("join-name") === null) return;
    arrivals.disconnect();
    seen.shownMs = performance.now();
    // In the second callback the first one's picture has been drawn.
    requestAnimationFrame(() => requestAnimationFrame(type));
  });
  for (const observer of [arrivals, answers]) observer.observe(document, { subtree: true, childList: true, attributeFilter: ["aria-disabled"] });

  globalThis.mosaikFingers = () => settled() && seen;
}
