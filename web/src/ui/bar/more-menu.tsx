/**
 * The tools that have no place in the bar.
 *
 * For browser tests: `more-toggle`, `more-menu`.
 */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { Preferences } from "../preferences.tsx";
import { stayOpenInside } from "../popover.ts";
import type { RoomView } from "../view.ts";
import { Badge } from "./badge.tsx";

export function MoreToggle({ view, count }: { readonly view: RoomView; readonly count: number }) {
  const { isMoreOpen } = view;
  const label = text.value.layout.more;
  return (
    <button
      type="button"
      class="tool"
      aria-expanded={isMoreOpen.value}
      aria-controls="more-menu"
      title={label}
      onClick={() => (isMoreOpen.value = !isMoreOpen.peek())}
      data-testid="more-toggle"
    >
      <span class="tool-face">
        <Icon name="more" />
      </span>
      <span class="tool-label">{label}</span>
      {count === 0 ? null : <Badge count={count} testId="more-waiting" />}
    </button>
  );
}

export function MoreMenu({ view, children }: { readonly view: RoomView; readonly children: ComponentChildren }) {
  return view.isMoreOpen.value ? <OpenMoreMenu view={view}>{children}</OpenMoreMenu> : null;
}

function OpenMoreMenu({ view, children }: { readonly view: RoomView; readonly children: ComponentChildren }) {
  const menu = useRef<HTMLElement>(null);
  const close = () => (view.isMoreOpen.value = false);
  useEffect(() => stayOpenInside(menu.current, close), []);
  return (
    <section ref={menu} id="more-menu" class="more-menu" aria-label={text.value.layout.more} data-testid="more-menu">
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events jsx-a11y/no-static-element-interactions -- its buttons take the keys */}
      <div class="more-tools" onClick={close}>
        {children}
      </div>
      <Preferences />
    </section>
  );
}
