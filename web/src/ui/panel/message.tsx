/**
 * One message and what can be done about it.
 *
 * For browser tests: `chat-message` with `data-message-id` and `data-private`, `message-more`,
 * `message-reply`, `message-edit`, `message-delete`, `message-pin`, `message-react-<reaction>`.
 */

import { memo } from "preact/compat";
import { text } from "../../i18n/language.ts";
import type { Audience, ChatMessage, Reaction } from "../../room/messages.ts";
import { REACTIONS } from "../../room/parse-signs.ts";
import { isPrivate } from "../../room/reduce-chat.ts";
import { titleById } from "../breakouts/titles.ts";
import { Icon } from "../icon.tsx";
import { shownName } from "../lead/names.ts";
import type { IconName } from "../icon.tsx";
import { REACTION_ICONS } from "../signs/sign-icons.ts";
import type { RoomView } from "../view.ts";
import { pieces } from "./links.ts";

interface MessageProps {
  readonly view: RoomView;
  readonly message: ChatMessage;
  /** What it answers; undefined when it answers nothing, null when that is gone. */
  readonly answered: ChatMessage | null | undefined;
  readonly isContinued: boolean;
  /** What can be done is shown. */
  readonly isOpen: boolean;
  readonly speech: string;
}

/** Memoised: a new message must not touch the two thousand before it. */
export const Message = memo(function Message({ view, message, answered, isContinued, isOpen, speech }: MessageProps) {
  const words = text.value.talk;
  const at = new Date(message.at);
  const isPublic = !isPrivate(message);
  return (
    <li
      class="message"
      data-mine={message.author === view.store.me}
      data-continued={isContinued}
      data-private={isWhispered(message.to)}
      data-testid="chat-message"
      data-message-id={message.id}
    >
      <p class={isContinued ? "hidden" : "message-head"}>
        <strong>{shownName(view, message.author, message.name)}</strong>
        {isPublic ? null : <span class="message-to">{toWhom(view, message.to)}</span>}
        <time dateTime={at.toISOString()}>{at.toLocaleTimeString(speech, { hour: "2-digit", minute: "2-digit" })}</time>
      </p>
      <div class="message-row">
        <div class="bubble">
          {answered === undefined ? null : (
            <p class="quote">
              {answered === null ? (
                words.gone
              ) : (
                <>
                  <strong>{shownName(view, answered.author, answered.name)}</strong> {answered.text}
                </>
              )}
            </p>
          )}
          <p class="bubble-words">
            <Words text={message.text} />
          </p>
          {message.edited ? <span class="message-edited">{words.edited}</span> : null}
        </div>
        <button
          type="button"
          class="message-more"
          aria-label={words.more(message.name)}
          aria-expanded={isOpen}
          onClick={() => (view.openMessage.value = isOpen ? null : keyOf(message))}
          data-testid="message-more"
        >
          <Icon name="more" />
        </button>
      </div>
      <Reactions view={view} message={message} />
      {isOpen ? <Ways view={view} message={message} /> : null}
    </li>
  );
});

/** Public and private messages have names of their own. */
export function keyOf(message: ChatMessage): string {
  return `${isPrivate(message) ? "private" : "public"}-${message.id}`;
}

/** What is said in a breakout is for all who are there. */
export function isWhispered(to: Audience): boolean {
  return to.kind === "moderators" || to.kind === "one";
}

export function toWhom(view: RoomView, to: Audience): string {
  const words = text.value.talk;
  switch (to.kind) {
    case "everyone":
      return words.toAll;
    case "moderators":
      return words.privately(words.moderators);
    case "breakout":
      return titleById(view, to.id);
    case "one":
      return words.privately(to.id === view.store.me ? words.you : (view.store.room.value.participants.get(to.id)?.name ?? words.someone));
  }
}

export function Words({ text: words }: { readonly text: string }) {
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

interface PartProps {
  readonly view: RoomView;
  readonly message: ChatMessage;
}

function Reactions({ view, message }: PartProps) {
  const words = text.value.sign.reactions;
  if (message.reactions.length === 0) {
    return null;
  }
  const by = (reaction: Reaction) => message.reactions.filter((other) => other.reaction === reaction);
  return (
    <ul class="message-reactions">
      {REACTIONS.filter((reaction) => by(reaction).length > 0).map((reaction) => {
        const isMine = by(reaction).some(({ id }) => id === view.store.me);
        return (
          <li key={reaction}>
            <button
              type="button"
              class="message-reaction"
              data-reaction={reaction}
              aria-pressed={isMine}
              aria-label={`${words[reaction]}: ${by(reaction).length}`}
              onClick={() => react(view, message, isMine ? null : reaction)}
            >
              <Icon name={REACTION_ICONS[reaction]} />
              {by(reaction).length}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function Ways({ view, message }: PartProps) {
  const words = text.value.talk;
  const isMine = message.author === view.store.me;
  const isUnlisted = isPrivate(message);
  const leads = view.isModerator.value;
  const close = () => (view.openMessage.value = null);
  const act = (does: () => void) => () => {
    does();
    close();
  };
  return (
    <div class="message-ways">
      <span class="message-ways-row">
        {REACTIONS.map((reaction) => (
          <button
            key={reaction}
            type="button"
            class="icon-button"
            data-reaction={reaction}
            aria-label={text.value.sign.reactions[reaction]}
            title={text.value.sign.reactions[reaction]}
            onClick={act(() => react(view, message, reaction))}
            data-testid={`message-react-${reaction}`}
          >
            <Icon name={REACTION_ICONS[reaction]} />
          </button>
        ))}
      </span>
      <span class="message-ways-row">
        <Way icon="reply" label={words.reply} testId="message-reply" onClick={act(() => (view.writing.value = { kind: "reply", message, before: "" }))} />
        {isMine ? <Way icon="edit" label={words.edit} testId="message-edit" onClick={act(() => startEdit(view, message))} /> : null}
        {isMine || leads ? (
          <Way
            icon="trash"
            label={words.delete}
            testId="message-delete"
            onClick={act(() => view.ask({ kind: "chat", act: { kind: "delete", id: message.id, private: isUnlisted } }))}
          />
        ) : null}
        {leads && !isUnlisted ? (
          <Way
            icon="pin"
            label={message.pinned ? words.unpin : words.pin}
            testId="message-pin"
            onClick={act(() => view.ask({ kind: "chat", act: { kind: "pin", id: message.id, pinned: !message.pinned } }))}
          />
        ) : null}
      </span>
    </div>
  );
}

interface WayProps {
  readonly icon: IconName;
  readonly label: string;
  readonly testId: string;
  readonly onClick: () => void;
}

function Way({ icon, label, testId, onClick }: WayProps) {
  return (
    <button type="button" class="way" onClick={onClick} data-testid={testId}>
      <Icon name={icon} />
      {label}
    </button>
  );
}

function react(view: RoomView, message: ChatMessage, reaction: Reaction | null): void {
  view.ask({ kind: "chat", act: { kind: "react", id: message.id, private: isPrivate(message), reaction } });
}

function startEdit(view: RoomView, message: ChatMessage): void {
  const before = view.writing.peek()?.kind === "edit" ? (view.writing.peek()?.before ?? "") : view.typed.peek();
  view.writing.value = { kind: "edit", message, before };
  view.typed.value = message.text;
}

