/** The panel of the notes, which are loaded when it opens: `notes-panel`, `notes-retry`. */

import { useEffect } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import type { RoomView } from "../view.ts";

export function NotesPanel({ view }: { readonly view: RoomView }) {
  const { notes } = view;
  useEffect(() => {
    notes.open(view);
    return notes.shut;
  }, [view, notes]);
  const book = notes.book.value;
  if (book !== null) {
    return <book.Pages />;
  }
  const words = text.value.notes;
  return (
    <div class="notes">
      <output class="notes-told">{notes.hasFailed.value ? words.failed : words.loading}</output>
      {notes.hasFailed.value ? (
        <button type="button" class="button button-small" onClick={() => notes.open(view)} data-testid="notes-retry">
          {text.value.again}
        </button>
      ) : null}
    </div>
  );
}
