/** How a check item is shown: a box that can be ticked, and its text. */

import type { Node } from "prosemirror-model";
import type { EditorView, NodeView } from "prosemirror-view";
import { text } from "../../i18n/language.ts";
import { isChecked, schema } from "./schema.ts";

export function checkView(node: Node, view: EditorView, getPos: () => number | undefined): NodeView {
  const dom = document.createElement("div");
  dom.className = "notes-check";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.contentEditable = "false";
  box.ariaLabel = text.peek().notes.check;
  const contentDOM = document.createElement("span");
  dom.append(box, contentDOM);
  let shown = node;
  const show = (next: Node): void => {
    shown = next;
    dom.dataset["checked"] = String(isChecked(next));
    box.checked = isChecked(next);
  };
  box.addEventListener("change", () => {
    const at = getPos();
    if (at !== undefined && view.editable) view.dispatch(view.state.tr.setNodeAttribute(at, "checked", box.checked));
    else show(shown);
  });
  show(node);
  return {
    dom,
    contentDOM,
    update(next) {
      if (next.type !== schema.nodes.check_item) return false;
      show(next);
      return true;
    },
    stopEvent: ({ target }) => target === box,
    ignoreMutation: (mutation) => mutation.target === box || (mutation.target === dom && mutation.type === "attributes"),
  };
}
