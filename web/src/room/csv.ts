/** Tables for spreadsheets: semicolons, as a German Excel reads them, and a mark that says UTF-8. */

const BYTE_ORDER_MARK = "\uFEFF";
/** With one of these in front, also behind blanks, a spreadsheet takes a cell for a formula. */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;

export function csv(rows: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(cell).join(";")}\r\n`).join("");
}

/** An apostrophe in front makes text of what somebody wrote as a formula. */
function cell(value: string): string {
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[";\r\n\t]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const two = (n: number) => String(n).padStart(2, "0");

/** `2026-11-29 10:05` of this computer, which spreadsheets read in every language. */
export function localTime(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Minutes with one decimal: half a minute without a line is not none. */
export function minutes(ms: number, decimal: string): string {
  return (ms / 60_000).toFixed(1).replace(".", decimal);
}
