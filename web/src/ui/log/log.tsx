/** What moderators did, for moderators: `log`, `log-entry` with `data-act`, `log-open`. */

import { useEffect } from "preact/hooks";
import { language, text } from "../../i18n/language.ts";
import type { LogEntry } from "../../room/messages.ts";
import { CloseWay, Dialog } from "../dialog.tsx";
import type { RoomView } from "../view.ts";

/** The way there, in the list of people. */
export function LogWay({ view }: { readonly view: RoomView }) {
  return view.isModerator.value ? (
    <button type="button" class="link-button attendance-way" aria-haspopup="dialog" onClick={() => (view.dialog.value = "log")} data-testid="log-open">
      {text.value.log.title}
    </button>
  ) : null;
}

export function LogDialog({ view }: { readonly view: RoomView }) {
  const words = text.value.log;
  const { log } = view.store.inbox.value;
  const close = () => (view.dialog.value = null);
  useEffect(() => view.ask({ kind: "report", of: "log" }), []);
  return (
    <Dialog title={words.title} onClose={close} testId="log">
      <p>{words.help}</p>
      {log === null ? <p class="attendance-told">{text.value.attendance.waiting}</p> : <Entries log={log} />}
      <CloseWay onClose={close} />
    </Dialog>
  );
}

/** The newest first. */
function Entries({ log }: { readonly log: readonly LogEntry[] }) {
  const words = text.value.log;
  const clock = new Intl.DateTimeFormat(language.value, { timeStyle: "medium" });
  if (log.length === 0) {
    return <p>{words.none}</p>;
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
    <ol class="log-list" tabIndex={0}>
      {log.toReversed().map(({ at, act, by, whom }, index) => (
        <li key={log.length - index} data-testid="log-entry" data-act={act}>
          <time dateTime={new Date(at).toISOString()}>{clock.format(at)}</time>
          <span>
            <strong>{by.name}</strong> {words.acts[act](whom?.name ?? text.value.talk.someone)}
          </span>
        </li>
      ))}
    </ol>
  );
}
