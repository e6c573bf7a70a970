/** A page with one thing to say: what happened, what to do. */

import type { ComponentChildren } from "preact";
import { text } from "../i18n/language.ts";
import { Icon, Mark } from "./icon.tsx";
import type { IconName } from "./icon.tsx";
import { Preferences } from "./preferences.tsx";

interface NoticeProps {
  readonly icon: IconName;
  readonly title: string;
  readonly help: string;
  readonly testId: string;
  readonly children?: ComponentChildren;
}

export function Notice({ icon, title, help, testId, children }: NoticeProps) {
  return (
    <div class="page">
      <PageHead />
      <main class="notice" data-testid={testId}>
        <span class="notice-icon">
          <Icon name={icon} />
        </span>
        <h1>{title}</h1>
        <p>{help}</p>
        {children}
      </main>
    </div>
  );
}

export function PageHead() {
  return (
    <header class="page-head">
      <span class="brand">
        <Mark />
        Mosaik
      </span>
      <Preferences />
    </header>
  );
}

export function PageFoot() {
  return <footer class="page-foot">{text.value.notRecordedLong}</footer>;
}
