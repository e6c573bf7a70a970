/** Who publishes in the room, and what: namespaces, and the catalog of each. */

import type { Namespace, RequestEnd, Session, Subscription } from "../moqt/types.ts";
import { parseCatalog, type CatalogTrack } from "./catalog.ts";
import { newestGroup } from "./newest.ts";
import type { Ticket } from "./messages.ts";

const CATALOG_SUBSCRIBER_PRIORITY = 64;
const RENDEZVOUS_MS = 10_000;
const PARTICIPANT = /^[0-9a-f]{16}$/;
/** Publishers followed at once; the largest rooms have half as many participants. */
const PUBLISHERS_MAX = 1_000;
/** Refused catalogs are asked for again, less and less often. */
const RETRY_FIRST_MS = 1_000;
const RETRY_MS_MAX = 30_000;

/** What someone publishes now; empty when they left. */
export type OnCatalog = (participant: string, tracks: readonly CatalogTrack[]) => void;

/** Follows all publishers of the room but ourselves; `onBroken` when the relay stops telling. */
export function discover(
  session: Session,
  ticket: Ticket,
  onCatalog: OnCatalog,
  onBroken: (reason: string) => void,
): void {
  const publishers = new Map<string, { stop(): void }>();
  const onChange = (suffix: Namespace, present: boolean): void => {
    const [participant] = suffix;
    if (participant === undefined || suffix.length !== 1 || !PARTICIPANT.test(participant)) return;
    if (participant === ticket.participant) return;
    publishers.get(participant)?.stop();
    publishers.delete(participant);
    if (!present) onCatalog(participant, []);
    else if (publishers.size < PUBLISHERS_MAX) {
      publishers.set(participant, followCatalog(session, [ticket.room, participant], (tracks) => {
        onCatalog(participant, tracks);
      }));
    }
  };
  session.subscribeNamespace([ticket.room], onChange).ended.then((end) => {
    if (end.kind !== "sessionClosed") onBroken(`participants: ${end.kind}`);
  });
}

function followCatalog(
  session: Session,
  namespace: Namespace,
  onTracks: (tracks: readonly CatalogTrack[]) => void,
): { stop(): void } {
  let subscription: Subscription | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let delayMs = RETRY_FIRST_MS;
  let isStopped = false;

  const again = (end: RequestEnd): void => {
    if (isStopped || end.kind === "sessionClosed") return;
    const asked = end.kind === "refused" ? (end.retryAfterMs ?? 0) : 0;
    retry = setTimeout(ask, Math.max(delayMs, asked));
    delayMs = Math.min(delayMs * 2, RETRY_MS_MAX);
  };
  const ask = (): void => {
    const newest = newestGroup(
      (text) => {
        delayMs = RETRY_FIRST_MS;
        const tracks = parseCatalog(text);
        if (tracks !== undefined) onTracks(tracks);
      },
      () => subscription?.cancel(),
    );
    const options = { priority: CATALOG_SUBSCRIBER_PRIORITY, rendezvousMs: RENDEZVOUS_MS };
    subscription = session.subscribe(namespace, "catalog", options, newest.subscriber);
    subscription.ended.then((end) => {
      newest.close();
      again(end);
    });
  };
  ask();
  return {
    stop() {
      isStopped = true;
      clearTimeout(retry);
      subscription?.cancel();
    },
  };
}
