/** Turns pages of small tiles: `pager`, `page-previous`, `page-next`. */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";

interface PagerProps {
  /** From 0 on. */
  readonly page: number;
  readonly pages: number;
  readonly turnTo: (page: number) => void;
}

export function Pager({ page, pages, turnTo }: PagerProps) {
  const words = text.value.layout;
  return (
    <nav class="pager" aria-label={words.pages} data-testid="pager">
      <Turn icon="previous" label={words.previous} to={page - 1} isOff={page === 0} turnTo={turnTo} testId="page-previous" />
      <output class="pager-place" aria-label={words.page(page + 1, pages)}>
        {page + 1} / {pages}
      </output>
      <Turn icon="next" label={words.next} to={page + 1} isOff={page + 1 === pages} turnTo={turnTo} testId="page-next" />
    </nav>
  );
}

interface TurnProps {
  readonly icon: IconName;
  readonly label: string;
  readonly to: number;
  readonly isOff: boolean;
  readonly turnTo: (page: number) => void;
  readonly testId: string;
}

/** At the end it keeps the focus, and does nothing. */
function Turn({ icon, label, to, isOff, turnTo, testId }: TurnProps) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} aria-disabled={isOff} onClick={() => (isOff ? undefined : turnTo(to))} data-testid={testId}>
      <Icon name={icon} />
    </button>
  );
}
