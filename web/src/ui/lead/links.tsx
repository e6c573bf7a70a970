/**
 * For moderators: the class's link and personal ones, to copy, to renew and to take back.
 *
 * For browser tests: `links`, `class-link`, `renew-link`, `invite-name`, `invite`, `personal-link`, `revoke-link`.
 */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { EVERYTHING, MEDIA } from "../../room/consent.ts";
import { addressOf } from "../../room/links.ts";
import type { InviteLink, LinkAct } from "../../room/links.ts";
import type { Agreed } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

/** How long a link may be good: an hour, a day, a week, without an end; in minutes. */
const TIMES = [60, 24 * 60, 7 * 24 * 60, null] as const;

export function Links({ view }: { readonly view: RoomView }) {
  const words = text.value.links;
  const links = useSignal<readonly InviteLink[]>([]);
  const hasFailed = useSignal(false);
  const lasts = useSignal<number | null>(null);
  const ask = async (act: LinkAct) => {
    const answer = await view.askLinks(act);
    hasFailed.value = answer === null;
    links.value = answer ?? links.peek();
  };
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the sheet opens
  useEffect(() => void ask({ kind: "list" }), []);
  const [forClass, ...personal] = links.value;
  return (
    <section class="sheet-part" data-testid="links">
      <h3>{words.title}</h3>
      {hasFailed.value ? (
        <p class="field-error" role="alert">
          {words.failed}
        </p>
      ) : null}
      <label class="link-lasts">
        {words.lasts}
        <select value={String(lasts.value)} onChange={({ currentTarget }) => (lasts.value = TIMES[currentTarget.selectedIndex] ?? null)}>
          {TIMES.map((minutes, index) => (
            <option key={minutes} value={String(minutes)}>
              {words.times[index]}
            </option>
          ))}
        </select>
      </label>
      {forClass === undefined ? null : (
        <LinkLine link={forClass} view={view} label={words.forClass} testId="class-link">
          <button type="button" class="button button-small button-plain" onClick={() => void ask({ kind: "renew", lastsMinutes: lasts.value })} data-testid="renew-link">
            {words.renew}
          </button>
        </LinkLine>
      )}
      {personal.map((link) => (
        <LinkLine key={link.id} link={link} view={view} label={link.name ?? ""} testId="personal-link">
          <button
            type="button"
            class="icon-button"
            aria-label={words.revoke(link.name ?? "")}
            title={words.revoke(link.name ?? "")}
            onClick={() => void ask({ kind: "revoke", id: link.id ?? "" })}
            data-testid="revoke-link"
          >
            <Icon name="close" />
          </button>
        </LinkLine>
      ))}
      <Invite onInvite={(name, most) => void ask({ kind: "invite", name, lastsMinutes: lasts.value, most })} />
      <p class="field-hint">{words.help}</p>
    </section>
  );
}

function Invite({ onInvite }: { readonly onInvite: (name: string, most: Agreed) => void }) {
  const words = text.value.links;
  const name = useSignal("");
  const most = useSignal(EVERYTHING);
  return (
    <form
      class="sheet-said sheet-invite"
      onSubmit={(event) => {
        event.preventDefault();
        onInvite(name.value, most.value);
        name.value = "";
        most.value = EVERYTHING;
      }}
    >
      <input
        type="text"
        maxLength={60}
        value={name.value}
        placeholder={words.namePlaceholder}
        aria-label={words.nameLabel}
        onInput={({ currentTarget }) => (name.value = currentTarget.value)}
        data-testid="invite-name"
      />
      <button type="submit" class="button button-small" data-testid="invite">
        {words.invite}
      </button>
      <Permission most={most.value} onChange={(next) => (most.value = next)} />
    </form>
  );
}

/** What the parents of whom it is for allow; the person decides within that. */
function Permission({ most, onChange }: { readonly most: Agreed; readonly onChange: (most: Agreed) => void }) {
  const words = text.value.consent;
  return (
    <fieldset class="link-parents">
      <legend>{words.parents}</legend>
      {MEDIA.map((medium) => (
        <label key={medium} class="check">
          <input
            type="checkbox"
            checked={most[medium]}
            onChange={({ currentTarget }) => onChange({ ...most, [medium]: currentTarget.checked })}
            data-testid={`parents-${medium}`}
          />
          {words.media[medium]}
        </label>
      ))}
    </fieldset>
  );
}

interface LinkLineProps {
  readonly link: InviteLink;
  readonly view: RoomView;
  readonly label: string;
  readonly testId: string;
  readonly children: ComponentChildren;
}

function LinkLine({ link, view, label, testId, children }: LinkLineProps) {
  const words = text.value.links;
  const isCopied = useSignal(false);
  const address = addressOf(location.origin, view.store.room.value.room, link);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      isCopied.value = true;
    } catch {
      // Where the browser forbids it, the link can be marked and copied by hand.
    }
  };
  return (
    <div class="link-line" data-testid={testId}>
      <span class="person-words">
        <span class="person-name">{label}</span>
        <input class="link-address" readOnly value={address} aria-label={label} onFocus={({ currentTarget }) => currentTarget.select()} />
        {link.endsInMs === null ? null : <span class="person-under">{words.ends(Math.ceil(link.endsInMs / 3_600_000))}</span>}
      </span>
      <button type="button" class="button button-small" onClick={() => void copy()}>
        {isCopied.value ? words.copied : words.copy}
      </button>
      {children}
    </div>
  );
}
