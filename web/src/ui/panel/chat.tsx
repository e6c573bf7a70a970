/**
 * The chat. Own messages show at once and are confirmed by the room.
 *
 * For browser tests: `chat-list`, `chat-message` with `data-message-id`, `chat-draft` with
 * `data-state`, `chat-input`, `chat-send`, `chat-newer`.
 */

import { useSignal } from "@preact/signals";
import { memo } from "preact/compat";
import { useLayoutEffect, useRef } from "preact/hooks";
import { language, text } from "../../i18n/language.ts";
import type { Draft } from "../../room/drafts.ts";
import type { ChatMessage, Refusal } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { Composer } from "./composer.tsx";
import { pieces } from "./links.ts";

/** Messages of one person within this time stand under one name. */
const TOGETHER_MS = 5 * 60_000;
/** Distance from the end, in px, that still counts as reading along. */
const NEAR_END = 48;

export function Chat({ view }: { readonly view: RoomView }) {
  const words = text.value.chat;
  const { chat } = view.store.room.value;
  const drafts = view.store.drafts.value.list;
  const list = useRef<HTMLDivElement>(null);
  const isFollowing = useSignal(true);
  const newestDraft = drafts.at(-1)?.key;
  const toEnd = () => list.current?.scrollTo({ top: 0 });
  useLayoutEffect(toEnd, [newestDraft]);
  return (
    <>
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
          {chat.length + drafts.length === 0 ? <li class="chat-empty">{words.empty}</li> : null}
          {chat.map((message, index) => (
            <Message
              key={message.id}
              message={message}
              isMine={message.author === view.store.me}
              isContinued={continues(chat[index - 1], message)}
              speech={language.value}
            />
          ))}
          {drafts.map((draft) => (
            <Pending key={`draft-${draft.key}`} view={view} draft={draft} />
          ))}
        </ol>
      </div>
      {isFollowing.value ? null : (
        <button type="button" class="button button-small chat-newer" onClick={toEnd} data-testid="chat-newer">
          <Icon name="down" />
          {words.newer}
        </button>
      )}
      <Composer view={view} />
    </>
  );
}

function continues(before: ChatMessage | undefined, message: ChatMessage): boolean {
  return before !== undefined && before.author === message.author && message.at - before.at < TOGETHER_MS;
}

interface MessageProps {
  readonly message: ChatMessage;
  readonly isMine: boolean;
  readonly isContinued: boolean;
  readonly speech: string;
}

/** Memoised: a new message must not touch the two thousand before it. */
const Message = memo(function Message({ message, isMine, isContinued, speech }: MessageProps) {
  const at = new Date(message.at);
  return (
    <li class="message" data-mine={isMine} data-continued={isContinued} data-testid="chat-message" data-message-id={message.id}>
      <p class={isContinued ? "hidden" : "message-head"}>
        <strong>{message.name}</strong>
        <time dateTime={at.toISOString()}>{at.toLocaleTimeString(speech, { hour: "2-digit", minute: "2-digit" })}</time>
      </p>
      <p class="bubble">
        <Words text={message.text} />
      </p>
    </li>
  );
});

function Words({ text: words }: { readonly text: string }) {
  return (
    <>
      {pieces(words).map((piece, index) =>
        piece.kind === "text" ? (
          piece.text
        ) : (
          <a key={index} href={piece.url} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}

function Pending({ view, draft }: { readonly view: RoomView; readonly draft: Draft }) {
  const words = text.value.chat;
  const resend = () => {
    view.store.discardDraft(draft.key);
    view.store.say(draft.text);
  };
  return (
    <li class="message" data-mine={true} data-testid="chat-draft" data-state={draft.refusal === null ? "sending" : "refused"}>
      <p class="bubble" aria-busy={draft.refusal === null}>
        <Words text={draft.text} />
      </p>
      {draft.refusal === null ? (
        <p class="hidden">{words.sending}</p>
      ) : (
        <div class="refused" role="alert">
          <p>{explain(draft.refusal)}</p>
          <button type="button" class="button button-small" onClick={resend}>
            {words.resend}
          </button>
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
    case "tooFast":
    case "textEmpty":
    case "notAllowed":
    case "roomClosing":
      return refused[refusal.code];
    default:
      return refused.other;
  }
}
