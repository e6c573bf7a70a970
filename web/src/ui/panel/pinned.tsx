/** Messages that a moderator keeps above all others, and clearing the chat: `chat-pinned`, `chat-clear`. */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { Words } from "./message.tsx";

export function Pinned({ view }: { readonly view: RoomView }) {
  const words = text.value.talk;
  const { chat } = view.store.room.value;
  const pinned = chat.filter((message) => message.pinned);
  const leads = view.isModerator.value;
  const mayClear = leads && chat.length > 0;
  return pinned.length === 0 && !mayClear ? (
    <div />
  ) : (
    <div class="chat-top">
      {pinned.length === 0 ? null : (
        <ul class="pinned" aria-label={words.pinned}>
          {pinned.map((message) => (
            <li key={message.id} data-testid="chat-pinned" data-message-id={message.id}>
              <Icon name="pin" />
              <p>
                <strong>{message.name}</strong> <Words text={message.text} />
              </p>
              {leads ? (
                <button
                  type="button"
                  class="icon-button"
                  aria-label={words.unpin}
                  title={words.unpin}
                  onClick={() => view.ask({ kind: "chat", act: { kind: "pin", id: message.id, pinned: false } })}
                >
                  <Icon name="close" />
                </button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {mayClear ? (
        <button type="button" class="link-button" aria-haspopup="dialog" onClick={() => (view.dialog.value = "clearChat")} data-testid="chat-clear">
          {words.clear}
        </button>
      ) : null}
    </div>
  );
}
