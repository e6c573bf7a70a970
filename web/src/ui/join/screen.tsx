/**
 * The one screen before the room: name, picture, microphone, go.
 *
 * For browser tests: `join-name`, `join-button`, `mic-toggle`, `cam-toggle`, `mic-picker`,
 * `cam-picker`, `mic-problem`, `cam-problem` (with `data-problem`), `join-problem` (with
 * `data-problem`), `line-check` (with `data-light`), `language`, `theme`.
 */

import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import type { JoinFailure } from "../../room/join.ts";
import { withKept } from "../attendance/kept.ts";
import { ConsentQuestion } from "../consent/question.tsx";
import type { Statement } from "../consent/statement.ts";
import { ConsentSwitches } from "../consent/switches.tsx";
import type { Devices } from "../devices/devices.ts";
import { DeviceHelp } from "../devices/help.tsx";
import { DevicePicker } from "../devices/picker.tsx";
import { Icon } from "../icon.tsx";
import { PageFoot, PageHead } from "../notice.tsx";
import type { Checked } from "./line-check.tsx";
import { Preview } from "./preview.tsx";

/** As the server counts; its own check is the one that holds. */
const NAME_MAX = 60;

/** Why the last attempt failed, or `load` when the room's code did not come. */
export type JoinProblem = JoinFailure | { readonly code: "load" };

interface JoinScreenProps {
  readonly room: string;
  readonly name: string;
  readonly devices: Devices;
  readonly statement: Statement;
  /** What was found out about the line. */
  readonly check: Checked;
  readonly isBusy: boolean;
  readonly problem: JoinProblem | null;
  readonly onJoin: (name: string) => void;
}

export function JoinScreen(props: JoinScreenProps) {
  const words = text.value;
  const name = useSignal(props.name);
  const isNameMissing = useSignal(false);
  const submit = (event: Event) => {
    event.preventDefault();
    const trimmed = name.value.trim();
    isNameMissing.value = trimmed === "";
    if (trimmed !== "" && !props.isBusy) {
      props.onJoin(trimmed);
    }
  };
  return (
    <div class="page">
      <PageHead />
      <main class="join">
        <Preview devices={props.devices} toggle={props.statement.toggle} name={name.value.trim()} check={props.check} />
        <form class="join-form" onSubmit={submit} noValidate>
          <div class="join-title">
            <p>{words.join.room(props.room)}</p>
            <h1>{words.join.title}</h1>
          </div>
          <NameField
            value={name.value}
            error={isNameMissing.value ? words.join.nameMissing : props.problem?.code === "nameInvalid" ? words.join.nameInvalid : null}
            onInput={(value) => (name.value = value)}
          />
          <ConsentSwitches statement={props.statement} />
          <ConsentQuestion statement={props.statement} media={["seen", "heard"]} onYes={(medium) => void props.devices[medium === "seen" ? "cam" : "mic"].turnOn()} />
          <DeviceHelp source={props.devices.mic} />
          <DeviceHelp source={props.devices.cam} />
          <details class="join-devices">
            <summary>
              <Icon name="devices" />
              {words.join.devices}
            </summary>
            <DevicePicker source={props.devices.mic} />
            <DevicePicker source={props.devices.cam} />
          </details>
          <Problem problem={props.problem} />
          <button type="submit" class="button button-main" aria-disabled={props.isBusy} data-testid="join-button">
            {props.isBusy ? words.join.busy : words.join.button}
          </button>
          <p class="join-hint">{words.join.without}</p>
          <p class="join-hint">{withKept(words.join.attendance, props.statement)}</p>
        </form>
      </main>
      <PageFoot />
    </div>
  );
}

interface NameFieldProps {
  readonly value: string;
  readonly error: string | null;
  readonly onInput: (value: string) => void;
}

function NameField({ value, error, onInput }: NameFieldProps) {
  const words = text.value.join;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{words.nameLabel}</label>
      <input
        id={id}
        type="text"
        value={value}
        maxLength={NAME_MAX}
        autocomplete="off"
        autocapitalize="words"
        spellcheck={false}
        aria-describedby={`${id}-hint`}
        aria-invalid={error !== null}
        onInput={(event) => onInput(event.currentTarget.value)}
        data-testid="join-name"
      />
      <p id={`${id}-hint`} class={error === null ? "field-hint" : "field-error"} role={error === null ? undefined : "alert"}>
        {error ?? words.nameHint}
      </p>
    </div>
  );
}

/** It pushes down the button that was pressed: on a phone both are to be in sight. */
function Problem({ problem }: { readonly problem: JoinProblem | null }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => element.current?.nextElementSibling?.scrollIntoView({ block: "nearest" }), [problem]);
  if (problem === null || problem.code === "nameInvalid") {
    return null;
  }
  const { title, help } = explain(problem);
  return (
    <div ref={element} class="help" role="alert" data-testid="join-problem" data-problem={problem.code}>
      <Icon name={problem.code === "unreachable" ? "offline" : "alert"} />
      <div class="help-words">
        <strong>{title}</strong>
        <p>{help}</p>
      </div>
    </div>
  );
}

function explain(problem: JoinProblem): { readonly title: string; readonly help: string } {
  const { failure, link } = text.value;
  switch (problem.code) {
    case "roomFull":
    case "unreachable":
    case "load":
      return failure[problem.code];
    case "tooMany":
      return { title: failure.tooMany.title, help: failure.tooMany.help(Math.ceil(problem.retryAfterMs / 1_000)) };
    case "unexpected":
      return { title: failure.unexpected.title, help: failure.unexpected.help(problem.status) };
    case "malformed":
    case "nameInvalid":
      return { title: failure.unexpected.title, help: failure.unexpected.help(400) };
    case "roomLocked":
    case "removed":
      return text.value.door.failure[problem.code];
    case "linkInvalid":
    case "resumeExpired":
      return link.invalid;
    case "lessonEnded":
      return text.value.end.ended;
  }
}
