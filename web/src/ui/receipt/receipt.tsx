/**
 * What a room held when it closed, and what was measured afterwards; for those who led it: `receipt`,
 * `receipt-part` with `data-kind`, `receipt-save`.
 */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { language, text } from "../../i18n/language.ts";
import type { Receipt } from "../../room/messages.ts";
import { askReceipt } from "../../room/receipt.ts";
import { TableHead } from "../table-head.tsx";

export function ReceiptView({ secret }: { readonly secret: string }) {
  const words = text.value.receipt;
  const receipt = useSignal<Receipt | "waiting" | null>("waiting");
  useEffect(() => void askReceipt(secret).then((answer) => (receipt.value = answer)), [secret]);
  const shown = receipt.value;
  if (shown === "waiting" || shown === null) {
    return (
      <p class="receipt-wait" aria-live="polite">
        {shown === null ? words.missing : words.waiting}
      </p>
    );
  }
  return (
    <section class="receipt" aria-label={words.title} data-testid="receipt">
      <h2>{words.title}</h2>
      <p>{words.times(shown.room, clock(shown.openedAt), clock(shown.closedAt))}</p>
      <table>
        <TableHead names={[words.what, words.before, words.after]} />
        <tbody>
          {shown.held.map(({ kind, before, after }) => (
            <tr key={kind} data-testid="receipt-part" data-kind={kind}>
              <th scope="row">{words.kinds[kind]}</th>
              <td>{bytes(before)}</td>
              <td>{bytes(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>{[words.measured(clock(shown.measuredAt)), ...kept(shown)].join(" ")}</p>
      <button type="button" class="button" onClick={() => save(shown)} data-testid="receipt-save">
        {words.save}
      </button>
    </section>
  );
}

function clock(at: number): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: "short", timeStyle: "medium" }).format(at);
}

function bytes(count: number): string {
  const [value, unit] = count < 1_000 ? [count, "byte"] : count < 1_000_000 ? [count / 1_000, "kilobyte"] : [count / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(language.value, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }).format(value);
}

/** What is kept on purpose. */
function kept({ attendanceDays }: Receipt): readonly string[] {
  return attendanceDays === 0 ? [] : [text.value.attendance.onlyKept(attendanceDays)];
}

/** The receipt as plain text, with exact numbers. */
export function asText(receipt: Receipt): string {
  const words = text.value.receipt;
  const rows = receipt.held.map(({ kind, before, after }) => `${words.kinds[kind]}: ${before} → ${after}`);
  return [words.title, words.times(receipt.room, exact(receipt.openedAt), exact(receipt.closedAt)), words.inBytes, ...rows, words.measured(exact(receipt.measuredAt)), ...kept(receipt), ""].join("\n");
}

function exact(at: number): string {
  return new Date(at).toISOString();
}

/** Made on this computer: nothing is fetched, and nothing is sent. */
function save(receipt: Receipt): void {
  const address = URL.createObjectURL(new Blob([asText(receipt)], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${text.value.receipt.file}-${receipt.room}-${new Date(receipt.closedAt).toISOString().slice(0, 10)}.txt`;
  link.click();
  // The browser has the file by the time the click is done with.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
