/**
 * A quiet word when less comes or goes than should, once it lasts: `status-banner` with `data-state` `line`,
 * `line-more` and `line-hide`.
 */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { Strip } from "../bar/banner.tsx";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { ownLine, troubles } from "./own.ts";

/** What is over by then nobody needs to know. */
const LASTS_MS = 3_000;
/** By then it was read; the bars in the head go on saying it. */
const SHOWN_MS = 20_000;
/** Whoever has read it does not want to be told again at once. */
const QUIET_MS = 5 * 60 * 1_000;

export function LineNote({ view }: { readonly view: RoomView }) {
  const sentence = useComputed(() => (view.line.isLate.value ? "" : (troubles(ownLine(view))[0] ?? ""))).value;
  const isShown = useSignal(false);
  const quietUntil = useRef(Number.NEGATIVE_INFINITY);
  const isTroubled = sentence !== "";
  const hide = () => {
    quietUntil.current = performance.now() + QUIET_MS;
    isShown.value = false;
  };
  useEffect(() => {
    if (!isTroubled) {
      isShown.value = false;
      return undefined;
    }
    const show = () => (isShown.value = performance.now() >= quietUntil.current);
    const timers = [setTimeout(show, LASTS_MS), setTimeout(hide, LASTS_MS + SHOWN_MS)];
    return () => timers.forEach(clearTimeout);
  }, [isTroubled]);
  if (!isShown.value || !isTroubled || view.isLineOpen.value) {
    return null;
  }
  const words = text.value.line;
  return (
    <Strip icon="alert" state="line" title="" help={sentence}>
      <button
        type="button"
        class="button button-small"
        onClick={() => {
          hide();
          view.isLineOpen.value = true;
        }}
        data-testid="line-more"
      >
        {words.more}
      </button>
      <button type="button" class="icon-button" aria-label={words.hide} onClick={hide} data-testid="line-hide">
        <Icon name="close" />
      </button>
    </Strip>
  );
}
