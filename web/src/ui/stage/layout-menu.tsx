/**
 * The picker of layouts, above the tools; for moderators with the one for all.
 *
 * For browser tests: `layout-toggle`, `layout-menu`, `layout-auto`, `layout-<layout>`, `layout-for-all`.
 */

import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { LAYOUTS } from "../../room/locks.ts";
import type { Layout } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import { CaptionChoices } from "../captions/captions.tsx";
import { stayOpenInside } from "../popover.ts";
import type { RoomView } from "../view.ts";

const ICONS = { auto: "layout", presentation: "presenter", speaker: "speaker", gallery: "gallery", audio: "headphones" } as const satisfies Record<Layout | "auto", IconName>;

export function LayoutMenu({ view }: { readonly view: RoomView }) {
  return view.stage.isLayoutMenuOpen.value ? <OpenLayoutMenu view={view} /> : null;
}

function OpenLayoutMenu({ view }: { readonly view: RoomView }) {
  const words = text.value.layout;
  const menu = useRef<HTMLElement>(null);
  const close = () => (view.stage.isLayoutMenuOpen.value = false);
  useEffect(() => stayOpenInside(menu.current, close), []);
  const { choice, layout } = view.stage;
  const { layout: forAll } = view.store.room.value.settings;
  const { usual, meanwhile, left } = choice.value;
  const isOwn = usual === "audio" || (forAll === null ? (meanwhile ?? usual) !== null : forAll === left);
  const chosen = isOwn ? layout.value : "auto";
  return (
    <section ref={menu} id="layout-menu" class="layout-menu" aria-label={words.title} data-testid="layout-menu">
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset groups the fields of a form */}
      <div class="layout-choices" role="group" aria-label={words.title}>
        {(["auto", ...LAYOUTS] as const).map((name) => (
          <button
            key={name}
            type="button"
            class="layout-choice"
            aria-pressed={chosen === name}
            onClick={() => {
              view.stage.pick(name === "auto" ? null : name);
              close();
            }}
            data-testid={`layout-${name}`}
          >
            <Icon name={ICONS[name]} />
            <span class="layout-words">
              <strong>{words.names[name]}</strong>
              <span>{name === "auto" && forAll !== null ? words[view.isModerator.value ? "set" : "told"](words.names[forAll]) : words.helps[name]}</span>
            </span>
          </button>
        ))}
      </div>
      <CaptionChoices view={view} />
      {view.isModerator.value ? <ForAll view={view} forAll={forAll} /> : null}
    </section>
  );
}

function ForAll({ view, forAll }: { readonly view: RoomView; readonly forAll: Layout | null }) {
  const words = text.value.layout;
  return (
    <label class="layout-for-all">
      <span>{words.forAll}</span>
      <select
        value={forAll ?? ""}
        onChange={({ currentTarget }) => {
          const layout = LAYOUTS.find((name) => name === currentTarget.value) ?? null;
          view.ask({ kind: "lead", act: { kind: "setLayout", layout } });
        }}
        data-testid="layout-for-all"
      >
        <option value="">{words.free}</option>
        {LAYOUTS.map((name) => (
          <option key={name} value={name}>
            {words.names[name]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Tells those who do not see it that the teacher chose for all. */
export function LayoutAnnouncer({ view }: { readonly view: RoomView }) {
  const { layout } = view.store.room.value.settings;
  const words = text.value.layout;
  return (
    <p class="hidden" aria-live="polite">
      {layout === null || view.isModerator.value ? "" : words.told(words.names[layout])}
    </p>
  );
}
