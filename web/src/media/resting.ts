/**
 * Whose picture rests when a device cannot decode them all: pure. Those who lead and those with larger
 * tiles move, then who spoke last. Of the others one after the other gets a new picture.
 */

/** Somebody whose picture is seen and on. */
export interface Seen {
  readonly participant: string;
  /** Pixels of the screen. */
  readonly height: number;
  readonly isPinned: boolean;
  /** When they were heard last, in ms; undefined: never. */
  readonly heardAt: number | undefined;
  /** When their picture was drawn last, in ms; undefined: never. */
  readonly drawnAt: number | undefined;
}

/** Who got a new picture in between, and since when. */
export interface Turn {
  readonly participant: string;
  readonly since: number;
}

export interface Resting {
  readonly resting: ReadonlySet<string>;
  readonly turn: Turn | undefined;
}

/** Tiles of about one size are equal. */
const HEIGHT_STEP = 64;
/** A group begins every two seconds at the latest; what has not come by then does not come now. */
const TURN_MS_MAX = 5_000;
/** Who paused for breath speaks still. */
const SPOKE_MS = 5_000;

export function whoRests(seen: readonly Seen[], most: number, turn: Turn | undefined, now: number): Resting {
  if (seen.length <= most) return { resting: new Set(), turn: undefined };
  const ranked = seen.toSorted((a, b) => weight(b, now) - weight(a, now));
  const rest = ranked.slice(most);
  const next = nextTurn(rest, turn, now);
  return { resting: new Set(rest.map(({ participant }) => participant).filter((id) => id !== next?.participant)), turn: next };
}

/** Sizes before speech: who speaks in a small tile does not stop the one that is being looked at. */
function weight({ height, isPinned, heardAt }: Seen, now: number): number {
  const isSpeaking = heardAt !== undefined && now - heardAt < SPOKE_MS;
  return Math.floor(height / HEIGHT_STEP) * 4 + (isPinned ? 2 : 0) + (isSpeaking ? 1 : 0);
}

/** Whoever has the oldest picture, until it is new; nobody has the turn for long. */
function nextTurn(rest: readonly Seen[], turn: Turn | undefined, now: number): Turn | undefined {
  const current = rest.find(({ participant }) => participant === turn?.participant);
  const isWaiting = turn !== undefined && current !== undefined && (current.drawnAt ?? 0) < turn.since && now - turn.since < TURN_MS_MAX;
  if (isWaiting) return turn;
  const others = rest.filter(({ participant }) => participant !== turn?.participant);
  const oldest = others.toSorted((a, b) => (a.drawnAt ?? 0) - (b.drawnAt ?? 0))[0] ?? current;
  return oldest === undefined ? undefined : { participant: oldest.participant, since: now };
}
