/** The editor of the notes: ProseMirror over what the room and this person wrote. */

import { Fragment, Slice } from "prosemirror-model";
import { EditorState, Plugin } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { initProseMirrorDoc, ySyncPlugin, yUndoPlugin } from "y-prosemirror";
import type { XmlFragment } from "yjs";
import { keys, typedRules } from "./acts.ts";
import { checkView } from "./check-view.ts";
import { cursors, cursorsKey } from "./cursors.ts";
import type { NamedCursor } from "./cursors.ts";
import { links } from "./links.ts";
import { plainText, readText } from "./markdown.ts";
import { schema } from "./schema.ts";

/** Characters that are pasted at once; what the room takes at once is 16 kB. */
const PASTED_MAX = 8_000;

export interface EditorOptions {
  readonly place: HTMLElement;
  readonly label: string;
  mayWrite(): boolean;
  /** After each change of the text, the marks or the cursor. */
  onChange(state: EditorState): void;
  onFocus(hasFocus: boolean): void;
  onPastedTooMuch(): void;
}

export interface Editor {
  readonly view: EditorView;
  /** Shows other notes, or the same ones made anew. */
  show(fragment: XmlFragment): void;
  showCursors(cursors: readonly NamedCursor[]): void;
  close(): void;
}

export function createEditor(fragment: XmlFragment, options: EditorOptions): Editor {
  const view = new EditorView(options.place, {
    state: stateOf(fragment),
    nodeViews: { check_item: checkView },
    editable: options.mayWrite,
    attributes: () => ({
      class: "notes-text",
      role: "textbox",
      // Also while nothing can be written: it scrolls, and who was writing stays in it.
      tabindex: "0",
      "aria-multiline": "true",
      "aria-readonly": String(!options.mayWrite()),
      "aria-label": options.label,
      "data-testid": "notes-text",
    }),
    dispatchTransaction(tr) {
      view.updateState(view.state.apply(tr));
      options.onChange(view.state);
    },
    clipboardTextSerializer: ({ content }) => plainText(content),
    clipboardTextParser: (pasted) => sliceOf(pasted),
    handleDOMEvents: {
      // What is pasted or dropped is text and nothing else: no HTML of other pages is read.
      paste: (_, event) => paste(view, event, event.clipboardData, options),
      drop: (_, event) => view.dragging === null && paste(view, event, event.dataTransfer, options),
      focus: () => void options.onFocus(true),
      blur: () => void options.onFocus(false),
    },
  });
  return {
    view,
    show: (next) => {
      view.updateState(stateOf(next));
      options.onChange(view.state);
    },
    showCursors: (shown) => view.dispatch(view.state.tr.setMeta(cursorsKey, shown).setMeta("addToHistory", false)),
    close: () => view.destroy(),
  };
}

function stateOf(fragment: XmlFragment): EditorState {
  const { doc, mapping } = initProseMirrorDoc(fragment, schema);
  const plugins = [ySyncPlugin(fragment, { mapping }), yUndoPlugin(), typedRules(), ...keys(), links(), cursors(), emptiness()];
  return EditorState.create({ doc, plugins });
}

/** One line becomes part of the line where the cursor is. */
function sliceOf(pasted: string): Slice {
  const blocks = readText(pasted);
  const isLine = blocks.childCount === 1 && blocks.firstChild?.type === schema.nodes.paragraph;
  const open = isLine ? 1 : 0;
  return blocks.childCount === 0 ? Slice.empty : new Slice(Fragment.from(blocks), open, open);
}

function paste(view: EditorView, event: Event, data: DataTransfer | null, options: EditorOptions): boolean {
  event.preventDefault();
  const pasted = data?.getData("text/plain") ?? "";
  if (!view.editable || pasted === "") return true;
  if (pasted.length > PASTED_MAX) options.onPastedTooMuch();
  else view.dispatch(view.state.tr.replaceSelection(sliceOf(pasted)).scrollIntoView());
  return true;
}

/** Marks the text that has nothing in it, for the words that then stand there. */
function emptiness(): Plugin {
  return new Plugin({
    props: {
      attributes: ({ doc }): Record<string, string> => {
        const isEmpty = doc.childCount === 1 && doc.firstChild?.type === schema.nodes.paragraph && doc.firstChild.content.size === 0;
        return isEmpty ? { "data-empty": "true" } : {};
      },
    },
  });
}
