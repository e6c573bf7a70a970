/**
 * The three questions, none of them answered beforehand: `consent`, `consent-seen`, `consent-heard`,
 * `consent-read`.
 */

import { useId } from "preact/hooks";
import { language, text } from "../../i18n/language.ts";
import { MEDIA } from "../../room/consent.ts";
import type { Terms } from "../../room/consent.ts";
import type { Medium } from "../../room/messages.ts";
import type { Statement } from "./statement.ts";

export function ConsentSwitches({ statement }: { readonly statement: Statement }) {
  const words = text.value.consent;
  const terms = statement.terms.value;
  return (
    <fieldset class="consent" data-testid="consent">
      <legend>{words.title}</legend>
      {typeof terms === "string" ? <Missing statement={statement} isLoading={terms === "loading"} /> : <Switches statement={statement} terms={terms} />}
    </fieldset>
  );
}

function Switches({ statement, terms }: { readonly statement: Statement; readonly terms: Terms }) {
  const { version } = terms;
  const said = terms[language.value === "de" ? "de" : "en"];
  return (
    <>
      <p>{said.intro}</p>
      {MEDIA.map((medium) => (
        <Switch key={medium} statement={statement} medium={medium} said={said[medium]} />
      ))}
      <p class="consent-version">{text.value.consent.version(version)}</p>
    </>
  );
}

interface SwitchProps {
  readonly statement: Statement;
  readonly medium: Medium;
  readonly said: string;
}

function Switch({ statement, medium, said }: SwitchProps) {
  const id = useId();
  const may = statement.most.value[medium];
  const isOn = statement.stated.value.agreed[medium];
  return (
    <label class="switch" for={id}>
      <span class="consent-words">
        <span>{said}</span>
        {may ? null : <span class="consent-reason">{text.value.consent.notOffered}</span>}
      </span>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        checked={isOn}
        disabled={!may}
        onChange={({ currentTarget }) => statement.agree(medium, currentTarget.checked)}
        data-testid={`consent-${medium}`}
      />
    </label>
  );
}

/** Nothing can be agreed to before there is something to read. */
function Missing({ statement, isLoading }: { readonly statement: Statement; readonly isLoading: boolean }) {
  const words = text.value.consent;
  return isLoading ? (
    <p>{words.loading}</p>
  ) : (
    <>
      <p>{words.missing}</p>
      <button type="button" class="button button-small" onClick={statement.load}>
        {text.value.again}
      </button>
    </>
  );
}
