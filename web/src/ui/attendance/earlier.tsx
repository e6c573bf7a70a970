/**
 * Who was there in lessons before this one, where the school has the server keep it for some days.
 *
 * For browser tests: `earlier-lesson`, `earlier-save`, `earlier-forget`, `earlier-confirm`.
 */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { language, text } from "../../i18n/language.ts";
import type { EarlierLesson } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { AttendeeTable, save } from "./table.tsx";

/** The newest first; nothing where there is none. */
export function EarlierLessons({ view }: { readonly view: RoomView }) {
  const { earlier } = view.store.inbox.value;
  useEffect(() => view.ask({ kind: "report", of: "earlier" }), []);
  return earlier.length === 0 ? null : (
    <section class="earlier" aria-label={text.value.attendance.earlier}>
      <h3>{text.value.attendance.earlier}</h3>
      <ul>
        {earlier.toReversed().map((lesson) => (
          <Lesson key={lesson.openedAt} view={view} lesson={lesson} />
        ))}
      </ul>
    </section>
  );
}

function Lesson({ view, lesson }: { readonly view: RoomView; readonly lesson: EarlierLesson }) {
  const words = text.value.attendance;
  const isAsked = useSignal(false);
  const { openedAt, closedAt, keptUntil, people } = lesson;
  const clock = new Intl.DateTimeFormat(language.value, { weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
  const when = clock.formatRange(openedAt, closedAt);
  return (
    <li data-testid="earlier-lesson">
      <details>
        <summary>
          <span>{when}</span>
          <span class="earlier-facts">
            {words.people(people.length)} · {words.keptUntil(clock.format(keptUntil))}
          </span>
        </summary>
        <AttendeeTable people={people} />
      </details>
      <button type="button" class="icon-button" aria-label={words.saveOf(when)} title={words.save} onClick={() => save(view.store.room.peek().room, openedAt, people)} data-testid="earlier-save">
        <Icon name="down" />
      </button>
      <button type="button" class="icon-button" aria-label={words.forgetOf(when)} aria-expanded={isAsked.value} onClick={() => (isAsked.value = !isAsked.value)} data-testid="earlier-forget">
        <Icon name="trash" />
      </button>
      {isAsked.value ? (
        <p class="earlier-asked">
          {words.forgetHelp}
          <button type="button" class="button button-danger" onClick={() => view.ask({ kind: "attendance", act: { kind: "forget", openedAt } })} data-testid="earlier-confirm">
            {words.forget}
          </button>
        </p>
      ) : null}
    </li>
  );
}
