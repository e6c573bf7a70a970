/**
 * Where a message is written. Enter sends, Shift+Enter breaks the line, Escape ends a reply or a change.
 *
 * For browser tests: `chat-input`, `chat-send`, `chat-to`, `chat-writing` with `data-kind`.
 */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { isPrivate } from "../../room/reduce-chat.ts";
import { ConsentQuestion } from "../consent/question.tsx";
import { Icon } from "../icon.tsx";
import type { RoomView, Writing } from "../view.ts";
import { AudiencePicker } from "./audience.tsx";
import { toWhom } from "./message.tsx";

/** Characters the room takes. */
const TEXT_MAX = 2_000;
/** From here on the rest is counted out loud. */
const COUNTED_FROM = 1_800;
/** The room lets nobody say more often that they write; others forget it after five seconds. */
const TYPING_EVERY_MS = 3_000;

export function Composer({ view }: { readonly view: RoomView }) {
  const isLocked = view.locks.value.has("publicChat");
  const isUnread = !view.statement.stated.value.agreed.read;
  const isLed = [...view.store.room.value.participants.values()].some(({ id, role }) => role === "moderator" && (id !== view.store.me || !isUnread));
  return (
    <>
      {isUnread ? (
        <Unread view={view} isLed={isLed} />
      ) : isLocked ? (
        <p class="panel-note" aria-live="polite" data-testid="chat-locked">
          {isLed ? text.value.lead.chatToTeachers : text.value.lead.chatLocked}
        </p>
      ) : null}
      {isLocked && !isLed ? null : <OpenComposer view={view} />}
    </>
  );
}

/** Who has not agreed to be read writes to the teacher, until they do. */
function Unread({ view, isLed }: { readonly view: RoomView; readonly isLed: boolean }) {
  const words = text.value.consent;
  const { statement } = view;
  return (
    <div class="panel-note" data-testid="chat-unread">
      <p>{isLed ? words.chatToTeachers : words.chatUnread}</p>
      {statement.asking.value === "read" ? null : (
        <button type="button" class="link-button" onClick={() => (statement.asking.value = "read")} data-testid="chat-agree">
          {words.writeToAll}
        </button>
      )}
      <ConsentQuestion statement={statement} media={["read"]} onYes={() => undefined} />
    </div>
  );
}

function OpenComposer({ view }: { readonly view: RoomView }) {
  const words = text.value.chat;
  const field = useRef<HTMLTextAreaElement>(null);
  const isFull = useSignal(false);
  const typed = view.typed.value;
  const writing = view.writing.value;
  const left = TEXT_MAX - [...typed].length;
  useLayoutEffect(() => {
    // On a touch screen the keyboard would cover what the person came to read.
    if (writing !== null || !matchMedia("(pointer: coarse)").matches) {
      field.current?.focus();
    }
  }, [writing]);
  const send = () => {
    const message = typed.trim();
    if (message === "" || left < 0) {
      return;
    }
    isFull.value = !post(view, message);
    if (!isFull.value) {
      stopWriting(view, writing?.before ?? "");
      view.toldTyping.value = Number.NEGATIVE_INFINITY;
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {isFull.value ? (
        <p class="field-error" role="alert">
          {words.full}
        </p>
      ) : null}
      {writing === null ? <AudiencePicker view={view} /> : <WritingWhat view={view} writing={writing} />}
      <div class="composer-row">
        <textarea
          ref={field}
          rows={1}
          value={typed}
          placeholder={placeholder(view)}
          aria-label={words.label}
          aria-invalid={left < 0}
          onInput={(event) => {
            view.typed.value = event.currentTarget.value;
            tellTyping(view);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              send();
            }
            if (event.key === "Escape" && writing !== null) {
              event.preventDefault();
              cancel(view, writing);
            }
          }}
          data-testid="chat-input"
        />
        <button type="submit" class="composer-send" aria-label={words.send} aria-disabled={typed.trim() === "" || left < 0} data-testid="chat-send">
          <Icon name={writing?.kind === "edit" ? "check" : "send"} />
        </button>
      </div>
      <Left left={left} />
    </form>
  );
}

function Left({ left }: { readonly left: number }) {
  const words = text.value.chat;
  return left > TEXT_MAX - COUNTED_FROM ? null : (
    <p class={left < 0 ? "field-error" : "field-hint"} aria-live="polite">
      {left < 0 ? words.over(-left) : words.left(left)}
    </p>
  );
}

function WritingWhat({ view, writing }: { readonly view: RoomView; readonly writing: Writing }) {
  const words = text.value.talk;
  const { message, kind } = writing;
  return (
    <div class="writing" data-testid="chat-writing" data-kind={kind}>
      <Icon name={kind === "edit" ? "edit" : "reply"} />
      <p>
        <strong>{kind === "edit" ? words.editing : words.replying(message.name)}</strong> {message.text}
      </p>
      <button type="button" class="icon-button" aria-label={text.value.cancel} onClick={() => cancel(view, writing)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** A private message is answered privately: to its author, or to whom one wrote it oneself. */
function post(view: RoomView, message: string): boolean {
  const writing = view.writing.value;
  if (writing === null) {
    return view.store.say(message, view.to.value, null);
  }
  const { id, to, author } = writing.message;
  const isSecret = isPrivate(writing.message);
  if (writing.kind === "edit") {
    view.ask({ kind: "chat", act: { kind: "edit", id, private: isSecret, text: message } });
    return true;
  }
  const back = isSecret && author !== view.store.me ? { kind: "one", id: author } as const : to;
  return view.store.say(message, back, id);
}

/** Of a change that is given up nothing stays, of an answer what was written. */
function cancel(view: RoomView, writing: Writing): void {
  stopWriting(view, writing.kind === "edit" ? writing.before : view.typed.peek());
}

function stopWriting(view: RoomView, typed: string): void {
  view.typed.value = typed;
  view.writing.value = null;
}

function placeholder(view: RoomView): string {
  const to = view.to.value;
  return to.kind === "everyone" || view.writing.value !== null ? text.value.chat.placeholder : toWhom(view, to);
}

/** Only what the room would hear at once: an old word of it is worth nothing. */
function tellTyping(view: RoomView): void {
  const now = performance.now();
  if (view.line.line.peek().state === "open" && view.writing.peek()?.kind !== "edit" && now - view.toldTyping.peek() >= TYPING_EVERY_MS) {
    view.toldTyping.value = now;
    void view.store.ask({ kind: "chat", act: { kind: "typing", to: view.to.peek() } });
  }
}
