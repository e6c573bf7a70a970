/**
 * A text on the board while it is written: the others see each letter.
 *
 * For browser tests: `board-text`.
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { WORDS_MAX, clamp, decodeShape, encodeShape } from "../../room/boards/shape.ts";
import type { Shape } from "../../room/boards/shape.ts";
import { colour, width } from "./desk.ts";
import type { Desk, TextField } from "./desk.ts";
import { LINE_HEIGHT, colourOf, widthOf } from "./look.ts";

export function TextEditor({ desk, field }: { readonly desk: Desk; readonly field: TextField }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const { model, history, sender } = desk.reader;
  const before = useRef(field.id === null ? undefined : model.shown.get(field.id));
  const id = useRef(field.id);
  const known = before.current === undefined ? null : decodeShape(before.current);
  const look = known ?? { kind: "text" as const, colour: colour.value, width: width.value };
  const { scale, x, y } = desk.view.value;

  const shapeOf = (words: string): Shape => ({
    kind: "text",
    colour: look.colour,
    width: look.width,
    points: [[clamp(field.x), clamp(field.y)]],
    hasPressure: false,
    words,
  });
  const write = (words: string): void => {
    id.current ??= desk.hand.newId();
    const name = id.current;
    sender.draw([words.trim() === "" ? { kind: "remove", id: name } : { kind: "put", id: name, shape: encodeShape(shapeOf(words)) }]);
  };
  const finish = (): void => {
    const name = id.current;
    const after = name === null ? undefined : model.shown.get(name);
    if (name !== null && after !== before.current) {
      history.note([before.current === undefined ? { kind: "remove", id: name } : { kind: "put", id: name, shape: before.current }]);
    }
    desk.closeText();
  };
  useLayoutEffect(() => area.current?.focus(), []);
  const size = widthOf(look) * scale;
  return (
    <textarea
      ref={area}
      class="board-text"
      aria-label={text.value.board.textLabel}
      placeholder={text.value.board.textPlaceholder}
      maxLength={WORDS_MAX}
      rows={1}
      style={{ insetInlineStart: `${field.x * scale + x}px`, insetBlockStart: `${field.y * scale + y}px`, fontSize: `${size}px`, lineHeight: LINE_HEIGHT, "--colour": colourOf(look) }}
      onInput={({ currentTarget }) => write(currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          event.stopPropagation();
          finish();
        }
      }}
      data-testid="board-text"
    >
      {known?.words ?? ""}
    </textarea>
  );
}
