/** Chat or people beside the stage; on a phone a sheet over it. */

import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { LazyFiles } from "../content/lazy.tsx";
import { isByKeys } from "../focus.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import { hasBreakouts } from "../breakouts/titles.ts";
import { BreakoutsWay } from "../breakouts/way.tsx";
import { NotesPanel } from "../notes/panel.tsx";
import { PollsPanel } from "../polls/polls.tsx";
import { known } from "../lead/names.ts";
import type { PanelName, RoomView } from "../view.ts";
import { Chat } from "./chat.tsx";
import { People } from "./people.tsx";

export function Panel({ view }: { readonly view: RoomView }) {
  const name = view.panel.value;
  return name === null ? null : <OpenPanel key={name} view={view} name={name} />;
}

function OpenPanel({ view, name }: { readonly view: RoomView; readonly name: PanelName }) {
  const words = text.value;
  const element = useRef<HTMLElement>(null);
  const title = titles()[name];
  useEffect(() => {
    // What is in it may have taken the focus already.
    if (isByKeys() && element.current?.contains(document.activeElement) === false) {
      element.current.focus();
    }
  }, []);
  return (
    <aside ref={element} id="panel" class="panel" tabIndex={-1} aria-label={title} data-testid={`${name}-panel`}>
      <header class="panel-head">
        <h2>{title}</h2>
        {name === "people" ? <span class="panel-count">{known(view, [...view.store.room.value.participants.values()]).length}</span> : null}
        <Tabs view={view} name={name} />
        <button type="button" class="icon-button panel-close" aria-label={words.close} onClick={() => (view.panel.value = null)} data-testid="panel-close">
          <Icon name="close" />
        </button>
      </header>
      <Inside view={view} name={name} />
    </aside>
  );
}

function titles(): Readonly<Record<PanelName, string>> {
  const words = text.value;
  return {
    chat: words.room.chat,
    people: words.room.peopleTitle,
    polls: words.poll.title,
    breakouts: words.breakout.title,
    notes: words.notes.title,
    files: words.content.title,
  };
}

function Inside({ view, name }: { readonly view: RoomView; readonly name: PanelName }) {
  switch (name) {
    case "chat":
      return <Chat view={view} />;
    case "people":
      return <People view={view} />;
    case "polls":
      return <PollsPanel view={view} />;
    case "breakouts":
      return <BreakoutsWay view={view} />;
    case "notes":
      return <NotesPanel view={view} />;
    case "files":
      return <LazyFiles view={view} />;
  }
}

const TABS = [
  { tab: "chat", icon: "chat" },
  { tab: "people", icon: "people" },
  { tab: "polls", icon: "poll" },
  { tab: "breakouts", icon: "groups" },
  { tab: "notes", icon: "notes" },
  { tab: "files", icon: "files" },
] as const satisfies readonly { readonly tab: PanelName; readonly icon: IconName }[];

/** On a phone the ways from one panel to the next: its tools have no room for all. */
function Tabs({ view, name }: { readonly view: RoomView; readonly name: PanelName }) {
  return (
    <nav class="panel-tabs">
      {TABS.filter(({ tab }) => tab !== "breakouts" || hasBreakouts(view)).map(({ tab, icon }) => (
        <button
          key={tab}
          type="button"
          class="icon-button panel-tab"
          aria-label={titles()[tab]}
          aria-current={tab === name}
          onClick={() => (view.panel.value = tab)}
          data-testid={`${tab}-tab`}
        >
          <Icon name={icon} />
        </button>
      ))}
    </nav>
  );
}
