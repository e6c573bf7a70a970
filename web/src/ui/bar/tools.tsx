/**
 * Each tool of the bar.
 *
 * For browser tests: `mic-toggle`, `cam-toggle`, `screen-toggle`, `chat-toggle`, `people-toggle`, `layout-toggle`, `leave`, `end-room`.
 */

import { text } from "../../i18n/language.ts";
import { togglePanel } from "../actions.ts";
import { boardOnStage, showsBoards, toggleBoard } from "../board/stage-choice.ts";
import { hasBreakouts } from "../breakouts/titles.ts";
import { DevicesCorner, DevicesTool } from "../devices/menu.tsx";
import { pushesToTalk } from "../devices/settings.ts";
import { SourceToggle } from "../devices/toggle.tsx";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import { LOCK_OF } from "../lead/locked-source.ts";
import type { Source } from "../devices/devices.ts";
import { ScreenToggle, sharesScreens } from "../screen/tool.tsx";
import { HandToggle } from "../signs/hand-toggle.tsx";
import { SignToggle } from "../signs/sign-menu.tsx";
import type { PanelName, RoomView } from "../view.ts";
import { Badge } from "./badge.tsx";
import type { ToolName } from "./fitting.ts";

/** A phone that lies has its tools one below the other: as `bar.css` has it. */
export const isUpright = (): boolean => matchMedia("(height < 30rem) and (orientation: landscape)").matches;
/** Whether tools have their names below them: as `bar.css` has it. */
export const isLabelled = (): boolean => !matchMedia("(width < 64rem) or (height < 30rem)").matches;

export function isThere(view: RoomView, tool: ToolName): boolean {
  switch (tool) {
    case "screen":
      return sharesScreens(view);
    case "board":
      return showsBoards(view);
    case "breakouts":
      return hasBreakouts(view);
    case "end":
      return view.isModerator.value;
    case "devices":
      return !isLabelled();
    default:
      return true;
  }
}

/** What stands below the icon. */
export function labelOf(tool: ToolName): string {
  const words = text.value;
  switch (tool) {
    case "mic":
      return pushesToTalk.value ? words.devices.space : words.mic;
    case "cam":
      return words.cam;
    case "screen":
      return words.screen.tool;
    case "hand":
      // The longer of its two.
      return words.hand.lower;
    case "signs":
      return words.sign.open;
    case "board":
      return words.board.title;
    case "layout":
      return words.layout.title;
    case "devices":
      return words.layout.devices;
    case "leave":
      return words.room.leave;
    case "end":
      return words.room.end;
    default:
      return panelLabel(tool);
  }
}

function panelLabel(name: PanelName): string {
  const words = text.value;
  const labels: Readonly<Record<PanelName, string>> = {
    chat: words.room.chat,
    people: words.room.peopleTitle,
    polls: words.poll.title,
    breakouts: words.breakout.short,
    notes: words.notes.title,
    files: words.content.title,
  };
  return labels[name];
}

const PANELS = {
  chat: { icon: "chat", shortcut: "C" },
  people: { icon: "people", shortcut: "P" },
  polls: { icon: "poll", shortcut: "U" },
  breakouts: { icon: "groups", shortcut: "G" },
  notes: { icon: "notes", shortcut: "N" },
  files: { icon: "files", shortcut: "F" },
} as const satisfies Record<PanelName, { readonly icon: IconName; readonly shortcut: string }>;

interface ToolProps {
  readonly view: RoomView;
  readonly name: ToolName;
  /** Names stand below the tools. */
  readonly isLabelled: boolean;
}

export function Tool({ view, name, isLabelled: hasCorner }: ToolProps) {
  switch (name) {
    case "mic":
      return <OwnSource view={view} kind="mic" shortcut="M" hasCorner={hasCorner} />;
    case "cam":
      return <OwnSource view={view} kind="cam" shortcut="V" hasCorner={hasCorner} />;
    case "screen":
      return <ScreenToggle view={view} />;
    case "hand":
      return <HandToggle view={view} />;
    case "signs":
      return <SignToggle view={view} />;
    case "board":
      return <BoardToggle view={view} />;
    case "devices":
      return <DevicesTool view={view} />;
    case "layout":
      return <LayoutToggle view={view} />;
    case "leave":
      return <Leave view={view} />;
    case "end":
      return <End view={view} />;
    default:
      return <PanelToggle view={view} name={name} />;
  }
}

function LayoutToggle({ view }: { readonly view: RoomView }) {
  const { isLayoutMenuOpen, layout } = view.stage;
  const words = text.value.layout;
  return (
    <button
      type="button"
      class="tool"
      aria-label={`${words.title}, ${words.names[layout.value]}`}
      aria-expanded={isLayoutMenuOpen.value}
      aria-controls="layout-menu"
      aria-keyshortcuts="L"
      title={`${words.title} (L)`}
      onClick={() => (isLayoutMenuOpen.value = !isLayoutMenuOpen.peek())}
      data-testid="layout-toggle"
    >
      <span class="tool-face">
        <Icon name="layout" />
      </span>
      <span class="tool-label">{words.title}</span>
    </button>
  );
}

