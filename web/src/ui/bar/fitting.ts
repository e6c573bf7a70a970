/** Which tools have a place in the bar, and which are behind "more": pure. */

export type ToolName = "mic" | "cam" | "screen" | "hand" | "signs" | "chat" | "people" | "board" | "polls" | "breakouts" | "notes" | "files" | "layout" | "devices" | "leave" | "end";

export interface Fitting {
  /** px along the bar. */
  readonly room: number;
  readonly gap: number;
  /** px of a tool along the bar. */
  readonly sizeOf: (tool: ToolName) => number;
  /** px of what opens the others. */
  readonly more: number;
}

/** In the order in which a person would miss them; who leads misses others first. */
const NEEDED: readonly ToolName[] = ["leave", "mic", "cam", "hand", "chat", "people", "signs", "layout", "screen", "polls", "notes", "files", "board", "breakouts", "devices"];
const NEEDED_TO_LEAD: readonly ToolName[] = ["leave", "mic", "cam", "chat", "people", "hand", "end", "screen", "board", "layout", "files", "polls", "signs", "breakouts", "notes", "devices"];

/** Those of `tools` that fit, in their order; all others are behind "more", which needs a place then. */
export function fitting(tools: readonly ToolName[], leads: boolean, { room, gap, sizeOf, more }: Fitting): readonly ToolName[] {
  const all = tools.reduce((sum, tool) => sum + sizeOf(tool) + gap, -gap);
  if (all <= room) {
    return tools;
  }
  const taken = new Set<ToolName>();
  let left = room - more;
  for (const tool of leads ? NEEDED_TO_LEAD : NEEDED) {
    const size = sizeOf(tool) + gap;
    if (!tools.includes(tool)) continue;
    if (size > left) break;
    taken.add(tool);
    left -= size;
  }
  return tools.filter((tool) => taken.has(tool));
}
