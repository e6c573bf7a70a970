/** A double click or Enter pins a tile, or takes the pin away. */

import type { RoomView } from "../view.ts";
import { keepStop } from "./roving.ts";

type TileEvent<E extends Event> = E & { readonly currentTarget: HTMLElement };

/** What a tile listens to; Tab comes back to the one that had the focus. */
export function pinWays(view: RoomView, id: string) {
  return {
    "aria-keyshortcuts": "Enter",
    onDblClick: ({ target }: MouseEvent) => (target instanceof Element && target.closest("button") !== null ? undefined : view.stage.togglePin(id)),
    onFocus: ({ currentTarget }: TileEvent<FocusEvent>) => keepStop(currentTarget),
    onKeyDown: (event: TileEvent<KeyboardEvent>) => {
      if (event.key === "Enter" && event.target === event.currentTarget) {
        event.preventDefault();
        view.stage.togglePin(id);
      }
    },
  };
}