function Leave({ view }: { readonly view: RoomView }) {
  const words = text.value.room;
  return (
    <button type="button" class="tool tool-leave" aria-label={words.leave} title={words.leave} onClick={view.leave} data-testid="leave">
      <span class="tool-face">
        <Icon name="leave" />
      </span>
      <span class="tool-label">{words.leave}</span>
    </button>
  );
}

function End({ view }: { readonly view: RoomView }) {
  const words = text.value.room;
  return (
    <button
      type="button"
      class="tool tool-end"
      aria-label={words.endForAll}
      aria-haspopup="dialog"
      title={words.endForAll}
      onClick={() => (view.dialog.value = "end")}
      data-testid="end-room"
    >
      <span class="tool-face">
        <Icon name="stop" />
      </span>
      <span class="tool-label">{words.end}</span>
    </button>
  );
}

interface OwnSourceProps {
  readonly view: RoomView;
  readonly kind: Source["kind"];
  readonly shortcut: string;
  /** Devices are chosen in the tool's corner. */
  readonly hasCorner: boolean;
}

function OwnSource({ view, kind, shortcut, hasCorner }: OwnSourceProps) {
  const isLocked = view.locks.value.has(LOCK_OF[kind]);
  return (
    <div class="tool-place">
      <SourceToggle source={view.devices[kind]} shortcut={shortcut} isPushed={kind === "mic" && pushesToTalk.value} isLocked={isLocked} onToggle={() => view.sources.toggle(kind)} />
      {hasCorner ? <DevicesCorner view={view} of={text.value[kind]} /> : null}
    </div>
  );
}

/** For those who put boards on everyone's stage, and in a group on that of the group. */
function BoardToggle({ view }: { readonly view: RoomView }) {
  if (!showsBoards(view)) {
    return null;
  }
  const label = text.value.board.title;
  return (
    <button
      type="button"
      class="tool"
      aria-label={label}
      aria-pressed={boardOnStage(view) !== null}
      aria-keyshortcuts="W"
      title={`${label} (W)`}
      onClick={() => toggleBoard(view)}
      data-testid="board-toggle"
    >
      <span class="tool-face">
        <Icon name="board" />
      </span>
      <span class="tool-label">{label}</span>
    </button>
  );
}

function PanelToggle({ view, name }: { readonly view: RoomView; readonly name: PanelName }) {
  const unread = countOf(view, name);
  const label = panelLabel(name);
  const { icon, shortcut } = PANELS[name];
  return (
    <button
      type="button"
      class={`tool tool-${name}`}
      aria-expanded={view.panel.value === name}
      aria-controls="panel"
      aria-keyshortcuts={shortcut}
      title={`${label} (${shortcut})`}
      onClick={() => togglePanel(view, name)}
      data-testid={`${name}-toggle`}
    >
      <span class="tool-face">
        <Icon name={icon} />
      </span>
      <span class="tool-label">{label}</span>
      {unread === 0 ? null : (
        <>
          <span class="hidden">, {waiting(view, name, unread)}</span>
          <Badge count={unread} testId={BADGES[name]} />
        </>
      )}
    </button>
  );
}

/** What browser tests call what waits in a panel. */
const BADGES = {
  chat: "unread",
  people: "hands-up",
  polls: "polls-open",
  breakouts: "help-calls",
  notes: "notes-new",
  files: "files-new",
} as const satisfies Record<PanelName, string>;

function waiting(view: RoomView, name: PanelName, count: number): string {
  const words = text.value;
  switch (name) {
    case "chat":
      return words.room.unread(count);
    case "people":
      return peopleWait(view);
    case "polls":
      return `${words.poll.open}: ${count}`;
    case "breakouts":
      return words.breakout.waiting(count);
    case "notes":
    case "files":
      return "";
  }
}

/** What waits in a panel: messages that were not read, questions without an answer, and for moderators hands and who knocks. */
export function countOf(view: RoomView, name: ToolName): number {
  const leads = view.isModerator.value;
  const { polls, breakouts, hands } = view.store.room.value;
  switch (name) {
    case "chat":
      return view.unread.value;
    case "people":
      return leads ? hands.raised.length + view.store.door.value.waiting.length + view.store.inbox.value.asides.length : 0;
    case "polls": {
      const { votes } = view.store.inbox.value;
      return leads ? 0 : polls.filter(({ id, stage }) => stage === "open" && !votes.has(id)).length;
    }
    case "breakouts":
      return leads ? breakouts.calls.length : 0;
    default:
      return 0;
  }
}

/** What for, in words. */
function peopleWait(view: RoomView): string {
  const words = text.value;
  const raised = view.store.room.value.hands.raised.length;
  const knocking = view.store.door.value.waiting.length;
  const asides = view.store.inbox.value.asides.length;
  const parts = [
    [words.hand.queue, raised],
    [words.door.waiting, knocking],
    [words.breakout.wishes, asides],
  ] as const;
  return parts.flatMap(([what, count]) => (count === 0 ? [] : [`${what}: ${count}`])).join(", ");
}
