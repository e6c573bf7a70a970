/** Divides the stage between what is large and people, by pointer or keys: `divider`. A double click gives it back to the page. */

import { useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import type { RoomView } from "../view.ts";
import { SHARE_MAX, SHARE_MIN } from "./arrange.ts";
import type { Split } from "./stage-view.ts";

/** What one press of a key moves. */
const STEP = 0.02;

interface DividerProps {
  readonly view: RoomView;
  readonly split: Split;
  /** What people have of the stage, 0 to 1. */
  readonly share: number;
}

export function Divider({ view, split, share }: DividerProps) {
  const isDragged = useRef(false);
  const divide = (next: number) => view.stage.divide(split, Math.min(Math.max(next, SHARE_MIN), SHARE_MAX));
  const end = () => void (isDragged.current = false);
  return (
    <div
      class="divider"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a rule takes no keys
      role="separator"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a separator that is moved takes keys
      tabIndex={0}
      aria-label={text.value.layout.divider}
      aria-orientation={split === "beside" ? "vertical" : "horizontal"}
      aria-valuemin={SHARE_MIN * 100}
      aria-valuemax={SHARE_MAX * 100}
      aria-valuenow={Math.round(Math.min(Math.max(share, SHARE_MIN), SHARE_MAX) * 100)}
      onPointerDown={(event) => {
        isDragged.current = event.button === 0;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => (isDragged.current ? divide(shareAt(event, split)) : undefined)}
      onPointerUp={end}
      onPointerCancel={end}
      onDblClick={() => view.stage.divide(split, null)}
      onKeyDown={(event) => {
        const next = moved(event.key, split, share);
        if (next !== null) {
          event.preventDefault();
          divide(next);
        }
      }}
      data-testid="divider"
    />
  );
}

/** The share of people, who are at the end. */
function shareAt({ clientX, clientY, currentTarget }: PointerEvent & { readonly currentTarget: HTMLElement }, split: Split): number {
  const stage = currentTarget.parentElement?.getBoundingClientRect();
  if (stage === undefined) {
    return SHARE_MIN;
  }
  return split === "beside" ? (stage.right - clientX) / stage.width : (stage.bottom - clientY) / stage.height;
}

/** The divider goes where the arrow points. */
function moved(key: string, split: Split, share: number): number | null {
  const [larger, smaller] = split === "beside" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  switch (key) {
    case larger:
      return share + STEP;
    case smaller:
      return share - STEP;
    case "Home":
      return SHARE_MIN;
    case "End":
      return SHARE_MAX;
    default:
      return null;
  }
}
