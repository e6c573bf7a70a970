/**
 * What the own devices say without being asked: `muted-hint`, `silent-hint`, `mic-news` and `cam-news` (with
 * `data-news`).
 */

import type { ComponentChildren } from "preact";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { pushesToTalk } from "./settings.ts";
import type { DeviceNews, Source } from "./source.ts";

export function DeviceHints({ view }: { readonly view: RoomView }) {
  const { ownVoice, devices } = view;
  return (
    <div class="device-hints" aria-live="polite">
      {ownVoice.isUnheard.value ? <MutedHint view={view} /> : null}
      {ownVoice.isSilent.value ? <SilentHint view={view} /> : null}
      <News source={devices.mic} />
      <News source={devices.cam} />
    </div>
  );
}

function MutedHint({ view }: { readonly view: RoomView }) {
  const words = text.value;
  const isPushed = pushesToTalk.value;
  return (
    <Hint icon="micOff" title={words.devices.muted} help={isPushed ? words.devices.mutedSpace : words.devices.mutedHelp} testId="muted-hint">
      {isPushed ? null : (
        <button type="button" class="button button-small button-main" onClick={() => view.sources.toggle("mic")}>
          {words.join.micOn}
        </button>
      )}
      <Dismiss onClick={view.ownVoice.dismiss} />
    </Hint>
  );
}

function SilentHint({ view }: { readonly view: RoomView }) {
  const words = text.value.devices;
  return (
    <Hint icon="alert" title={words.silent} help={words.silentHelp} testId="silent-hint">
      <button type="button" class="button button-small" aria-controls="devices-menu" onClick={() => (view.isDevicesOpen.value = true)}>
        {words.chooseOther}
      </button>
      <Dismiss onClick={view.ownVoice.dismiss} />
    </Hint>
  );
}

function News({ source }: { readonly source: Source }) {
  const news = source.news.value;
  if (news === null) {
    return null;
  }
  const words = text.value;
  const { title, help } = wordsOf(source, news);
  return (
    <Hint icon={source.kind} title={title} help={help} testId={`${source.kind}-news`} news={news.kind}>
      {news.kind === "added" ? (
        <button type="button" class="button button-small" onClick={() => void source.choose(news.deviceId)}>
          {words.devices.use}
        </button>
      ) : null}
      <Dismiss onClick={source.dismissNews} />
    </Hint>
  );
}

function wordsOf({ kind }: Source, news: DeviceNews): { readonly title: string; readonly help: string } {
  const { fellBack, ...of } = text.value.devices;
  if (news.kind === "fellBack") {
    return { title: fellBack.title, help: fellBack.help(news.lost, news.now) };
  }
  const { title, help } = of[news.kind][kind];
  return { title, help: help(news.now) };
}

interface HintProps {
  readonly icon: IconName;
  readonly title: string;
  readonly help: string;
  readonly testId: string;
  readonly news?: string;
  readonly children: ComponentChildren;
}

function Hint({ icon, title, help, testId, news, children }: HintProps) {
  return (
    <div class="help" data-testid={testId} data-news={news}>
      <Icon name={icon} />
      <div class="help-words">
        <strong>{title}</strong>
        <p>{help}</p>
        <div class="help-ways">{children}</div>
      </div>
    </div>
  );
}

function Dismiss({ onClick }: { readonly onClick: () => void }) {
  return (
    <button type="button" class="button button-small button-plain" onClick={onClick}>
      {text.value.close}
    </button>
  );
}
