/** Lines over the stage when something is in the way: `status-banner` with `data-state`. */

import type { ComponentChildren } from "preact";
import { language, text } from "../../i18n/language.ts";
import type { Refusal } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import type { RoomView } from "../view.ts";

export function Banner({ view }: { readonly view: RoomView }) {
  return (
    <>
      <InTheWay view={view} />
      <Unattended view={view} />
    </>
  );
}

/** When the room ends, if nobody comes back to lead it. */
function Unattended({ view }: { readonly view: RoomView }) {
  const { endsAt } = view.store.room.value;
  if (endsAt === null) {
    return null;
  }
  const time = new Date(endsAt).toLocaleTimeString(language.value, { hour: "2-digit", minute: "2-digit" });
  return <Strip icon="clock" state="unattended" title={text.value.lead.unattended(time)} help="" />;
}

function InTheWay({ view }: { readonly view: RoomView }) {
  const words = text.value.room;
  const line = view.line.line.value;
  if (view.line.isLate.value) {
    const isFirst = view.store.room.value.revision < 0;
    return (
      <Strip icon="offline" state="reconnecting" title={isFirst ? words.connecting : words.reconnecting} help={isFirst ? "" : words.reconnectingHelp}>
        {line.state === "waiting" ? (
          <button type="button" class="button button-small" onClick={view.line.hurry}>
            {words.reconnectNow}
          </button>
        ) : null}
      </Strip>
    );
  }
  // It passes, and what it answers was done just now.
  const refusal = view.refused.value;
  if (refusal !== null) {
    return <Strip icon="alert" state="refused" title={explain(refusal)} help="" />;
  }
  if (view.isSoundBlocked.value) {
    return (
      <Strip icon="sound" state="soundBlocked" title={words.soundBlocked} help="">
        <button type="button" class="button button-small button-main" onClick={view.startSound} data-testid="sound-start">
          {words.soundStart}
        </button>
      </Strip>
    );
  }
  return null;
}

function explain({ code }: Refusal): string {
  const { refused, lead } = text.value;
  if (code === "lastModerator" || code === "roomFull" || code === "locked") {
    return lead.refused[code];
  }
  return code in refused ? refused[code as keyof typeof refused] : refused.other;
}

interface StripProps {
  readonly icon: IconName;
  readonly state: string;
  readonly title: string;
  readonly help: string;
  readonly children?: ComponentChildren;
}

export function Strip({ icon, state, title, help, children }: StripProps) {
  return (
    <div class="banner" data-testid="status-banner" data-state={state}>
      <Icon name={icon} />
      <p>
        <strong>{title}</strong> {help}
      </p>
      {children}
    </div>
  );
}
