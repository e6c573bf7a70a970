/** The room: head, stage, panel, tools; what is over it and what comes after it. */

import { useEffect } from "preact/hooks";
import { text } from "../i18n/language.ts";
import { listenToKeys } from "./actions.ts";
import { AttendanceDialog } from "./attendance/attendance.tsx";
import { CaptionWriter } from "./captions/writer.tsx";
import { Banner } from "./bar/banner.tsx";
import { Toolbar } from "./bar/toolbar.tsx";
import { BreakoutAnnouncer, BreakoutBar } from "./breakouts/bar.tsx";
import { BreakoutNoticeBanner } from "./breakouts/notice.tsx";
import { ClearDialog } from "./clear-dialog.tsx";
import { ConsentDialog, ConsentWay } from "./consent/dialog.tsx";
import { listenToSpace } from "./devices/push-to-talk.ts";
import { EndDialog } from "./end-dialog.tsx";
import { EndScreen } from "./end-screen.tsx";
import { Icon, Mark } from "./icon.tsx";
import { known, shownName } from "./lead/names.ts";
import { RemoveDialog } from "./lead/remove-dialog.tsx";
import { RoomSheet } from "./lead/room-sheet.tsx";
import { WaitingScreen } from "./lead/waiting-screen.tsx";
import { LinesDialog } from "./lines/board.tsx";
import { OwnLine } from "./lines/own-line.tsx";
import { LineNote } from "./lines/note.tsx";
import { LogDialog } from "./log/log.tsx";
import { ClearNotesDialog } from "./notes/clear-dialog.tsx";
import { Panel } from "./panel/panel.tsx";
import { PollInvitation } from "./polls/invitation.tsx";
import { Preferences } from "./preferences.tsx";
import { ShortcutsDialog } from "./shortcuts-dialog.tsx";
import { HandsGlance } from "./signs/hands-glance.tsx";
import { PassingThings } from "./signs/passing.tsx";
import { SpeakRequest } from "./signs/request.tsx";
import { LayoutAnnouncer } from "./stage/layout-menu.tsx";
import { ShownElsewhere } from "./stage/shown-elsewhere.tsx";
import { Stage } from "./stage/stage.tsx";
import { RoomTimer } from "./timer/timer.tsx";
import type { RoomView } from "./view.ts";
import { keepAwake } from "./wake-lock.ts";

export function RoomScreen({ view }: { readonly view: RoomView }) {
  const line = view.line.line.value;
  if (line.state === "over") {
    return <EndScreen end={line.end} isUnattended={view.store.room.value.ended === "unattended"} receipt={view.store.inbox.value.receipt} statement={view.statement} onBack={view.back} />;
  }
  return view.store.door.value.place === "waiting" ? <WaitingScreen view={view} /> : <OpenRoom view={view} />;
}

function OpenRoom({ view }: { readonly view: RoomView }) {
  useEffect(() => listenToKeys(view), [view]);
  useEffect(() => listenToSpace(view), [view]);
  useEffect(keepAwake, []);
  return (
    <div class="room" data-panel={view.panel.value ?? "none"}>
      <RoomHead view={view} />
      <div class="room-middle">
        <div class="banner-place" aria-live="polite">
          <Banner view={view} />
          <LineNote view={view} />
          <SpeakRequest view={view} />
          <PollInvitation view={view} />
          <BreakoutNoticeBanner view={view} />
          <ShownElsewhere view={view} />
        </div>
        <BreakoutBar view={view} />
        <Stage view={view} />
        <PassingThings view={view} />
        <Panel view={view} />
      </div>
      <CaptionWriter view={view} />
      <Toolbar view={view} />
      <Announcer view={view} />
      {view.dialog.value === "end" ? <EndDialog view={view} /> : null}
      {view.dialog.value === "clearChat" ? <ClearDialog view={view} /> : null}
      {view.dialog.value === "room" && view.isModerator.value ? <RoomSheet view={view} /> : null}
      {view.dialog.value === "remove" ? <RemoveDialog view={view} /> : null}
      {view.dialog.value === "attendance" ? <AttendanceDialog view={view} /> : null}
      {view.dialog.value === "log" ? <LogDialog view={view} /> : null}
      {view.dialog.value === "consent" ? <ConsentDialog view={view} /> : null}
      {view.dialog.value === "clearNotes" ? <ClearNotesDialog view={view} /> : null}
      {view.dialog.value === "lines" && view.isModerator.value ? <LinesDialog view={view} /> : null}
      {view.dialog.value === "shortcuts" ? <ShortcutsDialog view={view} /> : null}
    </div>
  );
}

