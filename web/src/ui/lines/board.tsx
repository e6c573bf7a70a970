/**
 * Everyone's line for whoever leads, the worst first.
 *
 * For browser tests: `lines-open`, `lines`, `line-of` with `data-participant` and `data-grade`.
 */

import type { ComponentChildren } from "preact";
import { language, text } from "../../i18n/language.ts";
import { personLine, worstFirst } from "../../room/lines.ts";
import type { PersonLine } from "../../room/lines.ts";
import { CloseWay, Dialog } from "../dialog.tsx";
import { known } from "../lead/names.ts";
import type { RoomView } from "../view.ts";
import { TableHead } from "../table-head.tsx";
import { GradeShape } from "./grade.tsx";

/** The way there, in the list of people. */
export function LinesWay({ view }: { readonly view: RoomView }) {
  if (!view.isModerator.value) {
    return null;
  }
  return (
    <button type="button" class="link-button lines-way" aria-haspopup="dialog" onClick={() => (view.dialog.value = "lines")} data-testid="lines-open">
      {text.value.line.all}
    </button>
  );
}

export function LinesDialog({ view }: { readonly view: RoomView }) {
  const words = text.value.line;
  const close = () => (view.dialog.value = null);
  return (
    <Dialog title={words.all} onClose={close} testId="lines">
      <p>{words.allHelp}</p>
      <Board view={view} />
      <CloseWay onClose={close} />
    </Dialog>
  );
}

function Board({ view }: { readonly view: RoomView }) {
  const words = text.value.line;
  const { lines } = view.store.inbox.value;
  const people = known(view, [...view.store.room.value.participants.values()]);
  const sorted = worstFirst(
    people.map((participant) => personLine(participant, lines.get(participant.id))),
    language.value,
  );
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
    <div class="table-list lines-list" tabIndex={0}>
      <table>
        <TableHead names={[words.name, words.hears, words.isHeard, words.picture, words.delay, words.loss, words.path]} />
        <tbody>
          {sorted.map((person) => (
            <Row key={person.participant.id} view={view} person={person} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ view, person }: { readonly view: RoomView; readonly person: PersonLine }) {
  const words = text.value.line;
  const { participant, line, grade, hearing } = person;
  const isMe = participant.id === view.store.me;
  const reason = line === undefined ? "" : words.reasons[line.reason];
  return (
    <tr data-testid="line-of" data-participant={participant.id} data-grade={grade}>
      <th scope="row">
        <span class="lines-name">
          <GradeShape grade={grade} />
          {isMe ? `${participant.name} (${text.value.room.you})` : participant.name}
        </span>
        <span class="lines-grade">{[words.grades[grade], reason].filter((part) => part !== "").join(" · ")}</span>
      </th>
      <Cell head={words.hears}>{isMe ? words.unknown : said(hearing.hears)}</Cell>
      <Cell head={words.isHeard}>{isMe ? words.unknown : participant.mic ? said(hearing.isHeard) : words.muted}</Cell>
      <Cell head={words.picture}>{line === undefined ? words.unknown : words.gets[line.picture]}</Cell>
      <Cell head={words.delay}>{line === undefined ? words.unknown : words.ms(line.delayMs)}</Cell>
      <Cell head={words.loss}>{line === undefined ? words.unknown : words.losses[line.loss]}</Cell>
      <Cell head={words.path}>{line === undefined ? words.unknown : words.paths[line.path]}</Cell>
    </tr>
  );
}

/** On a phone the rows are cards, in which each cell says what it is. */
function Cell({ head, children }: { readonly head: string; readonly children: ComponentChildren }) {
  return <td data-head={head}>{children}</td>;
}

function said(is: boolean | null): string {
  const words = text.value.line;
  return is === null ? words.unknown : is ? words.yes : words.no;
}
