/** Who publishes in the room, and what: namespaces, and the catalog of each. */

import type { Namespace, Session } from "../moqt/types.ts";
import { parseCatalog, type CatalogTrack } from "./catalog.ts";
import type { Company } from "./company.ts";
import { keepSubscribed, type Kept } from "./keep-subscribed.ts";
import { newestGroup } from "./newest.ts";
import type { Ticket } from "./messages.ts";
import { isUnauthorized } from "./state-track.ts";

const CATALOG_SUBSCRIBER_PRIORITY = 64;
const RENDEZVOUS_MS = 10_000;
const PARTICIPANT = /^[0-9a-f]{16}$/;
/** Publishers followed at once; the largest rooms have half as many participants. */
const PUBLISHERS_MAX = 1_000;

/** What someone publishes now; empty when they left. */
export type OnCatalog = (participant: string, tracks: readonly CatalogTrack[]) => void;

/** `onBroken` when the relay stops telling; `isIn` settles when the room has let us in; nobody but `company` is followed. */
export interface DiscoveryWatch {
  readonly onBroken: (reason: string) => void;
  readonly isIn: Promise<void>;
  readonly company: Company;
}

/**
 * Follows all publishers of the room but ourselves. While we wait outside the relay does not tell of them.
 */
export function discover(
  session: Session,
  ticket: Ticket,
  onCatalog: OnCatalog,
  { onBroken, isIn, company }: DiscoveryWatch,
): void {
  const announced = new Set<string>();
  const publishers = new Map<string, Kept>();
  /** What everyone announced published last: who meets somebody again asks for that at once, a round trip earlier. */
  const known = new Map<string, readonly CatalogTrack[]>();
  const forget = (participant: string): void => {
    publishers.get(participant)?.stop();
    publishers.delete(participant);
    onCatalog(participant, []);
  };
  const settle = (participant: string): void => {
    const isWanted = announced.has(participant) && company.has(participant);
    const isFollowed = publishers.has(participant);
    if (isFollowed && !isWanted) forget(participant);
    if (isFollowed || !isWanted) return;
    const follow = (tracks: readonly CatalogTrack[]): void => {
      if (!publishers.has(participant)) return;
      known.set(participant, tracks);
      onCatalog(participant, tracks);
    };
    publishers.set(participant, followCatalog(session, [ticket.room, participant], follow));
    const before = known.get(participant);
    if (before !== undefined) onCatalog(participant, before);
  };
  const onChange = (suffix: Namespace, present: boolean): void => {
    const [participant] = suffix;
    if (participant === undefined || suffix.length !== 1 || !PARTICIPANT.test(participant)) return;
    if (participant === ticket.participant) return;
    if (!present) {
      announced.delete(participant);
      known.delete(participant);
    } else if (announced.size < PUBLISHERS_MAX || announced.has(participant)) {
      announced.add(participant);
      // Whoever announces anew is asked anew.
      publishers.get(participant)?.stop();
      publishers.delete(participant);
    }
    settle(participant);
  };
  const stop = company.follow(() => announced.forEach(settle));
  void session.closed.then(stop);
  const listen = (isFirst: boolean): void => {
    session.subscribeNamespace([ticket.room], onChange).ended.then((end) => {
      if (end.kind === "sessionClosed") return;
      if (isFirst && isUnauthorized(end)) void isIn.then(() => listen(false));
      else onBroken(`participants: ${end.kind}`);
    });
  };
  listen(true);
}

function followCatalog(
  session: Session,
  namespace: Namespace,
  onTracks: (tracks: readonly CatalogTrack[]) => void,
): Kept {
  const kept = keepSubscribed((onArrival) => {
    const newest = newestGroup(
      (text) => {
        onArrival();
        const tracks = parseCatalog(text);
        if (tracks !== undefined) onTracks(tracks);
      },
      () => kept.renew(),
    );
    const options = { priority: CATALOG_SUBSCRIBER_PRIORITY, rendezvousMs: RENDEZVOUS_MS };
    const subscription = session.subscribe(namespace, "catalog", options, newest.subscriber);
    subscription.ended.then(newest.close);
    return subscription;
  });
  return kept;
}
