/** Addresses in the notes, which are text, shown as links: `http` and `https` and nothing else. */

import type { Node } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import type { EditorView } from "prosemirror-view";

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/gu;

export function links(): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    state: {
      init: (_, { doc }) => decorate(doc),
      apply: (tr, before) => (tr.docChanged ? decorate(tr.doc) : before),
    },
    props: {
      decorations(state) {
        return this.getState(state);
      },
      handleDOMEvents: { click: follow },
    },
  });
}

function decorate(doc: Node): DecorationSet {
  const found: Decoration[] = [];
  doc.descendants((node, at) => {
    for (const { 0: address, index } of (node.text ?? "").matchAll(ADDRESS)) {
      const attrs = { nodeName: "a", href: address, rel: "noopener noreferrer", target: "_blank" };
      found.push(Decoration.inline(at + index, at + index + address.length, attrs));
    }
  });
  return DecorationSet.create(doc, found);
}

/** Who writes puts the cursor there; with Ctrl or where nothing can be written the link is followed. */
function follow(view: EditorView, event: MouseEvent): boolean {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null) return false;
  if (!view.editable) return false;
  event.preventDefault();
  if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener,noreferrer");
  return true;
}
