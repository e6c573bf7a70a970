/** The room's own tracks: `state` and `inbox` in, `commands` out. */

import { nextGroup } from "../moqt/groups.ts";
import type { Publication, RequestEnd, Session, SubgroupWriter, TrackOffer } from "../moqt/types.ts";
import type { FromEngine, Ticket } from "./messages.ts";
import { newestGroup } from "./newest.ts";
import { followState } from "./state-track.ts";

/** Subscriber priority of control tracks: only above them is nothing. */
const CONTROL_SUBSCRIBER_PRIORITY = 16;
/** docs/protocol.md: control tracks are published at 48. */
const CONTROL_PUBLISHER_PRIORITY = 48;
/** The room may take its seat at the relay a moment after us. */
const RENDEZVOUS_MS = 10_000;

/** An object of the room's tracks. */
export type RoomObject = Extract<FromEngine, { readonly kind: "state" | "inbox" }>;

/** Follows `state` and `inbox` as long as the session lives; `onBroken` when it lives without them. */
export function followRoom(
  session: Session,
  { room, participant }: Ticket,
  post: (message: RoomObject) => void,
  onBroken: (reason: string) => void,
): void {
  const follow = (kind: "state" | "inbox", track: string, onText?: (text: string) => void): Promise<RequestEnd> => {
    const newest = newestGroup(
      (text, first) => {
        post({ kind, text, first });
        onText?.(text);
      },
      () => onBroken(`${kind} broke off`),
    );
    const options = { priority: CONTROL_SUBSCRIBER_PRIORITY, rendezvousMs: RENDEZVOUS_MS };
    const { ended } = session.subscribe([room], track, options, newest.subscriber);
    void ended.then(newest.close);
    return ended;
  };
  const state = followState(
    (track) => follow("state", track),
    (end) => onBroken(`state: ${shown(end)}`),
  );
  const onInbox = (text: string): void => {
    if (isOfDoor(text)) state.askAgain();
  };
  void follow("inbox", `inbox/${participant}`, onInbox).then((end) => {
    if (end.kind !== "sessionClosed") onBroken(`inbox: ${shown(end)}`);
  });
}

/** Whether an object of the inbox may mean that we are in. A wrong guess costs two requests. */
const isOfDoor = (text: string): boolean => text.includes('"letIn"') || text.includes('"inside"');

const shown = (end: RequestEnd): string => ("code" in end ? `${end.kind} ${end.code}` : end.kind);

export interface CommandTrack {
  readonly offer: TrackOffer;
  /** Writes one command. One that finds nobody listening is sent again after `onReady`. */
  write(text: string): void;
}

/** The `commands` track; each time it begins a group, `onReady` asks for what has no answer yet. */
export function commandTrack(onReady: () => void, now: () => number): CommandTrack {
  const encoder = new TextEncoder();
  let publication: Publication | undefined;
  let writer: SubgroupWriter | undefined;
  let group = 0;

  const begin = (to: Publication): void => {
    group = nextGroup(group, now());
    writer = to.openSubgroup(group, 0);
    onReady();
  };
  return {
    offer: {
      priority: CONTROL_PUBLISHER_PRIORITY,
      start(started) {
        publication = started;
        begin(started);
        started.ended.then(() => {
          if (publication === started) publication = undefined;
        });
      },
    },
    write(text) {
      if (publication === undefined) return;
      if (writer?.isOpen === true) writer.write(encoder.encode(text));
      // The stream was lost: a new group, in which this command comes again.
      else begin(publication);
    },
  };
}
