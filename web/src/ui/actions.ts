/** What a key does in the room, as a list: the listener and the overview come from it. */

import type { Texts } from "../i18n/de.ts";
import { showsBoards, toggleBoard } from "./board/stage-choice.ts";
import { sharesScreens } from "./screen/tool.tsx";
import { toggleHand } from "./signs/hand-toggle.tsx";
import type { RoomView } from "./view.ts";
import type { PanelName } from "./view.ts";

export interface Action {
  readonly key: string;
  readonly label: (words: Texts) => string;
  readonly run: (view: RoomView) => void;
  /** Only for those who lead. */
  readonly leads?: true;
  /** Only for those of whom it says so. */
  readonly may?: (view: RoomView) => boolean;
}

const ACTIONS: readonly Action[] = [
  { key: "M", label: (words) => words.mic, run: (view) => view.sources.toggle("mic") },
  { key: "V", label: (words) => words.cam, run: (view) => view.sources.toggle("cam") },
  { key: "S", label: (words) => words.screen.share, run: (view) => view.sources.toggle("screen"), may: sharesScreens },
  { key: "H", label: (words) => words.hand.raise, run: toggleHand },
  { key: "R", label: (words) => words.sign.open, run: (view) => (view.isSignMenuOpen.value = true) },
  { key: "C", label: (words) => words.room.chat, run: (view) => togglePanel(view, "chat") },
  { key: "P", label: (words) => words.room.peopleTitle, run: (view) => togglePanel(view, "people") },
  { key: "U", label: (words) => words.poll.title, run: (view) => togglePanel(view, "polls") },
  { key: "G", label: (words) => words.breakout.title, run: (view) => togglePanel(view, "breakouts"), leads: true },
  { key: "N", label: (words) => words.notes.title, run: (view) => togglePanel(view, "notes") },
  { key: "F", label: (words) => words.content.title, run: (view) => togglePanel(view, "files") },
  { key: "L", label: (words) => words.layout.title, run: toggleLayoutMenu },
  { key: "E", label: (words) => words.lead.open, run: (view) => (view.dialog.value = "room"), leads: true },
  { key: "T", label: (words) => words.timer.title, run: toggleTimer, leads: true },
  { key: "W", label: (words) => words.board.title, run: toggleBoard, may: showsBoards },
  { key: "?", label: (words) => words.shortcut.open, run: (view) => (view.dialog.value = "shortcuts") },
];

/** Only moderators have it. */
export function togglePanel(view: RoomView, name: PanelName): void {
  view.panel.value = view.panel.value === name ? null : name;
}

function toggleTimer(view: RoomView): void {
  view.isTimerMenuOpen.value = !view.isTimerMenuOpen.peek();
}

function toggleLayoutMenu({ stage: { isLayoutMenuOpen } }: RoomView): void {
  isLayoutMenuOpen.value = !isLayoutMenuOpen.peek();
}

/** What this person can do by keys. */
export function actionsOf(view: RoomView): readonly Action[] {
  return ACTIONS.filter(({ leads, may }) => (leads !== true || view.isModerator.value) && may?.(view) !== false);
}

/** Follows keys until the answer is called. */
export function listenToKeys(view: RoomView): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || view.dialog.value !== null) {
      return;
    }
    if (event.key === "Escape") {
      view.panel.value = null;
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isWriting(event.target)) {
      return;
    }
    const action = actionsOf(view).find(({ key }) => key === event.key.toUpperCase());
    if (action !== undefined) {
      event.preventDefault();
      action.run(view);
    }
  };
  addEventListener("keydown", onKey);
  return () => removeEventListener("keydown", onKey);
}

/** Who writes when a text is locked goes on for a moment: no letter of that may switch on a microphone. */
export function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select, [role=textbox]"));
}
