/** Reads JSON of unknown origin: a value of the wanted shape or null. */

/** Largest object we read: 2,000 messages of 2,000 characters, escaped, stay below it. */
const OBJECT_TEXT_MAX = 32 * 1024 * 1024;

/** Lists longer than this come from no room of ours. */
const LIST_MAX = 10_000;

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a JSON object, or null for anything else. */
export function parseFields(text: string): Fields | null {
  if (text.length > OBJECT_TEXT_MAX) {
    return null;
  }
  try {
    return asFields(JSON.parse(text));
  } catch {
    return null;
  }
}

export function asFields(value: unknown): Fields | null {
  return isFields(value) ? value : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** All entries or nothing: half a list would show half a class as gone. */
export function list<T>(value: unknown, read: (entry: unknown) => T | null): T[] | null {
  if (!Array.isArray(value) || value.length > LIST_MAX) {
    return null;
  }
  const entries: T[] = [];
  for (const raw of value) {
    const entry = read(raw);
    if (entry === null) {
      return null;
    }
    entries.push(entry);
  }
  return entries;
}
