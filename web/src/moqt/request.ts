/** A request of ours: a bidirectional stream, its first answer, and what follows. */

import { latch, LATE, within } from "../net/deadline.ts";
import { streamError } from "../net/transport.ts";
import { ProtocolError, RequestCode, ResetCode, SessionCode } from "./codes.ts";
import { encodeControl, type ControlMessage, type SentMessage } from "./control.ts";
import { ANSWER_MS_MAX, chunkReader, CONTROL_SEND_ORDER, messageReader, type Incoming, type Peer } from "./peer.ts";
import { NO_PARAMETERS, type Parameters } from "./parameters.ts";
import type { RequestEnd, Subscription } from "./types.ts";

export interface RequestSteps {
  /** The message, with the ID it got. */
  ask(requestId: number): SentMessage;
  /** How long the first answer may take. */
  readonly answerMs: number;
  /** The first answer, when it is no refusal. An answer of an end ends the request. */
  onAnswer(message: ControlMessage): RequestEnd | undefined;
  /** What comes after. Throws `ProtocolError` for what may not come. */
  onMessage(message: ControlMessage): RequestEnd | Promise<RequestEnd> | undefined;
  /** Once, as soon as the request is over, before `ended` settles for others. */
  onEnd?(): void;
}

const CANCELLED: RequestEnd = { kind: "cancelled" };
const SESSION_CLOSED: RequestEnd = { kind: "sessionClosed" };

/** A request on its way, which may be changed. */
export interface Request extends Subscription {
  /** REQUEST_UPDATE, as soon as the request was answered. */
  update(parameters: Parameters): void;
}

/** Makes a request and sees it to its end. */
export function makeRequest(peer: Peer, steps: RequestSteps): Request {
  const updates = updating(peer);
  const cancelled = latch<RequestEnd>();
  let isOver = false;
  const finish = (): void => {
    if (!isOver) steps.onEnd?.();
    isOver = true;
  };
  const run = follow(peer, steps, updates, { isOver: () => isOver, cancelled: cancelled.promise });
  const failed = run.catch((error: unknown) => {
    peer.fail(error);
    return SESSION_CLOSED;
  });
  const over = Promise.race([failed, cancelled.promise, peer.closed.then(() => SESSION_CLOSED)]);
  return {
    ended: over.then((end) => {
      finish();
      return end;
    }),
    cancel() {
      cancelled.resolve(CANCELLED);
      finish();
    },
    update: updates.update,
  };
}

interface Updates {
  update(parameters: Parameters): void;
  /** The request was answered: updates are written to `writer` from here on. */
  open(writer: WritableStreamDefaultWriter<Uint8Array>): void;
  /** Whether the message answers an update. */
  isAnswer(message: ControlMessage): boolean;
}

function updating(peer: Peer): Updates {
  let to: WritableStreamDefaultWriter<Uint8Array> | undefined;
  let waiting = NO_PARAMETERS;
  let unanswered = 0;
  const send = (): void => {
    if (to === undefined || waiting.size === 0) return;
    const message = encodeControl({ kind: "requestUpdate", requestId: peer.nextRequestId(), parameters: waiting });
    waiting = NO_PARAMETERS;
    unanswered += 1;
    to.write(message).catch(() => undefined);
  };
  return {
    update(parameters) {
      waiting = new Map([...waiting, ...parameters]);
      send();
    },
    open(writer) {
      to = writer;
      send();
    },
    isAnswer(message) {
      // After an error PUBLISH_DONE follows.
      const isAnswer = unanswered > 0 && (message.kind === "requestOk" || message.kind === "requestError");
      if (isAnswer) unanswered -= 1;
      return isAnswer;
    },
  };
}

interface Cancelling {
  readonly cancelled: Promise<RequestEnd>;
  isOver(): boolean;
}

async function follow(
  peer: Peer,
  steps: RequestSteps,
  updates: Updates,
  cancelling: Cancelling,
): Promise<RequestEnd> {
  const message = encodeControl(steps.ask(peer.nextRequestId()));
  const opening = peer.transport.createBidirectionalStream({ sendOrder: CONTROL_SEND_ORDER });
  const stream = await within(ANSWER_MS_MAX, opening.catch(() => undefined));
  if (stream === undefined) return SESSION_CLOSED;
  if (stream === LATE) {
    throw new ProtocolError("no stream for a request within 10 s", SessionCode.controlMessageTimeout);
  }
  const writer = stream.writable.getWriter();
  const chunks = chunkReader(stream.readable);
  // A peer that reads no further still answers; only what it sends decides about the request.
  writer.closed.catch(() => undefined);
  writer.write(message).catch(() => undefined);
  try {
    return await converse(steps, { next: messageReader(chunks), writer, updates }, cancelling);
  } finally {
    chunks.stop(ResetCode.cancelled);
    writer.abort(streamError(ResetCode.cancelled)).catch(() => undefined);
  }
}

interface Conversation {
  readonly next: ReturnType<typeof messageReader>;
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly updates: Updates;
}

async function converse(
  steps: RequestSteps,
  { next, writer, updates }: Conversation,
  { cancelled, isOver }: Cancelling,
): Promise<RequestEnd> {
  const stopped = cancelled.then((): Incoming => "reset");
  const read = (): Promise<Incoming> => Promise.race([next(), stopped]);
  const first = await within(steps.answerMs, read());
  if (first === LATE) {
    return { kind: "refused", code: RequestCode.timeout, retryAfterMs: undefined };
  }
  let message = first;
  let isAnswered = false;
  for (;;) {
    if (isOver() || message === "end" || message === "reset") return CANCELLED;
    if (message === "lost") return SESSION_CLOSED;
    const end = isAnswered ? await heard(steps, updates, message) : answered(steps, message);
    if (end !== undefined) return end;
    if (!isAnswered) updates.open(writer);
    isAnswered = true;
    message = await read();
  }
}

function heard(
  steps: RequestSteps,
  updates: Updates,
  message: ControlMessage,
): RequestEnd | Promise<RequestEnd> | undefined {
  return updates.isAnswer(message) ? undefined : steps.onMessage(message);
}

function answered(steps: RequestSteps, message: ControlMessage): RequestEnd | undefined {
  if (message.kind !== "requestError") return steps.onAnswer(message);
  const { code, retryAfterMs } = message;
  return { kind: "refused", code, retryAfterMs };
}

export function unexpected(message: ControlMessage): never {
  throw new ProtocolError(`${message.kind} is not expected here`);
}