function RoomHead({ view }: { readonly view: RoomView }) {
  const words = text.value;
  const { title, participants } = view.store.room.value;
  return (
    <header class="room-head">
      <Mark />
      <h1>{title}</h1>
      <span class="room-facts">
        <span data-testid="people-count">{words.room.people(known(view, [...participants.values()]).length)}</span>
        <span class="room-promise">{words.notRecorded}</span>
      </span>
      <HandsGlance view={view} />
      <OwnLine view={view} />
      {view.isModerator.value ? (
        <button
          type="button"
          class="icon-button head-button head-button-kept"
          aria-label={words.lead.open}
          title={`${words.lead.open} (E)`}
          aria-haspopup="dialog"
          aria-keyshortcuts="E"
          onClick={() => (view.dialog.value = "room")}
          data-testid="room-settings"
        >
          <Icon name="settings" />
        </button>
      ) : null}
      <ConsentWay view={view} />
      <RoomTimer view={view} />
      <button
        type="button"
        class="icon-button head-button"
        aria-label={words.room.shortcuts}
        title={`${words.room.shortcuts} (?)`}
        aria-haspopup="dialog"
        onClick={() => (view.dialog.value = "shortcuts")}
      >
        <Icon name="help" />
      </button>
      <Preferences />
    </header>
  );
}

/** Reads what others say and do to those who cannot see it; politely, one at a time. */
function Announcer({ view }: { readonly view: RoomView }) {
  return (
    <>
      <NewestMessage view={view} />
      <BreakoutAnnouncer view={view} />
      <LayoutAnnouncer view={view} />
      {view.isModerator.value ? <HandsUp view={view} /> : null}
      {view.isModerator.value ? <NewestKnock view={view} /> : null}
      {view.isModerator.value ? <NewestWish view={view} /> : null}
    </>
  );
}

function HandsUp({ view }: { readonly view: RoomView }) {
  const { hands, participants } = view.store.room.value;
  const names = hands.raised.map(({ id }) => participants.get(id)?.name ?? "");
  return (
    <p class="hidden" aria-live="polite">
      {names.length === 0 ? "" : `${text.value.hand.queue}: ${names.join(", ")}`}
    </p>
  );
}

function NewestKnock({ view }: { readonly view: RoomView }) {
  const newest = view.store.door.value.waiting.at(-1);
  return (
    <p class="hidden" aria-live="polite">
      {newest === undefined ? "" : text.value.door.knocks(newest.name)}
    </p>
  );
}

function NewestWish({ view }: { readonly view: RoomView }) {
  const newest = view.store.inbox.value.asides.at(-1);
  return (
    <p class="hidden" aria-live="polite">
      {newest === undefined ? "" : text.value.breakout.wishesAside(view.store.room.value.participants.get(newest.id)?.name ?? "")}
    </p>
  );
}

function NewestMessage({ view }: { readonly view: RoomView }) {
  const open = view.store.room.value.chat.at(-1);
  const secret = view.store.inbox.value.messages.at(-1);
  const newest = secret !== undefined && (open === undefined || secret.at >= open.at) ? secret : open;
  const isOurs = newest === undefined || newest.author === view.store.me;
  const words = text.value;
  return (
    <p class="hidden" aria-live="polite">
      {isOurs ? "" : words.chat.said(newest === secret && newest.to.kind !== "breakout" ? `${newest.name} (${words.talk.privateOnly})` : shownName(view, newest.author, newest.name), newest.text)}
    </p>
  );
}
