/** What can be done with the text, above it: `notes-<act>`. */

import type { EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { ACTS } from "./acts.ts";
import type { Act } from "./acts.ts";

interface ToolsProps {
  readonly view: EditorView;
  readonly state: EditorState;
}

/** One stop of the Tab key; arrows lead from tool to tool. */
export function Tools({ view, state }: ToolsProps) {
  const bar = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const tools = [...(bar.current?.querySelectorAll("button") ?? [])];
    const at = tools.findIndex((tool) => tool === document.activeElement);
    if (step === undefined || at === -1) return;
    event.preventDefault();
    tools[(at + step + tools.length) % tools.length]?.focus();
  };
  return (
    <div ref={bar} class="notes-tools" role="toolbar" aria-label={text.value.notes.tools} tabIndex={-1} onKeyDown={onKeyDown}>
      {ACTS.map((act, index) => (
        <Tool key={act.name} act={act} view={view} state={state} isFirst={index === 0} />
      ))}
    </div>
  );
}

function Tool({ act, view, state, isFirst }: ToolsProps & { readonly act: Act; readonly isFirst: boolean }) {
  const label = text.value.notes.acts[act.name];
  const run = () => {
    act.command(view.state, view.dispatch, view);
    view.focus();
  };
  return (
    <button
      type="button"
      class="icon-button notes-tool"
      aria-label={label}
      title={`${label} (${shownKey(act.key)})`}
      aria-pressed={act.isOn?.(state)}
      aria-disabled={!act.command(state)}
      tabIndex={isFirst ? 0 : -1}
      // The text keeps the focus, and what is marked stays marked.
      onMouseDown={(event) => event.preventDefault()}
      onClick={run}
      data-testid={`notes-${act.name}`}
    >
      <Icon name={act.icon} />
    </button>
  );
}

function shownKey(key: string): string {
  const letters = key.split("-").map((part) => (part.length === 1 ? part.toUpperCase() : part));
  return letters.join("+").replace("Mod", text.value.notes.control).replace("Shift", text.value.notes.shift);
}
