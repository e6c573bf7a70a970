/**
 * What notes are made of. The names stand in what is sent: the room takes no others
 * (`relay/classroom/src/notes/reader.rs`).
 */

import { Schema } from "prosemirror-model";
import type { DOMOutputSpec, Node } from "prosemirror-model";

/** Below the panel's own heading, which is of level 2. */
const HEADING_TAGS = ["h3", "h4", "h5"] as const;

export const LEVELS = [1, 2, 3] as const;

/** What comes from other pages may have any value. */
export function levelOf({ attrs }: Node): 1 | 2 | 3 {
  return LEVELS.find((level) => level === attrs["level"]) ?? 1;
}

export function isChecked({ attrs }: Node): boolean {
  return attrs["checked"] === true;
}

const CHILD = 0 as const;
const around = (tag: string): DOMOutputSpec => [tag, CHILD];

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { group: "block", content: "inline*", parseDOM: [{ tag: "p" }], toDOM: () => around("p") },
    heading: {
      group: "block",
      content: "inline*",
      defining: true,
      attrs: { level: { default: 1 } },
      parseDOM: HEADING_TAGS.map((tag, index) => ({ tag, attrs: { level: index + 1 } })),
      toDOM: (node) => around(HEADING_TAGS[levelOf(node) - 1] ?? "h3"),
    },
    check_item: {
      group: "block",
      content: "inline*",
      defining: true,
      attrs: { checked: { default: false } },
      parseDOM: [{ tag: "div.notes-check", getAttrs: (dom) => ({ checked: dom.dataset["checked"] === "true" }) }],
      toDOM: (node) => ["div", { class: "notes-check", "data-checked": String(isChecked(node)) }, CHILD],
    },
    bullet_list: { group: "block", content: "list_item+", parseDOM: [{ tag: "ul" }], toDOM: () => around("ul") },
    ordered_list: { group: "block", content: "list_item+", parseDOM: [{ tag: "ol" }], toDOM: () => around("ol") },
    list_item: { content: "paragraph block*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => around("li") },
    text: { group: "inline" },
    hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  },
  marks: {
    strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => around("strong") },
    em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => around("em") },
  },
});
