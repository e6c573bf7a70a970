/**
 * Which microphone and camera are used, to choose in the room.
 *
 * For browser tests: `devices-toggle`, `devices-menu`, `mic-picker`, `cam-picker`.
 */

import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { stayOpenInside } from "../popover.ts";
import type { RoomView } from "../view.ts";
import { DevicePicker } from "./picker.tsx";

/** Where a tool has no corner for it: a tool of its own. */
export function DevicesTool({ view }: { readonly view: RoomView }) {
  const label = text.value.join.devices;
  return (
    <button
      type="button"
      class="tool"
      aria-label={label}
      aria-expanded={view.isDevicesOpen.value}
      aria-controls="devices-menu"
      onClick={() => (view.isDevicesOpen.value = !view.isDevicesOpen.peek())}
      data-testid="devices-toggle"
    >
      <span class="tool-face">
        <Icon name="devices" />
      </span>
      <span class="tool-label">{text.value.layout.devices}</span>
    </button>
  );
}

/** In the corner of the microphone's or camera's tool. */
export function DevicesCorner({ view, of }: { readonly view: RoomView; readonly of: string }) {
  const label = `${of}: ${text.value.join.devices}`;
  return (
    <button
      type="button"
      class="tool-corner"
      aria-label={label}
      title={label}
      aria-expanded={view.isDevicesOpen.value}
      aria-controls="devices-menu"
      onClick={() => (view.isDevicesOpen.value = !view.isDevicesOpen.peek())}
    >
      <Icon name="below" />
    </button>
  );
}

export function DevicesMenu({ view }: { readonly view: RoomView }) {
  return view.isDevicesOpen.value ? <OpenDevicesMenu view={view} /> : null;
}

function OpenDevicesMenu({ view }: { readonly view: RoomView }) {
  const menu = useRef<HTMLElement>(null);
  useEffect(() => stayOpenInside(menu.current, () => (view.isDevicesOpen.value = false)), []);
  return (
    <section ref={menu} id="devices-menu" class="devices-menu" aria-label={text.value.join.devices} data-testid="devices-menu">
      <DevicePicker source={view.devices.mic} />
      <DevicePicker source={view.devices.cam} />
    </section>
  );
}
