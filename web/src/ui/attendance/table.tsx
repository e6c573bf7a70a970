/** Who was there when, as rows on the screen and as a file. */

import { language, text } from "../../i18n/language.ts";
import { csv, localTime, minutes } from "../../room/csv.ts";
import type { Attendee } from "../../room/messages.ts";
import { TableHead } from "../table-head.tsx";

export function AttendeeTable({ people }: { readonly people: readonly Attendee[] }) {
  const words = text.value.attendance;
  const clock = new Intl.DateTimeFormat(language.value, { timeStyle: "short" });
  const whole = new Intl.NumberFormat(language.value, { maximumFractionDigits: 1 });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
    <div class="table-list attendance-list" tabIndex={0}>
      <table>
        <TableHead names={[words.name, words.came, words.left, words.here, words.line, words.absent]} />
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
export function save(room: string, at: number, people: readonly Attendee[]): void {
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
