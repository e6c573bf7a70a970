/** A native modal dialog: the browser keeps the focus inside and gives it back afterwards. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { text } from "../i18n/language.ts";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly testId: string;
}

/** Open as long as it is rendered. */
export function Dialog({ title, onClose, children, testId }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const isOver = useRef(false);
  const titleId = useId();
  const end = () => {
    if (!isOver.current) onClose();
    isOver.current = true;
  };
  // Escape closes at once, `close` is told later: what is pressed in between is not for a dialog that is gone.
  const cancel = ({ target }: Event) => {
    if (target !== element.current) return;
    element.current?.close();
    end();
  };
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog ref={element} class="dialog" aria-labelledby={titleId} onCancel={cancel} onClose={end} data-testid={testId}>
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}

/** The last row of a dialog that asks nothing. */
export function CloseWay({ onClose }: { readonly onClose: () => void }) {
  return (
    <div class="dialog-ways">
      <button type="button" class="button button-main" onClick={onClose}>
        {text.value.close}
      </button>
    </div>
  );
}
