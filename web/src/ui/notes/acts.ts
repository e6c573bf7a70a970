/** What can be done with what is marked, as a list: tools and keys come from it. */

import { baseKeymap, chainCommands, exitCode, setBlockType, toggleMark } from "prosemirror-commands";
import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import type { Attrs, MarkType, NodeType } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import type { Command, EditorState, Plugin } from "prosemirror-state";
import { redoCommand, undoCommand } from "y-prosemirror";
import type { Texts } from "../../i18n/de.ts";
import type { IconName } from "../icon.tsx";
import { schema } from "./schema.ts";

export type ActName = keyof Texts["notes"]["acts"];

export interface Act {
  readonly name: ActName;
  readonly icon: IconName;
  /** As ProseMirror writes it. */
  readonly key: string;
  readonly command: Command;
  /** Whether what is marked is so; undefined for what is done once. */
  readonly isOn?: (state: EditorState) => boolean;
}

const { nodes, marks } = schema;

export const ACTS: readonly Act[] = [
  { name: "heading", icon: "heading", key: "Mod-Alt-1", command: toggleBlock(nodes.heading, { level: 1 }), isOn: isIn(nodes.heading) },
  { name: "bold", icon: "bold", key: "Mod-b", command: toggleMark(marks.strong), isOn: has(marks.strong) },
  { name: "italic", icon: "italic", key: "Mod-i", command: toggleMark(marks.em), isOn: has(marks.em) },
  { name: "bullets", icon: "bullets", key: "Mod-Shift-8", command: toggleList(nodes.bullet_list), isOn: isIn(nodes.bullet_list) },
  { name: "numbers", icon: "numbers", key: "Mod-Shift-7", command: toggleList(nodes.ordered_list), isOn: isIn(nodes.ordered_list) },
  { name: "checks", icon: "checks", key: "Mod-Shift-9", command: toggleBlock(nodes.check_item, { checked: false }), isOn: isIn(nodes.check_item) },
  { name: "undo", icon: "undo", key: "Mod-z", command: undoCommand },
  { name: "redo", icon: "redo", key: "Mod-y", command: redoCommand },
];

export function keys(): readonly Plugin[] {
  const own = Object.fromEntries(ACTS.map(({ key, command }) => [key, command]));
  const lineBreak = chainCommands(exitCode, (state, dispatch) => {
    dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
    return true;
  });
  return [
    keymap({
      ...own,
      "Shift-Mod-z": redoCommand,
      "Shift-Enter": lineBreak,
      "Mod-Enter": toggleCheck,
      Enter: chainCommands(splitListItem(nodes.list_item), splitCheck),
      Tab: sinkListItem(nodes.list_item),
      "Shift-Tab": liftListItem(nodes.list_item),
      Backspace: leaveBlock,
    }),
    keymap(baseKeymap),
  ];
}

/** `# `, `- `, `1. ` and `[] ` at the beginning of a line. */
export function typedRules(): Plugin {
  return inputRules({
    rules: [
      textblockTypeInputRule(/^(#{1,3})\s$/u, nodes.heading, ([, hashes = "#"]) => ({ level: hashes.length })),
      textblockTypeInputRule(/^\[([ x]?)\]\s$/u, nodes.check_item, ([, box]) => ({ checked: box === "x" })),
      wrappingInputRule(/^\s*[-*]\s$/u, nodes.bullet_list),
      wrappingInputRule(/^\s*1[.)]\s$/u, nodes.ordered_list),
      new InputRule(/\.\.\.$/u, "…"),
    ],
  });
}

/** Every check item in what is marked changes to what the first one was not. */
const toggleCheck: Command = (state, dispatch) => {
  const { $from } = state.selection;
  if ($from.parent.type !== nodes.check_item) return false;
  dispatch?.(state.tr.setNodeAttribute($from.before(), "checked", $from.parent.attrs["checked"] !== true));
  return true;
};

/** The line behind a check item is another one, not yet done; behind an empty one it is a paragraph. */
const splitCheck: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  if ($from.parent.type !== nodes.check_item || !$from.sameParent($to)) return false;
  if ($from.parent.content.size === 0) return setBlockType(nodes.paragraph)(state, dispatch);
  const tr = state.tr.deleteSelection();
  dispatch?.(tr.split(tr.selection.from, 1, [{ type: nodes.check_item, attrs: { checked: false } }]).scrollIntoView());
  return true;
};

/** At the beginning of a heading or a check item Backspace makes a paragraph of it. */
const leaveBlock: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const isSpecial = $from.parent.type === nodes.check_item || $from.parent.type === nodes.heading;
  return isSpecial && empty && $from.parentOffset === 0 ? setBlockType(nodes.paragraph)(state, dispatch) : false;
};

function has(mark: MarkType): (state: EditorState) => boolean {
  return ({ storedMarks, selection: { $from, from, to, empty }, doc }) =>
    empty ? (storedMarks ?? $from.marks()).some(({ type }) => type === mark) : doc.rangeHasMark(from, to, mark);
}

function isIn(node: NodeType): (state: EditorState) => boolean {
  return ({ selection: { $from } }) => Array.from({ length: $from.depth }, (_, depth) => $from.node(depth + 1)).some(({ type }) => type === node);
}

function toggleBlock(node: NodeType, attrs: Attrs): Command {
  return (state, dispatch) => (isIn(node)(state) ? setBlockType(nodes.paragraph)(state, dispatch) : setBlockType(node, attrs)(state, dispatch));
}

function toggleList(list: NodeType): Command {
  return (state, dispatch) => (isIn(list)(state) ? liftListItem(nodes.list_item)(state, dispatch) : wrapInList(list)(state, dispatch));
}
