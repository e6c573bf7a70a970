/** Space held down is speech, where the person wants it so. */

import { isWriting } from "../actions.ts";
import type { RoomView } from "../view.ts";
import { pushesToTalk } from "./settings.ts";

/** What Space does something else with. */
const OTHERS = "button, a, summary, video, audio, .board-paper, [role=button], [role=switch], [role=tab], [role=option], [role^=menuitem], [role=slider], [role=separator]";

/** Follows the key until the answer is called. */
export function listenToSpace(view: RoomView): () => void {
  const { mic } = view.devices;
  let isHeld = false;
  const begin = (event: KeyboardEvent) => {
    if (event.key !== " " || !pushesToTalk.peek() || event.defaultPrevented || isTaken(event)) {
      return;
    }
    // The page does not scroll under who speaks.
    event.preventDefault();
    if (!event.repeat && view.dialog.peek() === null && mic.state.peek().state !== "on") {
      isHeld = true;
      view.sources.toggle("mic");
    }
  };
  const end = () => {
    if (isHeld && ["on", "asking"].includes(mic.state.peek().state)) {
      mic.rest();
    }
    isHeld = false;
  };
  const onUp = ({ key }: KeyboardEvent) => {
    if (key === " ") {
      end();
    }
  };
  const stop = new AbortController();
  addEventListener("keydown", begin, { signal: stop.signal });
  addEventListener("keyup", onUp, { signal: stop.signal, capture: true });
  // Who looks at another window lets go of the key there.
  addEventListener("blur", end, { signal: stop.signal });
  document.addEventListener("visibilitychange", end, { signal: stop.signal });
  return () => {
    end();
    stop.abort();
  };
}

function isTaken({ target, ctrlKey, metaKey, altKey, shiftKey, isComposing }: KeyboardEvent): boolean {
  const isOthers = target instanceof Element && target.closest(OTHERS) !== null;
  return isOthers || ctrlKey || metaKey || altKey || shiftKey || isComposing || isWriting(target);
}
