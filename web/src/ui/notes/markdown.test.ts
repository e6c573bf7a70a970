/** Notes as Markdown and as what is copied and pasted. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "prosemirror-model";
import { markdown, plainText, readText } from "./markdown.ts";
import { schema } from "./schema.ts";

const { doc, paragraph, heading, bullet_list, ordered_list, list_item, check_item, hard_break } = schema.nodes;
const { strong, em } = schema.marks;
const line = (...words: string[]) => paragraph.create(null, words.map((word) => schema.text(word)));
const item = (...blocks: Node[]) => list_item.create(null, blocks);

test("what was written is Markdown that others read as it was meant", () => {
  const notes = doc.create(null, [
    heading.create({ level: 1 }, schema.text("Die Zelle")),
    paragraph.create(null, [schema.text("Sie hat einen "), schema.text("Kern ", [strong.create()]), schema.text("und mehr", [strong.create(), em.create()])]),
    bullet_list.create(null, [item(line("Kern"), ordered_list.create(null, [item(line("eins")), item(line("zwei"))])), item(line("Wand"))]),
    check_item.create({ checked: true }, schema.text("gelesen")),
    check_item.create({ checked: false }, schema.text("verstanden")),
    paragraph.create(),
    paragraph.create(null, [schema.text("oben"), hard_break.create(), schema.text("unten")]),
  ]);
  assert.equal(
    markdown(notes),
    [
      "# Die Zelle",
      "",
      "Sie hat einen **Kern** ***und mehr***",
      "",
      "- Kern",
      "  1. eins",
      "  2. zwei",
      "- Wand",
      "",
      "- [x] gelesen",
      "- [ ] verstanden",
      "",
      "oben  ",
      "unten",
      "",
    ].join("\n"),
  );
});

test("signs that somebody wrote stay signs", () => {
  const notes = doc.create(null, [line("2 * 3 * 4 <b>"), line("# kein Titel"), line("1. Mai")]);
  assert.equal(markdown(notes), "2 \\* 3 \\* 4 \\<b\\>\n\n\\# kein Titel\n\n1\\. Mai\n");
});

test("what has nothing in it is an empty file", () => {
  assert.equal(markdown(doc.create(null, paragraph.create())), "");
});

test("lines that are pasted become headings, lists and paragraphs, and the same when they are copied", () => {
  const text = ["## Plan", "Heute", "- lesen", "- rechnen", "1. erst", "2. dann", "- [x] da"].join("\n");
  const read = readText(text);
  const names: string[] = [];
  read.forEach((node) => names.push(node.type.name));
  assert.deepEqual(names, ["heading", "paragraph", "bullet_list", "ordered_list", "check_item"]);
  assert.equal(plainText(read), "## Plan\n\nHeute\n\n- lesen\n- rechnen\n\n1. erst\n2. dann\n\n- [x] da");
  doc.create(null, read).check();
});

test("an address or a sign of HTML that is pasted is text", () => {
  const read = readText('<img src=x onerror="alert(1)">\r\njavascript:alert(1)');
  assert.equal(read.textBetween(0, read.size, "|"), '<img src=x onerror="alert(1)">|javascript:alert(1)');
});
