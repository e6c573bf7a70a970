/** The panel of group rooms, loaded when somebody opens it: most lessons have none. */

import { useSignal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import type { RoomView } from "../view.ts";

interface Props {
  readonly view: RoomView;
}

export function BreakoutsWay({ view }: Props) {
  const loaded = useSignal<{ readonly Panel: FunctionComponent<Props> } | "failed" | null>(null);
  const load = () => {
    loaded.value = null;
    import("./panel.tsx")
      .then(({ BreakoutsPanel }) => (loaded.value = { Panel: BreakoutsPanel }))
      .catch(() => (loaded.value = "failed"));
  };
  useEffect(load, []);
  const found = loaded.value;
  if (found === "failed") {
    return (
      <div class="breakouts" role="alert">
        <p>{text.value.breakout.failed}</p>
        <button type="button" class="button" onClick={load}>
          {text.value.again}
        </button>
      </div>
    );
  }
  return found === null ? <div class="breakouts" aria-busy={true} /> : <found.Panel view={view} />;
}
