/** Chat or people beside the stage; on a phone a sheet over it. */

import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { PanelName, RoomView } from "../view.ts";
import { Chat } from "./chat.tsx";
import { People } from "./people.tsx";

export function Panel({ view }: { readonly view: RoomView }) {
  const name = view.panel.value;
  return name === null ? null : <OpenPanel key={name} view={view} name={name} />;
}

function OpenPanel({ view, name }: { readonly view: RoomView; readonly name: PanelName }) {
  const words = text.value;
  const element = useRef<HTMLElement>(null);
  const title = name === "chat" ? words.room.chat : words.room.peopleTitle;
  // Taken while rendering: afterwards the focus may already be in the panel.
  const opener = useRef(document.activeElement);
  useEffect(() => {
    const panel = element.current;
    return () => returnFocus(panel, opener.current);
  }, []);
  return (
    <aside ref={element} id="panel" class="panel" aria-label={title} data-testid={`${name}-panel`}>
      <header class="panel-head">
        <h2>{title}</h2>
        {name === "people" ? <span class="panel-count">{view.store.room.value.participants.size}</span> : null}
        <button type="button" class="panel-close" aria-label={words.close} onClick={() => (view.panel.value = null)} data-testid="panel-close">
          <Icon name="close" />
        </button>
      </header>
      {name === "chat" ? <Chat view={view} /> : <People view={view} />}
    </aside>
  );
}

/** Whoever closes a panel they are in continues where they opened it. */
function returnFocus(panel: HTMLElement | null, opener: Element | null): void {
  const focused = document.activeElement;
  // What had the focus may be gone already; the browser then falls back to the body.
  if (opener instanceof HTMLElement && (focused === document.body || panel?.contains(focused) === true)) {
    opener.focus();
  }
}
