/**
 * The question in place: what somebody wants to do needs their consent, which is asked for there and
 * then. `consent-question` with `data-medium`, `consent-yes`, `consent-no`.
 */

import { language, text } from "../../i18n/language.ts";
import type { Medium } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import type { Statement } from "./statement.ts";

const ICONS = { seen: "cam", heard: "mic", read: "chat" } as const satisfies Record<Medium, IconName>;

interface Props {
  readonly statement: Statement;
  /** Which questions are asked here. */
  readonly media: readonly Medium[];
  /** What the person wanted to do. */
  readonly onYes: (medium: Medium) => void;
}

export function ConsentQuestion({ statement, media, onYes }: Props) {
  const medium = statement.asking.value;
  if (medium === null || !media.includes(medium)) {
    return null;
  }
  const words = text.value.consent;
  const terms = statement.terms.value;
  const may = statement.most.value[medium];
  const close = () => (statement.asking.value = null);
  const agree = () => {
    close();
    statement.agree(medium, true);
    onYes(medium);
  };
  const said = typeof terms === "object" ? terms[language.value === "de" ? "de" : "en"][medium] : words.missing;
  return (
    <div class="help help-question" role="alert" data-testid="consent-question" data-medium={medium}>
      <Icon name={ICONS[medium]} />
      <div class="help-words">
        <strong>{words.questions[medium]}</strong>
        <p>{may ? said : words.notOffered}</p>
        {may && typeof terms === "object" ? <p>{words.changeable}</p> : null}
        <div class="help-ways">
          {may && typeof terms === "object" ? (
            <button type="button" class="button button-small button-main" onClick={agree} data-testid="consent-yes">
              {words.yes}
            </button>
          ) : null}
          {terms === "failed" ? (
            <button type="button" class="button button-small" onClick={statement.load}>
              {text.value.again}
            </button>
          ) : null}
          <button type="button" class="button button-small button-plain" onClick={close} data-testid="consent-no">
            {words.no}
          </button>
        </div>
      </div>
    </div>
  );
}
