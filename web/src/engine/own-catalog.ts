/** Our own catalog as a track: one object, a new group with each change. */

import { nextGroup } from "../moqt/groups.ts";
import type { Publication, TrackOffer } from "../moqt/types.ts";
import { catalogText, type CatalogTrack } from "./catalog.ts";

/** docs/protocol.md */
const CATALOG_PRIORITY = 64;

export interface OwnCatalog {
  readonly offer: TrackOffer;
  /** Says what is on now. */
  set(tracks: readonly CatalogTrack[]): void;
}

export function ownCatalog(now: () => number): OwnCatalog {
  const encoder = new TextEncoder();
  let text = catalogText([]);
  let publication: Publication | undefined;
  let group = 0;

  const write = (): void => {
    if (publication === undefined) return;
    group = nextGroup(group, now());
    const subgroup = publication.openSubgroup(group, 0);
    subgroup.write(encoder.encode(text));
    subgroup.finish();
  };
  return {
    offer: {
      priority: CATALOG_PRIORITY,
      start(started) {
        publication = started;
        write();
        started.ended.then(() => {
          if (publication === started) publication = undefined;
        });
      },
    },
    set(tracks) {
      const changed = catalogText(tracks);
      if (changed === text) return;
      text = changed;
      write();
    },
  };
}
