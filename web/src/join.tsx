/**
 * Entry of the page: reads the link, shows the join screen, fetches the room's code meanwhile and
 * hands over. Everything a class of thirty loads at once is in here, so it stays small.
 */

import { signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { render } from "preact";
import { text, textReady } from "./i18n/language.ts";
import { join, readRelay } from "./room/join.ts";
import type { Admission, JoinOutcome } from "./room/join.ts";
import { keepShell } from "./install/shell.ts";
import { parseLink } from "./room/link.ts";
import type { RoomLink } from "./room/link.ts";
import { removedBefore } from "./room/removed.ts";
import { dropSeat, keepSeat, readSeat } from "./room/seat.ts";
import { MEDIUM_OF, openStatement } from "./ui/consent/statement.ts";
import type { Statement } from "./ui/consent/statement.ts";
import { openDevices } from "./ui/devices/devices.ts";
import type { Devices } from "./ui/devices/devices.ts";
import { keepFocus } from "./ui/focus.ts";
import { browserProblem } from "./ui/join/browser.ts";
import type { BrowserProblem } from "./ui/join/browser.ts";
import type { Checked } from "./ui/join/line-check.tsx";
import { JoinScreen } from "./ui/join/screen.tsx";
import type { JoinProblem } from "./ui/join/screen.tsx";
import type * as Room from "./room.tsx";
import { Notice } from "./ui/notice.tsx";

const app = document.getElementById("app") ?? document.body;

function start(): void {
  const problem = browserProblem();
  const link = parseLink(location.hash);
  if (problem !== null) {
    render(<BrowserNotice problem={problem} />, app);
  } else if (link === null || link === "broken") {
    render(<LinkNotice kind={link === null ? "missing" : "broken"} />, app);
  } else {
    showJoin(link);
  }
}

/** The join screen of `link`; also the way back from the room. */
function showJoin(link: RoomLink): void {
  const devices = openDevices();
  const statement = openStatement(link);
  const unguard = statement.guard(devices);
  const isBusy = signal(false);
  const problem = signal<JoinProblem | null>(navigator.onLine ? null : { code: "unreachable" });
  const name = readSeat(sessionStorage, link.room)?.name ?? "";
  const loading = loadRoom();
  const checking = new AbortController();
  const check = signal<Checked>("checking");
  void loading.then(() => lookAtLine(check, checking.signal));

  const enter = async (typed: string) => {
    isBusy.value = true;
    problem.value = null;
    checking.abort();
    const outcome = await ask(link, typed, statement);
    const room = await loading;
    isBusy.value = false;
    if (outcome.kind === "failed") {
      problem.value = outcome.failure;
    } else if (room === null) {
      problem.value = { code: "load" };
    } else {
      const { admission } = outcome;
      sit(admission);
      statement.limit(admission.most);
      statement.asking.value = null;
      render(null, app);
      room.enterRoom({ app, admission, devices, statement, back: () => back(link, devices, unguard) });
    }
  };

  void devices.recall(link.room, (kind) => statement.stated.peek().agreed[MEDIUM_OF[kind]]);
  const Screen = () =>
    problem.value?.code === "linkInvalid" ? (
      <LinkNotice kind="invalid" />
    ) : (
      <JoinScreen
        room={link.room}
        name={name}
        devices={devices}
        statement={statement}
        check={check.value}
        isBusy={isBusy.value}
        problem={problem.value}
        onJoin={(typed) => void enter(typed)}
      />
    );
  render(<Screen />, app);
}

function back(link: RoomLink, devices: Devices, unguard: () => void): void {
  unguard();
  devices.close();
  render(null, app);
  showJoin(link);
}

/** Comes back as the same participant if this tab has a seat, else through the link. */
async function ask(link: RoomLink, name: string, statement: Statement): Promise<JoinOutcome> {
  const stated = statement.stated.peek();
  const seat = readSeat(sessionStorage, link.room);
  if (seat !== null && seat.name === name) {
    const outcome = await join({ room: link.room, resume: seat.resume, name, ...stated });
    if (outcome.kind === "joined" || !["resumeExpired", "lessonEnded", "linkInvalid", "malformed"].includes(outcome.failure.code)) {
      return outcome;
    }
    dropSeat(sessionStorage);
  }
  return join({ room: link.room, secret: link.secret, name, ...removedBefore(), ...stated });
}

/** Keeps the seat for a reload; numbers of commands go on where this participant stopped. */
function sit(admission: Admission): void {
  const { room, participant, name, resume } = admission;
  const before = readSeat(sessionStorage, room);
  const next = before?.participant === participant ? before.next : 1;
  keepSeat(sessionStorage, { room, participant, name, resume, next });
}

/** Starts loading while the person types. A failure is told when they want to go in. */
async function loadRoom(): Promise<typeof Room | null> {
  try {
    const room = await import("./room.tsx");
    room.fetchAhead();
    await room.loadStyle();
    return room;
  } catch {
    return null;
  }
}

/** After what the room needs, and no longer than until the person goes in. */
async function lookAtLine(check: Signal<Checked>, end: AbortSignal): Promise<void> {
  const forget = () => (check.value = check.peek() === "checking" ? null : check.peek());
  end.addEventListener("abort", forget);
  try {
    const { checkLine } = await import("./engine/check.ts");
    const found = end.aborted ? null : await checkLine(readRelay, end);
    check.value = found;
  } catch {
    // Its code did not come: then the line is not good, and the room says so.
    forget();
  }
}

function LinkNotice({ kind }: { readonly kind: "missing" | "broken" | "invalid" }) {
  const { title, help } = text.value.link[kind];
  return <Notice icon="link" title={title} help={help} testId={`link-${kind}`} />;
}

function BrowserNotice({ problem }: { readonly problem: BrowserProblem }) {
  const words = text.value.browser;
  return problem === "insecure" ? (
    <Notice icon="alert" title={words.title} help={words.insecure} testId="browser-insecure" />
  ) : (
    <Notice icon="alert" title={words.title} help={words.help} testId="browser-unsupported">
      <p>{words.list}</p>
    </Notice>
  );
}

addEventListener("hashchange", () => location.reload());
keepFocus(app);
void textReady().then(start);
keepShell();
