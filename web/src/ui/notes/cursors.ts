/** Where the others are in the notes: a line with a name, and what they have marked. */

import { Plugin, PluginKey } from "prosemirror-state";
import type { EditorState } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from "y-prosemirror";
import { decodeRelativePosition, encodeRelativePosition } from "yjs";
import type { Cursor } from "../../room/parse-notes.ts";

/** Somebody's cursor as it is shown. */
export interface NamedCursor extends Cursor {
  readonly id: string;
  /** Empty where the room withholds it. */
  readonly name: string;
  readonly tint: number;
}

/** Set as its meta, a transaction shows these. */
export const cursorsKey = new PluginKey<readonly NamedCursor[]>("cursors");

export function cursors(): Plugin<readonly NamedCursor[]> {
  return new Plugin<readonly NamedCursor[]>({
    key: cursorsKey,
    state: {
      init: () => [],
      apply: (tr, before) => {
        const next: readonly NamedCursor[] | undefined = tr.getMeta(cursorsKey);
        return next ?? before;
      },
    },
    props: {
      decorations: (state) => DecorationSet.create(state.doc, (cursorsKey.getState(state) ?? []).flatMap((cursor) => draw(state, cursor))),
    },
  });
}

/** Where this person is, as it is told to the others. */
export function ownCursor(state: EditorState): Cursor | null {
  const { binding, type } = ySyncPluginKey.getState(state) ?? {};
  if (binding === undefined || binding.mapping.size === 0) return null;
  const { anchor, head } = state.selection;
  const place = (at: number) => encodeRelativePosition(absolutePositionToRelativePosition(at, type, binding.mapping));
  return { anchor: place(anchor), head: place(head) };
}

/** Nothing for what is not there any more. */
function draw(state: EditorState, { id, name, tint, anchor, head }: NamedCursor): readonly Decoration[] {
  const from = absolute(state, anchor);
  const to = absolute(state, head);
  if (from === null || to === null) return [];
  const line = Decoration.widget(to, () => shape(name, tint), { key: `${id} ${name}`, side: 10, ignoreSelection: true });
  const marked = Decoration.inline(Math.min(from, to), Math.max(from, to), { class: "notes-marked", "data-tint": String(tint) });
  return from === to ? [line] : [line, marked];
}

function absolute(state: EditorState, place: Uint8Array): number | null {
  const { binding, doc, type } = ySyncPluginKey.getState(state) ?? {};
  if (binding === undefined) return null;
  try {
    const at = relativePositionToAbsolutePosition(doc, type, decodeRelativePosition(place), binding.mapping);
    return at === null ? null : Math.min(at, state.doc.content.size);
  } catch {
    // Bytes of another page: what is no place is nowhere.
    return null;
  }
}

function shape(name: string, tint: number): HTMLElement {
  const line = document.createElement("span");
  line.className = "notes-cursor";
  line.dataset["tint"] = String(tint);
  line.dataset["testid"] = "notes-cursor";
  if (name !== "") {
    const label = document.createElement("span");
    label.textContent = name;
    line.append(label);
  }
  return line;
}
