/** The tools at the bottom edge; those that do not fit are behind "more". */

import { useSignal } from "@preact/signals";
import { Fragment } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { watchArea } from "../area.ts";
import type { Area } from "../area.ts";
import { ConsentQuestion } from "../consent/question.tsx";
import { DeviceHelp } from "../devices/help.tsx";
import { DeviceHints } from "../devices/hints.tsx";
import { DevicesMenu } from "../devices/menu.tsx";
import { LockHelp } from "../lead/lock-help.tsx";
import { ScreenHelp } from "../screen/tool.tsx";
import { SignMenu } from "../signs/sign-menu.tsx";
import { LayoutMenu } from "../stage/layout-menu.tsx";
import type { RoomView } from "../view.ts";
import { fitting } from "./fitting.ts";
import type { Fitting, ToolName } from "./fitting.ts";
import { MoreMenu, MoreToggle } from "./more-menu.tsx";
import { Tool, countOf, isLabelled, isThere, isUpright, labelOf } from "./tools.tsx";

/** In the order in which they stand. */
const TOOLS: readonly ToolName[] = ["mic", "cam", "screen", "hand", "signs", "chat", "people", "board", "polls", "breakouts", "notes", "files", "layout", "devices", "leave", "end"];
/** What stands apart from what is before it. */
const BEGINS_PART: ReadonlySet<ToolName> = new Set(["chat", "leave"]);

export function Toolbar({ view }: { readonly view: RoomView }) {
  const nav = useRef<HTMLElement>(null);
  const area = useSignal<Area>({ width: innerWidth, height: innerHeight });
  useLayoutEffect(() => watchArea(nav.current, (next) => (area.value = next)), [area]);
  const tools = TOOLS.filter((tool) => isThere(view, tool));
  const shown = fitting(tools, view.isModerator.value, room(area.value));
  const behind = tools.filter((tool) => !shown.includes(tool));
  return (
    <div class="bar">
      <div class="bar-help">
        <DeviceHelp source={view.devices.mic} />
        <DeviceHelp source={view.devices.cam} />
        <ScreenHelp view={view} />
        <DeviceHints view={view} />
        <LockHelp view={view} />
        <ConsentQuestion statement={view.statement} media={["seen", "heard"]} onYes={(medium) => view.sources.toggle(medium === "seen" ? "cam" : "mic")} />
      </div>
      <SignMenu view={view} />
      <LayoutMenu view={view} />
      <DevicesMenu view={view} />
      <MoreMenu view={view}>
        {behind.map((tool) => (
          <Tool key={tool} view={view} name={tool} isLabelled={isLabelled()} />
        ))}
      </MoreMenu>
      <nav ref={nav} class="bar-tools" aria-label={text.value.room.toolbar}>
        {shown.map((tool) => (
          <Fragment key={tool}>
            {tool === "leave" && behind.length > 0 ? <MoreToggle view={view} count={sum(behind.map((name) => countOf(view, name)))} /> : null}
            {BEGINS_PART.has(tool) ? <span class="bar-gap" /> : null}
            <Tool view={view} name={tool} isLabelled={isLabelled()} />
          </Fragment>
        ))}
      </nav>
    </div>
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

/** px with letters of the usual size: as `bar.css` has them. */
const USUAL_LETTERS = 16;
const [FACE, FACE_GAP] = [44, 4];
const [LABEL_GAP, LABEL_MIN, LETTER, LABEL_PADDING] = [6, 64, 7.2, 6];
/** Of what parts the tools, with its gaps. */
const PARTS = 2 * 13;

/** In those px, of which there are fewer where letters are larger. */
function room(area: Area): Fitting {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL_LETTERS;
  const [width, height] = [area.width / size, area.height / size];
  if (!isLabelled()) {
    return { room: isUpright() ? height : width, gap: FACE_GAP, sizeOf: () => FACE, more: FACE + FACE_GAP };
  }
  const sizeOf = (tool: ToolName) => Math.max(LABEL_MIN, labelOf(tool).length * LETTER + LABEL_PADDING);
  return { room: width - PARTS, gap: LABEL_GAP, sizeOf, more: LABEL_MIN + LABEL_GAP };
}
