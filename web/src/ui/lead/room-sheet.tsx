/**
 * For moderators: presets in one tap, who may come in, and every lock.
 *
 * For browser tests: `room-sheet`, `preset-<preset>`, `entry-<entry>`, `lock-all-<lock>`, `waiting-message`.
 */

import { useSignal } from "@preact/signals";
import { text } from "../../i18n/language.ts";
import { LOCKS, PRESETS } from "../../room/locks.ts";
import type { Entry, Preset } from "../../room/messages.ts";
import { CloseWay, Dialog } from "../dialog.tsx";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { Links } from "./links.tsx";

const PRESET_ICONS: Readonly<Record<Preset, IconName>> = {
  lecture: "presenter",
  discussion: "chat",
  quietWork: "quiet",
  test: "test",
  oneToOne: "person",
  parentsEvening: "people",
};

const ENTRIES: readonly Entry[] = ["open", "ask", "closed"];

export function RoomSheet({ view }: { readonly view: RoomView }) {
  const words = text.value.lead;
  const close = () => (view.dialog.value = null);
  return (
    <Dialog title={words.sheet} onClose={close} testId="room-sheet">
      <div class="sheet-parts">
        <Presets view={view} />
        <Entries view={view} />
        <Locks view={view} />
        <Links view={view} />
      </div>
      <CloseWay onClose={close} />
    </Dialog>
  );
}

function Presets({ view }: { readonly view: RoomView }) {
  const words = text.value.lead;
  const { preset } = view.store.room.value.settings;
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset groups the fields of a form
    <div class="presets" role="group" aria-label={words.presetsTitle}>
      {PRESETS.map((name) => (
        <button
          key={name}
          type="button"
          class="preset"
          aria-pressed={preset === name}
          onClick={() => view.ask({ kind: "lead", act: { kind: "usePreset", preset: name } })}
          data-testid={`preset-${name}`}
        >
          <Icon name={PRESET_ICONS[name]} />
          <span class="preset-words">
            <strong>{words.presets[name].title}</strong>
            <span>{words.presets[name].help}</span>
          </span>
        </button>
      ))}
    </div>
  );
}

function Entries({ view }: { readonly view: RoomView }) {
  const words = text.value.door;
  const { entry } = view.store.room.value.settings;
  const typed = useSignal(view.store.door.value.notice ?? "");
  const tell = () => view.ask({ kind: "door", act: { kind: "tellWaiting", text: typed.value } });
  return (
    <section class="sheet-part">
      <h3>{words.entryTitle}</h3>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset groups the fields of a form */}
      <div class="segments" role="group" aria-label={words.entryTitle}>
        {ENTRIES.map((name) => (
          <button
            key={name}
            type="button"
            class="segment"
            aria-pressed={entry === name}
            onClick={() => view.ask({ kind: "door", act: { kind: "setEntry", entry: name } })}
            data-testid={`entry-${name}`}
          >
            {words.entries[name].title}
          </button>
        ))}
      </div>
      <p class="field-hint">{words.entries[entry].help}</p>
      {entry === "ask" ? (
        <form
          class="sheet-said"
          onSubmit={(event) => {
            event.preventDefault();
            tell();
          }}
        >
          <input
            type="text"
            maxLength={500}
            value={typed.value}
            placeholder={words.noticePlaceholder}
            aria-label={words.noticeLabel}
            onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
            data-testid="waiting-message"
          />
          <button type="submit" class="button button-small">
            {words.noticeSend}
          </button>
        </form>
      ) : null}
    </section>
  );
}

function Locks({ view }: { readonly view: RoomView }) {
  const words = text.value.lead;
  const { locks } = view.store.room.value.settings;
  return (
    <section class="sheet-part">
      <h3>{words.locksTitle}</h3>
      <div class="switches">
        {LOCKS.map((lock) => (
          <label key={lock} class="switch">
            <span>{words.locks[lock].allowed}</span>
            <input
              type="checkbox"
              role="switch"
              aria-checked={!locks.includes(lock)}
              checked={!locks.includes(lock)}
              onChange={({ currentTarget }) =>
                view.ask({ kind: "lead", act: { kind: "setLock", lock, locked: !currentTarget.checked } })
              }
              data-testid={`lock-all-${lock}`}
            />
          </label>
        ))}
      </div>
    </section>
  );
}
