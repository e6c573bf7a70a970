/**
 * Who was there when, for whoever leads: on the screen and as a table to keep.
 *
 * For browser tests: `attendance`, `attendee` with `data-participant`, `attendance-save`, `attendance-renew`.
 */

import { useEffect } from "preact/hooks";
import { language, text } from "../../i18n/language.ts";
import { csv, localTime, minutes } from "../../room/csv.ts";
import type { Attendee } from "../../room/messages.ts";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

/** The way there, in the list of people. */
export function AttendanceWay({ view }: { readonly view: RoomView }) {
  const words = text.value.attendance;
  if (!view.isModerator.value) {
    return <p class="attendance-told">{words.told}</p>;
  }
  return (
    <button type="button" class="link-button attendance-way" aria-haspopup="dialog" onClick={() => (view.dialog.value = "attendance")} data-testid="attendance-open">
      {words.title}
    </button>
  );
}

export function AttendanceDialog({ view }: { readonly view: RoomView }) {
  const words = text.value.attendance;
  const { attendance } = view.store.inbox.value;
  const ask = () => view.ask({ kind: "report", of: "attendance" });
  const close = () => (view.dialog.value = null);
  useEffect(ask, []);
  return (
    <Dialog title={words.title} onClose={close} testId="attendance">
      <p>{words.help}</p>
      {attendance === null ? <p class="attendance-told">{words.waiting}</p> : <Table people={attendance.people} />}
      <div class="dialog-ways">
        <button type="button" class="button" onClick={ask} data-testid="attendance-renew">
          {words.renew}
        </button>
        <button
          type="button"
          class="button"
          disabled={attendance === null}
          onClick={() => save(view.store.room.peek().room, attendance?.at ?? 0, attendance?.people ?? [])}
          data-testid="attendance-save"
        >
          <Icon name="down" />
          {words.save}
        </button>
        <button type="button" class="button button-main" onClick={close}>
          {text.value.close}
        </button>
      </div>
    </Dialog>
  );
}

function Table({ people }: { readonly people: readonly Attendee[] }) {
  const words = text.value.attendance;
  const clock = new Intl.DateTimeFormat(language.value, { timeStyle: "short" });
  const whole = new Intl.NumberFormat(language.value, { maximumFractionDigits: 1 });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
    <div class="table-list attendance-list" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {[words.name, words.came, words.left, words.here, words.line, words.absent].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map(({ id, name, cameAt, leftAt, hereMs, lineMs, absentMs }) => (
            <tr key={id} data-testid="attendee" data-participant={id}>
              <th scope="row">{name}</th>
              <td>{clock.format(cameAt)}</td>
              <td>{leftAt === null ? words.stillHere : clock.format(leftAt)}</td>
              {[hereMs, lineMs, absentMs].map((ms, index) => (
                <td key={index}>{whole.format(ms / 60_000)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Made on this computer: nothing is fetched, and nothing is sent. */
function save(room: string, at: number, people: readonly Attendee[]): void {
  const words = text.value.attendance;
  const head = [words.name, words.role, words.came, words.left, words.here, words.line, words.absent];
  const rows = people.map(({ name, role, cameAt, leftAt, hereMs, lineMs, absentMs }) => [
    name,
    role === "moderator" ? text.value.room.moderator : words.viewer,
    localTime(cameAt),
    leftAt === null ? words.stillHere : localTime(leftAt),
    ...[hereMs, lineMs, absentMs].map((ms) => minutes(ms, text.value.poll.decimal)),
  ]);
  const address = URL.createObjectURL(new Blob([csv([head, ...rows])], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${words.file}-${room}-${localTime(at).slice(0, 10)}.csv`;
  link.click();
  // The browser has the file by the time the click is done with.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
