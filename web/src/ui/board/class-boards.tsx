/**
 * The boards of everyone in the class, small; for moderators.
 *
 * For browser tests: `class-board` with `data-participant` and `data-shapes`.
 */

import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { language, text } from "../../i18n/language.ts";
import { roster } from "../../room/reduce-people.ts";
import type { Participant } from "../../room/messages.ts";
import type { RoomView } from "../view.ts";
import { ownBoard } from "./stage-choice.ts";
import { Thumbnail } from "./thumbnail.tsx";

export function ClassBoards({ view }: { readonly view: RoomView }) {
  const words = text.value.board;
  const people = useComputed(() => roster(view.store.room.value.participants, language.value).filter(({ role }) => role === "viewer")).value;
  return people.length === 0 ? (
    <p class="board-note">{words.nobody}</p>
  ) : (
    <ul class="class-boards">
      {people.map((person) => (
        <ClassBoard key={person.id} view={view} person={person} />
      ))}
    </ul>
  );
}

/** Read only while it can be seen. */
function ClassBoard({ view, person: { id, name } }: { readonly view: RoomView; readonly person: Participant }) {
  const element = useRef<HTMLLIElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => setSeen(entries.some(({ isIntersecting }) => isIntersecting)));
    if (element.current !== null) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return (
    <li ref={element}>
      <button type="button" class="class-board" onClick={() => (view.boardMode.value = ownBoard(id))} aria-label={text.value.board.of(name)} data-testid="class-board" data-participant={id}>
        {isSeen ? <Thumbnail view={view} board={ownBoard(id)} /> : <span class="board-thumb" />}
        <span class="class-board-name">{name}</span>
      </button>
    </li>
  );
}
