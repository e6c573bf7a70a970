/**
 * Reactions and one's own status, above the tools.
 *
 * For browser tests: `sign-toggle`, `sign-menu`, `react-<reaction>`, `status-<status>`.
 */

import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { REACTIONS, STATUSES } from "../../room/parse-signs.ts";
import { Icon } from "../icon.tsx";
import { stayOpenInside } from "../popover.ts";
import type { RoomView } from "../view.ts";
import { REACTION_ICONS, STATUS_ICONS } from "./sign-icons.ts";

export function SignToggle({ view }: { readonly view: RoomView }) {
  const words = text.value.sign;
  const mine = view.store.room.value.statuses.get(view.store.me);
  const isOpen = view.isSignMenuOpen.value;
  return (
    <button
      type="button"
      class="tool"
      aria-label={mine === undefined ? words.open : `${words.open}, ${words.statuses[mine]}`}
      aria-expanded={isOpen}
      aria-controls="sign-menu"
      aria-keyshortcuts="R"
      title={`${words.open} (R)`}
      onClick={() => (view.isSignMenuOpen.value = !isOpen)}
      data-testid="sign-toggle"
    >
      <span class="tool-face" data-has-status={mine !== undefined}>
        <Icon name={mine === undefined ? "smile" : STATUS_ICONS[mine]} />
      </span>
      <span class="tool-label">{words.open}</span>
    </button>
  );
}

export function SignMenu({ view }: { readonly view: RoomView }) {
  return view.isSignMenuOpen.value ? <OpenSignMenu view={view} /> : null;
}

function OpenSignMenu({ view }: { readonly view: RoomView }) {
  const words = text.value.sign;
  const menu = useRef<HTMLElement>(null);
  const mine = view.store.room.value.statuses.get(view.store.me) ?? null;
  const close = () => (view.isSignMenuOpen.value = false);
  useEffect(() => stayOpenInside(menu.current, close), []);
  return (
    <section ref={menu} id="sign-menu" class="sign-menu" aria-label={words.open} data-testid="sign-menu">
      <fieldset class="sign-reactions">
        <legend class="hidden">{words.react}</legend>
        {REACTIONS.map((reaction) => (
          <button
            key={reaction}
            type="button"
            class="sign-reaction"
            data-reaction={reaction}
            aria-label={words.reactions[reaction]}
            title={words.reactions[reaction]}
            onClick={() => view.ask({ kind: "sign", act: { kind: "react", reaction } })}
            data-testid={`react-${reaction}`}
          >
            <Icon name={REACTION_ICONS[reaction]} />
          </button>
        ))}
      </fieldset>
      <fieldset class="sign-statuses">
        <legend class="sign-title">{words.status}</legend>
        {STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            class="chip"
            aria-pressed={mine === status}
            onClick={() => {
              view.ask({ kind: "sign", act: { kind: "status", status: mine === status ? null : status } });
              close();
            }}
            data-testid={`status-${status}`}
          >
            <Icon name={STATUS_ICONS[status]} />
            {words.statuses[status]}
          </button>
        ))}
      </fieldset>
    </section>
  );
}
