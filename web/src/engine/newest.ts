/**
 * The objects of a control track in the order a reader needs: each group begins with a snapshot, so
 * once a newer group has begun, what is still arriving of older ones is out of date.
 */

import type { ReceivedObject, Subscriber } from "../moqt/types.ts";

/** A control track whose newest group broke must begin another within this time. */
const RENEWAL_MS_MAX = 5_000;

export interface NewestGroup {
  readonly subscriber: Subscriber;
  /** Stops waiting. */
  close(): void;
}

/** `onStalled`: the newest group was cut and none came after it. */
export function newestGroup(
  onText: (text: string, isFirst: boolean) => void,
  onStalled: () => void,
): NewestGroup {
  const decoder = new TextDecoder();
  return newestObjects((payload, isFirst) => onText(decoder.decode(payload), isFirst), onStalled);
}

/** The same for objects that are not just text. */
export function newestObjects(
  onPayload: (payload: ReceivedObject["payload"], isFirst: boolean) => void,
  onStalled: () => void,
): NewestGroup {
  let newest = -1;
  let renewal: ReturnType<typeof setTimeout> | undefined;
  const close = (): void => clearTimeout(renewal);

  const onObject = ({ group, object, payload }: ReceivedObject): void => {
    const isFirst = object === 0 && group > newest;
    if (isFirst) {
      newest = group;
      close();
    }
    if (group === newest) onPayload(payload, isFirst);
  };
  const onSubgroupEnd = (group: number, _subgroup: number, complete: boolean): void => {
    if (complete || group < newest) return;
    close();
    renewal = setTimeout(onStalled, RENEWAL_MS_MAX);
  };
  return { subscriber: { onObject, onSubgroupEnd }, close };
}
