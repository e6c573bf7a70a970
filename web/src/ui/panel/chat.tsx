/**
 * The chat: what is said to all and what is said privately, in one order. Own messages show at once
 * and are confirmed by the room.
 *
 * For browser tests: `chat-list`, `chat-draft` with `data-state`, `chat-newer`, `chat-pinned`,
 * `chat-typing`, `chat-clear`; messages and the text field have more.
 */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { language, text } from "../../i18n/language.ts";
import type { Draft } from "../../room/drafts.ts";
import type { ChatMessage, Refusal } from "../../room/messages.ts";
import { isPrivate, merge } from "../../room/reduce-chat.ts";
import { Icon } from "../icon.tsx";
import { shownName } from "../lead/names.ts";
import type { RoomView } from "../view.ts";
import { Composer } from "./composer.tsx";
import { Message, Words, isWhispered, keyOf, toWhom } from "./message.tsx";
import { Pinned } from "./pinned.tsx";

/** Messages of one person within this time stand under one name. */
const TOGETHER_MS = 5 * 60_000;
/** Distance from the end, in px, that still counts as reading along. */
const NEAR_END = 48;

export function Chat({ view }: { readonly view: RoomView }) {
  const words = text.value.chat;
  const messages = merge(view.store.room.value.chat, view.store.inbox.value.messages);
  const drafts = view.store.drafts.value.list;
  const list = useRef<HTMLDivElement>(null);
  const isFollowing = useSignal(true);
  const newestDraft = drafts.at(-1)?.key;
  const toEnd = () => list.current?.scrollTo({ top: 0 });
  useLayoutEffect(toEnd, [newestDraft]);
  return (
    <div class="chat-panel">
      <Pinned view={view} />
      <div
        ref={list}
        class="chat"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={words.log}
        onScroll={({ currentTarget }) => (isFollowing.value = Math.abs(currentTarget.scrollTop) < NEAR_END)}
        data-testid="chat-list"
      >
        <ol class="chat-list">
          {messages.length + drafts.length === 0 ? <li class="chat-empty">{words.empty}</li> : null}
          {messages.map((message, index) => (
            <Message
              key={keyOf(message)}
              view={view}
              message={message}
              answered={answered(messages, message)}
              isContinued={continues(messages[index - 1], message)}
              isOpen={view.openMessage.value === keyOf(message)}
              speech={language.value}
            />
          ))}
          {drafts.map((draft) => (
            <Pending key={`draft-${draft.key}`} view={view} draft={draft} />
          ))}
        </ol>
      </div>
      <div class="chat-foot">
        {isFollowing.value ? null : (
          <button type="button" class="button button-small chat-newer" onClick={toEnd} data-testid="chat-newer">
            <Icon name="down" />
            {words.newer}
          </button>
        )}
        <Typing view={view} />
        <Composer view={view} />
      </div>
    </div>
  );
}

/** What is answered is near: the search goes back from the answer. */
function answered(messages: readonly ChatMessage[], { replyTo, ...message }: ChatMessage): ChatMessage | null | undefined {
  const isSecret = isPrivate({ ...message, replyTo });
  return replyTo === null ? undefined : (messages.findLast((other) => other.id === replyTo && isPrivate(other) === isSecret) ?? null);
}

function continues(before: ChatMessage | undefined, message: ChatMessage): boolean {
  return (
    before !== undefined &&
    before.author === message.author &&
    message.at - before.at < TOGETHER_MS &&
    toKey(before) === toKey(message)
  );
}

function toKey({ to }: ChatMessage): string {
  return "id" in to ? String(to.id) : to.kind;
}

function Typing({ view }: { readonly view: RoomView }) {
  const { participants } = view.store.room.value;
  const writers = view.store.passing.value.flatMap(({ what }) => (what.kind === "typing" && what.id !== view.store.me ? [what.id] : []));
  const names = writers.flatMap((id) => {
    const person = participants.get(id);
    return person === undefined ? [] : [shownName(view, id, person.name)];
  });
  return names.length === 0 ? null : (
    <p class="chat-typing" data-testid="chat-typing">
      {text.value.talk.typing(names)}
    </p>
  );
}

function Pending({ view, draft }: { readonly view: RoomView; readonly draft: Draft }) {
  const words = text.value.chat;
  const { say } = draft;
  const isLocked = say.to.kind === "everyone" && view.locks.value.has("publicChat");
  const resend = () => {
    view.store.discardDraft(draft.key);
    view.store.say(say.text, say.to, say.replyTo);
  };
  return (
    <li class="message" data-mine={true} data-private={isWhispered(say.to)} data-testid="chat-draft" data-state={draft.refusal === null ? "sending" : "refused"}>
      {say.to.kind === "everyone" ? null : (
        <p class="message-head">
          <span class="message-to">{toWhom(view, say.to)}</span>
        </p>
      )}
      <div class="bubble" aria-busy={draft.refusal === null}>
        <p class="bubble-words">
          <Words text={say.text} />
        </p>
      </div>
      {draft.refusal === null ? (
        <p class="hidden">{words.sending}</p>
      ) : (
        <div class="refused" role="alert">
          <p>{explain(draft.refusal)}</p>
          {isLocked ? null : (
            <button type="button" class="button button-small" onClick={resend}>
              {words.resend}
            </button>
          )}
          <button type="button" class="button button-small button-plain" onClick={() => view.store.discardDraft(draft.key)}>
            {words.discard}
          </button>
        </div>
      )}
    </li>
  );
}

function explain(refusal: Refusal): string {
  const { refused } = text.value.chat;
  switch (refusal.code) {
    case "textTooLong":
      return refused.textTooLong(refusal.max);
    case "notThere":
      return text.value.talk.nobodyThere;
    case "tooFast":
    case "textEmpty":
    case "notAllowed":
    case "roomClosing":
    case "locked":
    case "notAgreed":
      return refused[refusal.code];
    default:
      return refused.other;
  }
}
