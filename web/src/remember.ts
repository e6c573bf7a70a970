/** What this device or this tab remembers for its person. A private window may forbid it: it then holds for the page. */

export type OpenStorage = () => Pick<Storage, "getItem" | "setItem">;

export const onDevice: OpenStorage = () => localStorage;
export const inTab: OpenStorage = () => sessionStorage;

export function recall(open: OpenStorage, key: string): string | null {
  try {
    return open().getItem(key);
  } catch {
    return null;
  }
}

export function remember(open: OpenStorage, key: string, value: string): void {
  try {
    open().setItem(key, value);
  } catch {
    // Nothing to tell: what was chosen is chosen.
  }
}
