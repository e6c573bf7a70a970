/**
 * In which order people have their tiles: oneself, shared screens, raised hands, who speaks, then by name. Pure, and steady: on
 * the page that is seen only the tile moves that must.
 */

/** Who must be on the first page. */
export interface Attention {
  readonly me: string;
  readonly screens: readonly string[];
  /** In the order of the queue. */
  readonly hands: readonly string[];
  readonly speaking: ReadonlySet<string>;
}

export interface SeenPage {
  /** From 0 on. */
  readonly index: number;
  /** Tiles on a page. */
  readonly size: number;
  /** The tile under the pointer or with the focus, which stays. */
  readonly held: string | null;
}

/** `people` are sorted by name; the answer has all of them. Pages before the one that is seen stay as they were turned. */
export function order(before: readonly string[], people: readonly string[], attention: Attention, page: SeenPage): readonly string[] {
  const { index, size, held } = page;
  const turned = (index + 1) * size;
  const seats = Math.min(turned, people.length);
  const musts = foremost(people, attention).slice(0, size);
  const slots = fitted(before.slice(0, turned), new Set(people), seats);
  swapIn(slots, musts, page, seats);
  const rest = [...musts, ...people.filter((id) => !musts.includes(id))].filter((id) => !slots.includes(id));
  const isGrowing = index === 0 && held === null && slots.length > 0;
  const names = isGrowing ? new Map(people.map((id, at) => [id, id === attention.me ? -1 : at])) : null;
  for (const id of rest.splice(0, seats - slots.filter((seat) => seat !== null).length)) {
    takeSeat(slots, id, names);
  }
  const seen = slots.filter((id) => id !== null);
  return [...(index === 0 ? selfFirst(seen, attention.me) : seen), ...rest];
}

function foremost(people: readonly string[], { me, screens, hands, speaking }: Attention): readonly string[] {
  const here = new Set(people);
  const first = [me, ...screens, ...hands, ...people.filter((id) => speaking.has(id))].filter((id) => here.has(id));
  return [...new Set(first)];
}

/** Who is still here keeps the seat; who is gone leaves a hole, as long as there are seats enough. */
function fitted(before: readonly string[], here: ReadonlySet<string>, seats: number): (string | null)[] {
  const slots = before.map((id) => (here.has(id) ? id : null));
  while (slots.length > seats) {
    const hole = slots.lastIndexOf(null);
    slots.splice(hole === -1 ? slots.length - 1 : hole, 1);
  }
  return slots;
}

/** Whoever must be seen takes a hole, or the seat of the last one who need not; a page that grows has seats anyway. */
function swapIn(slots: (string | null)[], musts: readonly string[], { size, held }: SeenPage, seats: number): void {
  const missing = musts.filter((id) => !slots.includes(id));
  const free = seats - slots.filter((id) => id !== null).length;
  for (const id of missing.slice(free)) {
    const seat = slots.slice(0, size).findLastIndex((other) => other !== null && other !== held && !musts.includes(other));
    if (seat !== -1) slots[seat] = id;
  }
}

/** A hole first. On a page that grows everyone moves: there a newcomer comes where the name belongs. */
function takeSeat(slots: (string | null)[], id: string, names: ReadonlyMap<string, number> | null): void {
  const hole = slots.indexOf(null);
  if (hole !== -1) {
    slots[hole] = id;
    return;
  }
  const place = names?.get(id) ?? Infinity;
  const next = slots.findIndex((other) => other !== null && (names?.get(other) ?? 0) > place);
  slots.splice(next === -1 ? slots.length : next, 0, id);
}

function selfFirst(seen: readonly string[], me: string): readonly string[] {
  return seen.includes(me) ? [me, ...seen.filter((id) => id !== me)] : seen;
}
