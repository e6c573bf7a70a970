/**
 * The objects of a control track in the order a reader needs. Each group begins with a snapshot, so once a newer group
 * has begun, what is still arriving of older ones is out of date. Whoever gets all of a group is not sent the next
 * one's snapshot: that begins with a later object then, and counts once the group before it is whole.
 */

import type { ReceivedObject, Subscriber } from "../moqt/types.ts";

/** A control track whose newest group broke must begin another within this time. */
const RENEWAL_MS_MAX = 5_000;
/** Objects that wait for the end of the group before theirs: if there are more, it does not come. */
const HELD_MAX = 4_096;

type Payload = ReceivedObject["payload"];

export interface NewestGroup {
  readonly subscriber: Subscriber;
  /** Stops waiting. */
  close(): void;
}

/** `onStalled`: the newest group was cut and none came after it, or one is missing in between. */
export function newestGroup(
  onText: (text: string, isFirst: boolean) => void,
  onStalled: () => void,
): NewestGroup {
  const decoder = new TextDecoder();
  return newestObjects((payload, isFirst) => onText(decoder.decode(payload), isFirst), onStalled);
}

/** The same for objects that are not just text. */
export function newestObjects(
  onPayload: (payload: Payload, isFirst: boolean) => void,
  onStalled: () => void,
): NewestGroup {
  let newest = -1;
  /** Of the newest group and later ones: those that came whole, and objects of those that begin behind their snapshot. */
  const whole = new Set<number>();
  const held = new Map<number, Payload[]>();
  let renewal: ReturnType<typeof setTimeout> | undefined;
  const close = (): void => clearTimeout(renewal);
  const wait = (): void => {
    close();
    renewal = setTimeout(onStalled, RENEWAL_MS_MAX);
  };

  const become = (group: number): void => {
    newest = group;
    close();
    for (const all of [whole, held]) for (const older of all.keys()) if (older < group) all.delete(older);
  };
  const goOn = (): void => {
    while (whole.has(newest) && held.has(newest + 1)) {
      become(newest + 1);
      const payloads = held.get(newest) ?? [];
      held.delete(newest);
      for (const payload of payloads) onPayload(payload, false);
    }
    if (held.size > 0) wait();
  };
  const hold = (group: number, payload: Payload): void => {
    // Without a snapshot nothing can be made of it.
    if (newest < 0) return;
    const payloads = held.get(group) ?? [];
    payloads.push(payload);
    held.set(group, payloads);
    if (payloads.length > HELD_MAX || held.size > HELD_MAX) onStalled();
    else goOn();
  };

  const onObject = ({ group, object, payload }: ReceivedObject): void => {
    if (group < newest) return;
    if (group > newest && object > 0) return hold(group, payload);
    const isFirst = group > newest;
    if (isFirst) become(group);
    onPayload(payload, isFirst);
    goOn();
  };
  const onSubgroupEnd = (group: number, _subgroup: number, complete: boolean): void => {
    if (group < newest) return;
    if (!complete) return wait();
    if (newest >= 0) whole.add(group);
    goOn();
  };
  return { subscriber: { onObject, onSubgroupEnd }, close };
}
