/** The three requests a client makes: for a track, for namespaces, for its own namespace. */

import { DoneCode, ProtocolError, RequestCode } from "./codes.ts";
import { NO_PARAMETERS, ParameterType, type ParameterValue } from "./parameters.ts";
import { ANSWER_MS_MAX } from "./peer.ts";
import { isMandatory } from "./properties.ts";
import type { Inlet, Receiving } from "./receiving.ts";
import { unexpected, type RequestSteps } from "./request.ts";
import type { Namespace, RequestEnd, SubscribeOptions, Subscriber } from "./types.ts";

/** Far more than one room has participants; a relay that names more is not one of ours. */
const NAMESPACES_MAX = 4096;

const GOING_AWAY: RequestEnd = { kind: "done", code: DoneCode.goingAway };

export function subscribing(
  routes: Receiving,
  namespace: Namespace,
  track: string,
  options: SubscribeOptions & { readonly subscriber: Subscriber },
): RequestSteps {
  const { priority, pictureHeightMax, rendezvousMs, subscriber } = options;
  const parameters = new Map<number, ParameterValue>([[ParameterType.subscriberPriority, priority]]);
  if (rendezvousMs !== undefined) parameters.set(ParameterType.rendezvousTimeout, rendezvousMs);
  if (pictureHeightMax !== undefined) parameters.set(ParameterType.pictureHeightMax, pictureHeightMax);
  let inlet: Inlet | undefined;
  return {
    ask: (requestId) => ({ kind: "subscribe", requestId, namespace, track, parameters }),
    // The relay answers when a publisher came or the time for one ran out.
    answerMs: ANSWER_MS_MAX + (rendezvousMs ?? 0),
    onAnswer(message) {
      if (message.kind !== "subscribeOk") return unexpected(message);
      for (const type of message.properties.keys()) {
        if (isMandatory(type)) {
          return { kind: "refused", code: RequestCode.unsupportedExtension, retryAfterMs: undefined };
        }
      }
      inlet = routes.open(message.alias, subscriber);
      return undefined;
    },
    async onMessage(message) {
      if (message.kind === "goaway") return GOING_AWAY;
      if (message.kind !== "publishDone") return unexpected(message);
      await inlet?.drained(message.streamCount);
      return { kind: "done", code: message.code };
    },
    onEnd: () => inlet?.close(),
  };
}

export function announcing(namespace: Namespace): RequestSteps {
  return {
    ask: (requestId) => ({ kind: "publishNamespace", requestId, namespace, parameters: NO_PARAMETERS }),
    answerMs: ANSWER_MS_MAX,
    onAnswer: (message) => (message.kind === "requestOk" ? undefined : unexpected(message)),
    onMessage: (message) => (message.kind === "goaway" ? GOING_AWAY : unexpected(message)),
  };
}

export function discovering(
  prefix: Namespace,
  onChange: (suffix: Namespace, present: boolean) => void,
): RequestSteps {
  const present = new Map<string, Namespace>();
  const arrive = (suffix: Namespace): void => {
    const name = JSON.stringify(suffix);
    if (present.has(name)) return;
    if (present.size >= NAMESPACES_MAX) throw new ProtocolError("more namespaces than a room can have");
    present.set(name, suffix);
    onChange(suffix, true);
  };
  const leave = (suffix: Namespace): void => {
    if (!present.delete(JSON.stringify(suffix))) {
      throw new ProtocolError("NAMESPACE_DONE without NAMESPACE");
    }
    onChange(suffix, false);
  };
  return {
    ask: (requestId) => ({
      kind: "subscribeNamespace",
      requestId,
      namespace: prefix,
      parameters: NO_PARAMETERS,
    }),
    answerMs: ANSWER_MS_MAX,
    onAnswer: (message) => (message.kind === "requestOk" ? undefined : unexpected(message)),
    onMessage(message) {
      if (message.kind === "goaway") return GOING_AWAY;
      if (message.kind === "namespace") arrive(message.suffix);
      else if (message.kind === "namespaceDone") leave(message.suffix);
      else unexpected(message);
      return undefined;
    },
    // Whoever was there is not known to be there any more.
    onEnd() {
      for (const suffix of present.values()) onChange(suffix, false);
      present.clear();
    },
  };
}
