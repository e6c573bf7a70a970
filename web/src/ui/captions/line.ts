/** A line of captions while it is typed: told some times a second, broken where it gets long. */

export interface Caption {
  readonly text: string;
  readonly done: boolean;
}

export interface CaptionLine {
  /** What stands in the field now; gives what is to stand there from now on. */
  type(text: string): string;
  /** The line is whole, as far as there is one. */
  end(): void;
}

/** The room lets four a second pass. */
const TELL_EVERY_MS = 300;
/** Two lines on a screen, as television has them. */
const LINE_CHARS = 84;
/** What the room takes as one line. */
export const CAPTION_CHARS_MAX = 200;

export function createCaptionLine(tell: (caption: Caption) => void): CaptionLine {
  let text = "";
  let told = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let mayTellAt = 0;

  const say = (done: boolean): void => {
    clearTimeout(timer);
    timer = undefined;
    mayTellAt = performance.now() + TELL_EVERY_MS;
    told = text;
    tell({ text, done });
  };
  const end = (): void => {
    if (text.trim() !== "" || told !== "") say(true);
    clearTimeout(timer);
    timer = undefined;
    text = "";
    told = "";
  };
  return {
    type(typed) {
      let rest = typed;
      for (let broken = breakLine(rest); broken !== null; broken = breakLine(rest)) {
        text = broken.line;
        end();
        ({ rest } = broken);
      }
      text = rest;
      if (text !== told) timer ??= setTimeout(say, Math.max(0, mayTellAt - performance.now()), false);
      return text;
    },
    end,
  };
}

/** At the last space of a line that is long enough, or within a word that is longer than any; null: it is not. */
export function breakLine(text: string): { readonly line: string; readonly rest: string } | null {
  const characters = [...text];
  if (characters.length <= LINE_CHARS) return null;
  const space = text.lastIndexOf(" ");
  if (space > 0) return { line: text.slice(0, space).slice(0, CAPTION_CHARS_MAX), rest: text.slice(space + 1) };
  return characters.length <= CAPTION_CHARS_MAX ? null : { line: characters.slice(0, CAPTION_CHARS_MAX).join(""), rest: characters.slice(CAPTION_CHARS_MAX).join("") };
}
