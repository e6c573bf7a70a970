/**
 * The tools at the bottom edge.
 *
 * For browser tests: `mic-toggle`, `cam-toggle`, `chat-toggle`, `people-toggle`, `leave`, `end-room`.
 */

import { text } from "../../i18n/language.ts";
import { togglePanel } from "../actions.ts";
import { DeviceHelp } from "../devices/help.tsx";
import { SourceToggle } from "../devices/toggle.tsx";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import type { PanelName, RoomView } from "../view.ts";

export function Toolbar({ view }: { readonly view: RoomView }) {
  const words = text.value.room;
  return (
    <div class="bar">
      <div class="bar-help">
        <DeviceHelp source={view.devices.mic} />
        <DeviceHelp source={view.devices.cam} />
      </div>
      <nav class="bar-tools" aria-label={words.toolbar}>
        <SourceToggle source={view.devices.mic} shortcut="M" />
        <SourceToggle source={view.devices.cam} shortcut="V" />
        <span class="bar-gap" />
        <PanelToggle view={view} name="chat" icon="chat" label={words.chat} shortcut="C" />
        <PanelToggle view={view} name="people" icon="people" label={words.peopleTitle} shortcut="P" />
        <span class="bar-gap" />
        <button type="button" class="tool tool-leave" aria-label={words.leave} onClick={view.leave} data-testid="leave">
          <span class="tool-face">
            <Icon name="leave" />
          </span>
          <span class="tool-label">{words.leave}</span>
        </button>
        {view.role === "moderator" ? (
          <button
            type="button"
            class="tool tool-end"
            aria-label={words.endForAll}
            aria-haspopup="dialog"
            onClick={() => (view.dialog.value = "end")}
            data-testid="end-room"
          >
            <span class="tool-face">
              <Icon name="stop" />
            </span>
            <span class="tool-label">{words.endForAll}</span>
          </button>
        ) : null}
      </nav>
    </div>
  );
}

interface PanelToggleProps {
  readonly view: RoomView;
  readonly name: PanelName;
  readonly icon: IconName;
  readonly label: string;
  readonly shortcut: string;
}

function PanelToggle({ view, name, icon, label, shortcut }: PanelToggleProps) {
  const unread = name === "chat" ? view.unread.value : 0;
  return (
    <button
      type="button"
      class="tool"
      aria-label={unread === 0 ? label : `${label}, ${text.value.room.unread(unread)}`}
      aria-expanded={view.panel.value === name}
      aria-controls="panel"
      aria-keyshortcuts={shortcut}
      title={`${label} (${shortcut})`}
      onClick={() => togglePanel(view, name)}
      data-testid={`${name}-toggle`}
    >
      <span class="tool-face">
        <Icon name={icon} />
      </span>
      <span class="tool-label">{label}</span>
      {unread === 0 ? null : (
        <span class="badge" data-testid="unread">
          {unread > 99 ? "99+" : unread}
        </span>
      )}
    </button>
  );
}
