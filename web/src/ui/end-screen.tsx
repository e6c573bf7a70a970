/** After the room: why it is over and the way back. Test ids: `end-<why>`, `rejoin`. */

import { text } from "../i18n/language.ts";
import type { LineEnd } from "../room/line.ts";
import { butKept } from "./attendance/kept.ts";
import type { Statement } from "./consent/statement.ts";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon.tsx";
import { Notice } from "./notice.tsx";
import { ReceiptView } from "./receipt/receipt.tsx";

const ICONS: Readonly<Record<LineEnd["why"], IconName>> = {
  left: "leave",
  ended: "stop",
  replaced: "rejoin",
  expired: "offline",
  full: "people",
  refused: "alert",
  locked: "lock",
  removed: "leave",
  turnedAway: "clock",
  flooding: "alert",
};

interface Props {
  readonly end: LineEnd;
  /** The room ended since its moderators were gone for too long. */
  readonly isUnattended: boolean;
  /** Of whoever led the room. */
  readonly receipt: string | null;
  readonly statement: Pick<Statement, "terms">;
  readonly onBack: () => void;
}

export function EndScreen({ end, isUnattended, receipt, statement, onBack }: Props) {
  const words = { ...text.value.end, ...text.value.door.end };
  const why = isUnattended && end.why === "ended" ? `${words.unattended} ` : "";
  const said = end.why === "refused" ? words.refused.help(end.code) : `${why}${words[end.why].help}`;
  const help = end.why === "ended" ? butKept(said, statement) : said;
  const secret = receipt ?? (end.why === "ended" ? end.receipt : undefined);
  const mayReturn = end.why !== "ended" && end.why !== "removed";
  return (
    <Notice icon={ICONS[end.why]} title={words[end.why].title} help={help} testId={`end-${end.why}`}>
      {mayReturn ? (
        <button type="button" class="button button-main" onClick={onBack} data-testid="rejoin">
          <Icon name="rejoin" />
          {end.why === "replaced" ? words.here : words.rejoin}
        </button>
      ) : null}
      {secret === undefined ? null : <ReceiptView secret={secret} />}
    </Notice>
  );
}
