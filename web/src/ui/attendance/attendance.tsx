/**
 * Who was there when, for whoever leads: on the screen and as a table to keep.
 *
 * For browser tests: `attendance`, `attendee` with `data-participant`, `attendance-save`, `attendance-renew`.
 */

import { useEffect } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { EarlierLessons } from "./earlier.tsx";
import { withKept } from "./kept.ts";
import { AttendeeTable, save } from "./table.tsx";

/** The way there, in the list of people. */
export function AttendanceWay({ view }: { readonly view: RoomView }) {
  const words = text.value.attendance;
  if (!view.isModerator.value) {
    return <p class="attendance-told">{withKept(words.told, view.statement)}</p>;
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
      <p>{withKept(words.help, view.statement)}</p>
      {attendance === null ? <p class="attendance-told">{words.waiting}</p> : <AttendeeTable people={attendance.people} />}
      <EarlierLessons view={view} />
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
