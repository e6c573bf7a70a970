/**
 * The tools of a board, what they draw with, and the ways back.
 *
 * For browser tests: `board-tool` with `data-tool`, `board-colour` with `data-colour`, `board-width`, `board-undo`,
 * `board-redo`.
 */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { colour, tool, width } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { COLOURS, COLOUR_NAMES } from "./look.ts";
import { TOOLS } from "./tools.ts";

/** As they show on the button, in px. */
const WIDTHS = [3, 6, 11, 18] as const;

export function ToolStrip({ desk }: { readonly desk: Desk }) {
  const words = text.value.board;
  return (
    <div class="board-strip" role="toolbar" aria-label={words.tools}>
      <Steps desk={desk} />
      <span class="board-gap" />
      {TOOLS.map(({ name, key, icon }) => (
        <button
          key={name}
          type="button"
          class="board-button"
          aria-pressed={tool.value === name}
          aria-label={words.toolNames[name]}
          aria-keyshortcuts={key}
          title={`${words.toolNames[name]} (${key})`}
          onClick={() => (tool.value = name)}
          data-testid="board-tool"
          data-tool={name}
        >
          <Icon name={icon} />
        </button>
      ))}
      <span class="board-gap" />
      <Width />
      {COLOURS.map((value, index) => (
        <button
          key={value}
          type="button"
          class="board-button"
          aria-pressed={colour.value === index}
          aria-label={words.colours[COLOUR_NAMES[index] ?? "ink"]}
          title={words.colours[COLOUR_NAMES[index] ?? "ink"]}
          onClick={() => (colour.value = index)}
          data-testid="board-colour"
          data-colour={index}
        >
          <span class="board-colour" style={{ "--colour": value }} />
        </button>
      ))}
    </div>
  );
}

/** Each press makes lines wider, and behind the widest comes the finest. */
function Width() {
  const words = text.value.board;
  const value = width.value;
  const label = `${words.width}: ${words.widths[value]}`;
  return (
    <button type="button" class="board-button" aria-label={label} title={label} onClick={() => (width.value = (value + 1) % WIDTHS.length)} data-testid="board-width" data-width={value}>
      <span class="board-width" style={{ "--width": `${WIDTHS[value]}px` }} />
    </button>
  );
}

function Steps({ desk }: { readonly desk: Desk }) {
  const words = text.value.board;
  const { history, steps } = desk.reader;
  // Read, so that this is rendered anew with each step.
  const count = steps.value;
  return (
    <>
      <button
        type="button"
        class="board-button"
        aria-label={words.undo}
        title={`${words.undo} (${words.control}+Z)`}
        aria-disabled={!history.canUndo()}
        onClick={() => history.undo(desk.hand.perform)}
        data-testid="board-undo"
        data-steps={count}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        class="board-button"
        aria-label={words.redo}
        title={`${words.redo} (${words.control}+Y)`}
        aria-disabled={!history.canRedo()}
        onClick={() => history.redo(desk.hand.perform)}
        data-testid="board-redo"
      >
        <Icon name="redo" />
      </button>
    </>
  );
}
