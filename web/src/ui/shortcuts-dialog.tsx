/** What `?` shows. */

import { text } from "../i18n/language.ts";
import { actionsOf } from "./actions.ts";
import { boardOnStage } from "./board/stage-choice.ts";
import { TOOLS } from "./board/tools.ts";
import { CloseWay, Dialog } from "./dialog.tsx";
import type { RoomView } from "./view.ts";

export function ShortcutsDialog({ view }: { readonly view: RoomView }) {
  const words = text.value;
  const close = () => (view.dialog.value = null);
  const ofBoard = boardOnStage(view) === null && !view.content.isDrawing.value ? [] : [...TOOLS.map(({ key, name }) => ({ key, label: words.board.toolNames[name] })), { key: "Enter", label: words.board.drawByKey }];
  const rows = [...actionsOf(view).map(({ key, label }) => ({ key, label: label(words) })), ...ofBoard, { key: "Esc", label: words.shortcut.close }];
  return (
    <Dialog title={words.room.shortcuts} onClose={close} testId="shortcuts">
      <p>{words.shortcut.note}</p>
      <dl class="shortcuts">
        {rows.map(({ key, label }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
      <CloseWay onClose={close} />
    </Dialog>
  );
}
