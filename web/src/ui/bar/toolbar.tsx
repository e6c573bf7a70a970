/**
 * The tools at the bottom edge.
 *
 * For browser tests: `mic-toggle`, `cam-toggle`, `chat-toggle`, `people-toggle`, `leave`, `end-room`.
 */

import { text } from "../../i18n/language.ts";
import { togglePanel } from "../actions.ts";
import { ConsentQuestion } from "../consent/question.tsx";
import { hasBreakouts } from "../breakouts/titles.ts";
import { boardOnStage, showsBoards, toggleBoard } from "../board/stage-choice.ts";
import { DeviceHelp } from "../devices/help.tsx";
import { SourceToggle } from "../devices/toggle.tsx";
import { LockHelp } from "../lead/lock-help.tsx";
import { LOCK_OF } from "../lead/locked-source.ts";
import type { SourceKind } from "../lead/locked-source.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import { HandToggle } from "../signs/hand-toggle.tsx";
import { SignMenu, SignToggle } from "../signs/sign-menu.tsx";
import type { PanelName, RoomView } from "../view.ts";

export function Toolbar({ view }: { readonly view: RoomView }) {
  const words = {
    ...text.value.room,
    polls: text.value.poll.title,
    breakouts: text.value.breakout.title,
    files: text.value.content.title,
  };
  return (
    <div class="bar">
      <div class="bar-help">
        <DeviceHelp source={view.devices.mic} />
        <DeviceHelp source={view.devices.cam} />
        <LockHelp view={view} />
        <ConsentQuestion statement={view.statement} media={["seen", "heard"]} onYes={(medium) => view.sources.toggle(medium === "seen" ? "cam" : "mic")} />
      </div>
      <SignMenu view={view} />
      <nav class="bar-tools" aria-label={words.toolbar}>
        <OwnSource view={view} kind="mic" shortcut="M" />
        <OwnSource view={view} kind="cam" shortcut="V" />
        <HandToggle view={view} />
        <SignToggle view={view} />
        <span class="bar-gap" />
        <PanelToggle view={view} name="chat" icon="chat" label={words.chat} shortcut="C" />
        <PanelToggle view={view} name="people" icon="people" label={words.peopleTitle} shortcut="P" />
        <BoardToggle view={view} />
        <PanelToggle view={view} name="polls" icon="poll" label={words.polls} shortcut="U" />
        {hasBreakouts(view) ? <PanelToggle view={view} name="breakouts" icon="groups" label={words.breakouts} shortcut="G" /> : null}
        <PanelToggle view={view} name="notes" icon="notes" label={text.value.notes.title} shortcut="N" />
        <PanelToggle view={view} name="files" icon="files" label={words.files} shortcut="F" />
        <span class="bar-gap" />
        <button type="button" class="tool tool-leave" aria-label={words.leave} onClick={view.leave} data-testid="leave">
          <span class="tool-face">
            <Icon name="leave" />
          </span>
          <span class="tool-label">{words.leave}</span>
        </button>
        {view.isModerator.value ? (
          <button
            type="button"
            class="tool tool-end"
            aria-label={words.endForAll}
            aria-haspopup="dialog"
            onClick={() => (view.dialog.value = "end")}
            data-testid="end-room"
          >
            <span class="tool-face">
              <Icon name="stop" />
            </span>
            <span class="tool-label">{words.endForAll}</span>
          </button>
        ) : null}
      </nav>
    </div>
  );
}

interface OwnSourceProps {
  readonly view: RoomView;
  readonly kind: SourceKind;
  readonly shortcut: string;
}

function OwnSource({ view, kind, shortcut }: OwnSourceProps) {
  const isLocked = view.locks.value.has(LOCK_OF[kind]);
  return <SourceToggle source={view.devices[kind]} shortcut={shortcut} isLocked={isLocked} onToggle={() => view.sources.toggle(kind)} />;
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

interface PanelToggleProps {
  readonly view: RoomView;
  readonly name: PanelName;
  readonly icon: IconName;
  readonly label: string;
  readonly shortcut: string;
}

function PanelToggle({ view, name, icon, label, shortcut }: PanelToggleProps) {
  const unread = countOf(view, name);
  return (
    <button
      type="button"
      class={`tool tool-${name}`}
      aria-label={unread === 0 ? label : `${label}, ${waiting(view, name, unread)}`}
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
        <span class="badge" data-testid={BADGES[name]}>
          {unread > 99 ? "99+" : unread}
        </span>
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
function countOf(view: RoomView, name: PanelName): number {
  if (name === "chat") {
    return view.unread.value;
  }
  if (name === "notes" || name === "files") {
    return 0;
  }
  const leads = view.isModerator.value;
  if (name === "breakouts") {
    return leads ? view.store.room.value.breakouts.calls.length : 0;
  }
  if (name === "polls") {
    const { votes } = view.store.inbox.value;
    return leads ? 0 : view.store.room.value.polls.filter(({ id, stage }) => stage === "open" && !votes.has(id)).length;
  }
  return leads ? view.store.room.value.hands.raised.length + view.store.door.value.waiting.length + view.store.inbox.value.asides.length : 0;
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
