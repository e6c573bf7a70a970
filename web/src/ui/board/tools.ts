/** The tools of a board and their keys: numbers, since letters belong to the room. */

import type { IconName } from "../icon.tsx";

export type ToolName = "select" | "pen" | "marker" | "eraser" | "line" | "arrow" | "rectangle" | "ellipse" | "text" | "laser";

export interface Tool {
  readonly name: ToolName;
  readonly key: string;
  readonly icon: IconName;
}

export const TOOLS: readonly Tool[] = [
  { name: "select", key: "1", icon: "pointer" },
  { name: "pen", key: "2", icon: "edit" },
  { name: "marker", key: "3", icon: "marker" },
  { name: "eraser", key: "4", icon: "eraser" },
  { name: "line", key: "5", icon: "line" },
  { name: "arrow", key: "6", icon: "arrow" },
  { name: "rectangle", key: "7", icon: "rectangle" },
  { name: "ellipse", key: "8", icon: "ellipse" },
  { name: "text", key: "9", icon: "text" },
  { name: "laser", key: "0", icon: "laser" },
];
