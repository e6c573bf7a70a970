/** The focus goes from tile to tile by arrows: all tiles together are one stop of the Tab key. */

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowRight: (at, last) => Math.min(at + 1, last),
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowLeft: (at) => Math.max(at - 1, 0),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_at, last) => last,
};

const TILE = ".tile[tabindex]";

export function walkTiles(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>(TILE)];
  const at = tiles.findIndex((tile) => tile === event.target);
  const next = at === -1 ? undefined : tiles[STEPS[event.key]?.(at, tiles.length - 1) ?? -1];
  if (next !== undefined) {
    event.preventDefault();
    next.focus();
  }
}

/** The tile that has the focus is the one that Tab comes back to; before there is one, the first is. */
export function keepStop(tile: HTMLElement): void {
  const stage = tile.closest(".stage");
  for (const other of stage?.querySelectorAll<HTMLElement>(TILE) ?? []) {
    other.tabIndex = other === tile ? 0 : -1;
  }
}

/** Makes one tile a stop where none is: its tile may have gone. */
export function ensureStop(stage: HTMLElement | null): void {
  const tiles = [...(stage?.querySelectorAll<HTMLElement>(TILE) ?? [])];
  const [first] = tiles;
  if (first !== undefined && tiles.every(({ tabIndex }) => tabIndex < 0)) {
    first.tabIndex = 0;
  }
}

/** Whose tile has the focus. */
export function focusedTile(): string | null {
  const tile = document.activeElement;
  return tile instanceof HTMLElement && tile.matches(TILE) ? (tile.dataset["participant"] ?? null) : null;
}

/** A tile that changed its place is another element: the focus goes with the person. */
export function keepFocus(stage: HTMLElement | null, participant: string | null): void {
  if (participant !== null && document.activeElement === document.body) {
    stage?.querySelector<HTMLElement>(`${TILE}[data-participant="${participant}"]`)?.focus();
  }
}
