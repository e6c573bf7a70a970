/**
 * Where the focus goes when what had it is gone or can no longer have it: nobody who works by keys begins at the top of
 * the page again.
 *
 * In this order: to what has taken its place and says the same; of a row or a single control to its neighbour; from
 * anything larger (a panel, a dialog, a banner) to what had the focus before; else to the heading of what is there now.
 */

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [contenteditable="true"], [tabindex]:not([tabindex="-1"])';
const ROW = "li, tr";
/** A neighbour is looked for no further away than this. */
const REGION = "dialog, aside, section, nav, form, header, main";
/** What brings up the keyboard of a touch screen. */
const FIELD = "input:not([type=checkbox], [type=radio], [type=file]), textarea, [contenteditable]";
/** Letters choose in it, and are no keys of the room: who only passed it by Tab does not look for themself there. */
const CHOICE = "select";
/** How many places are remembered: more than anybody closes one after the other. */
const REMEMBERED = 32;

/** Whether the person's last act was a key. */
let hasKeys = false;

/** Whether who opened something did so by a key: then the focus goes there. */
export const isByKeys = (): boolean => hasKeys;

interface Place {
  /** What is around it, from the inside out, and at which place among the controls there it is. */
  readonly around: readonly { readonly node: Element; readonly at: number }[];
  readonly element: HTMLElement;
  readonly name: string;
}

/** Looks after the focus below `root`, until the answer is called. */
export function keepFocus(root: HTMLElement): () => void {
  let held: Place | null = null;
  const before = new Set<HTMLElement>();
  const stop = new AbortController();
  const listen = { signal: stop.signal, capture: true };
  addEventListener("keydown", () => (hasKeys = true), listen);
  addEventListener("pointerdown", () => (hasKeys = false), listen);
  root.addEventListener(
    "focusin",
    ({ target }) => {
      if (!(target instanceof HTMLElement)) return;
      held = placeOf(target, root);
      before.delete(target);
      before.add(target);
      for (const oldest of before) {
        if (before.size > REMEMBERED) before.delete(oldest);
      }
    },
    listen,
  );
  const observer = new MutationObserver(() => {
    if (held === null || (held.element.isConnected && !held.element.matches(":disabled"))) return;
    // The person is elsewhere already, or somebody else has seen to it.
    if (document.activeElement !== document.body && document.activeElement !== held.element) return;
    const next = successor(held, [...before].toReversed(), root) ?? heading(root);
    // Between two screens there is nothing for a moment.
    if (next === null) return;
    held = null;
    next.focus();
  });
  observer.observe(root, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  return () => {
    observer.disconnect();
    stop.abort();
  };
}

function placeOf(element: HTMLElement, root: HTMLElement): Place {
  const controls = [...root.querySelectorAll(FOCUSABLE)];
  const around: { node: Element; at: number }[] = [];
  for (let node = element.parentElement; node !== null && node !== root.parentElement; node = node.parentElement) {
    const inside = node;
    around.push({ node, at: controls.filter((control) => inside.contains(control)).indexOf(element) });
  }
  return { element, around, name: nameOf(element) };
}

function successor({ element, around, name }: Place, before: readonly HTMLElement[], root: HTMLElement): HTMLElement | undefined {
  const place = around.findIndex(({ node }) => node.isConnected);
  const nearest = around[place];
  if (nearest === undefined) return undefined;
  const gone = place === 0 ? element : around[place - 1]?.node;
  const twin = controlsIn(nearest.node).find((control) => nameOf(control) === name);
  if (twin !== undefined && nearest.node !== root) return twin;
  const isSmall = gone === element || gone?.matches(ROW) === true;
  return (isSmall ? neighbour(around.slice(place)) : undefined) ?? before.find((other) => canHave(other) && mayType(other) && !other.matches(CHOICE));
}

/** In the smallest region around it that has any control left. */
function neighbour(around: Place["around"]): HTMLElement | undefined {
  for (const { node, at } of around) {
    const controls = controlsIn(node);
    const found = controls[Math.min(Math.max(at, 0), controls.length - 1)];
    if (found !== undefined || node.matches(REGION)) return found;
  }
  return undefined;
}

function controlsIn(node: Element): readonly HTMLElement[] {
  return [...node.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((control) => canHave(control) && mayType(control));
}

/** Whether it is there and takes the focus: behind a modal dialog nothing does. */
function canHave(element: HTMLElement): boolean {
  const modal = document.querySelector("dialog:modal");
  return element.isConnected && !element.matches(":disabled") && element.checkVisibility({ visibilityProperty: true }) && (modal === null || modal.contains(element));
}

/** Nobody asked for a keyboard over half of a phone. */
function mayType(element: HTMLElement): boolean {
  return !element.matches(FIELD) || !matchMedia("(pointer: coarse)").matches;
}

function nameOf(element: HTMLElement): string {
  return `${element.tagName} ${element.className} ${element.getAttribute("aria-label") ?? element.textContent}`;
}

function heading(root: HTMLElement): HTMLElement | null {
  const found = (document.querySelector("dialog:modal") ?? root).querySelector<HTMLElement>("h1, h2");
  if (found !== null) {
    found.tabIndex = -1;
  }
  return found;
}
