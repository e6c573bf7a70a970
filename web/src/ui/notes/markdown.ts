/** Notes as Markdown, and as the plain text that is copied and pasted. */

import { Fragment } from "prosemirror-model";
import type { Node } from "prosemirror-model";
import { isChecked, levelOf, schema } from "./schema.ts";

type Inline = (node: Node) => string;

/** All of the notes, for a file. */
export function markdown(doc: Node): string {
  const text = blocks(doc.content, marked);
  return text === "" ? "" : `${text}\n`;
}

/** What is marked, for other programs. */
export function plainText(content: Fragment): string {
  return blocks(content, ({ text }) => text ?? "");
}

function blocks(content: Fragment, inline: Inline): string {
  const parts: { readonly text: string; readonly isCheck: boolean }[] = [];
  content.forEach((node) => {
    const text = block(node, inline);
    const isCheck = node.type.name === "check_item";
    // An empty line is no paragraph.
    if (text !== "") parts.push({ text, isCheck });
  });
  return parts.map(({ text, isCheck }, index) => (index === 0 ? text : `${isCheck && parts[index - 1]?.isCheck === true ? "\n" : "\n\n"}${text}`)).join("");
}

function block(node: Node, inline: Inline): string {
  switch (node.type.name) {
    case "heading":
      return `${"#".repeat(levelOf(node))} ${line(node, inline)}`;
    case "check_item":
      return `- [${isChecked(node) ? "x" : " "}] ${line(node, inline)}`;
    case "bullet_list":
      return items(node, inline, () => "- ");
    case "ordered_list":
      return items(node, inline, (index) => `${index + 1}. `);
    case "list_item":
      return blocks(node.content, inline);
    case "text":
      return inline(node);
    default:
      return line(node, inline);
  }
}

/** What is in an item stands below its first letter. */
function items(list: Node, inline: Inline, sign: (index: number) => string): string {
  const lines: string[] = [];
  list.forEach((item, _offset, index) => {
    const first = sign(index);
    const indent = `\n${" ".repeat(first.length)}`;
    // Between an item and the list in it there is no empty line.
    lines.push(first + blocks(item.content, inline).replaceAll("\n\n", "\n").replaceAll("\n", indent));
  });
  return lines.join("\n");
}

function line(node: Node, inline: Inline): string {
  let text = "";
  node.forEach((child) => {
    text += child.type.name === "hard_break" ? "  \n" : inline(child);
  });
  return text;
}

const SIGNS = { strong: "**", em: "*" } as const;

/** Blanks stand outside the signs: `** so **` is no bold text. */
const marked: Inline = ({ text = "", marks }) => {
  const [, before = "", inner = "", after = ""] = /^(\s*)(.*?)(\s*)$/su.exec(text) ?? [];
  if (inner === "") return text;
  const signs = (["strong", "em"] as const).filter((name) => marks.some(({ type }) => type.name === name)).map((name) => SIGNS[name]);
  return `${before}${signs.join("")}${escaped(inner)}${signs.toReversed().join("")}${after}`;
};

/** Signs of Markdown that somebody wrote are letters. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>]/gu, String.raw`\$&`).replace(/^(\d*)([#\-+.)])(?=[\s#])/u, String.raw`$1\$2`);
}

/** What is pasted: lines, of which those that begin as in Markdown are headings and lists. */
export function readText(text: string): Fragment {
  const read: Node[] = [];
  for (const raw of text.replaceAll("\r", "").split("\n")) {
    const words = raw.trim();
    if (words !== "") append(read, words);
  }
  return Fragment.from(read);
}

function append(read: Node[], pasted: string): void {
  const { heading, check_item, bullet_list, ordered_list, paragraph } = schema.nodes;
  const [, hashes, title] = /^(#{1,3})\s+(.+)$/u.exec(pasted) ?? [];
  if (hashes !== undefined && title !== undefined) return void read.push(heading.create({ level: hashes.length }, schema.text(title)));
  const [, box, task] = /^(?:[-*]\s+)?\[([ xX])\]\s+(.+)$/u.exec(pasted) ?? [];
  if (box !== undefined && task !== undefined) return void read.push(check_item.create({ checked: box !== " " }, schema.text(task)));
  const [, bullet] = /^[-*•]\s+(.+)$/u.exec(pasted) ?? [];
  const [, counted] = /^\d+[.)]\s+(.+)$/u.exec(pasted) ?? [];
  const words = bullet ?? counted;
  if (words === undefined) return void read.push(paragraph.create(null, schema.text(pasted)));
  const list = bullet === undefined ? ordered_list : bullet_list;
  const item = schema.nodes.list_item.create(null, paragraph.create(null, schema.text(words)));
  const last = read.at(-1);
  if (last?.type === list) read[read.length - 1] = last.copy(last.content.addToEnd(item));
  else read.push(list.create(null, item));
}
