/** Waiting with an end: nothing in the client waits for the network without one. */

/** What `within` answers when time ran out first. */
export const LATE = Symbol("late");

/** Waits for `promise`, but at most `ms`. Rejects when the promise does; the promise goes on by itself. */
export function within<T>(ms: number, promise: Promise<T>): Promise<T | typeof LATE> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export interface Latch<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

/** A promise that others resolve. */
export function latch<T>(): Latch<T> {
  let settle: ((value: T) => void) | undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle?.(value) };
}
