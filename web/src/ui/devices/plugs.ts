/** What a change in the list of devices means for the one in use. Pure. */

export interface Plugged {
  readonly deviceId: string;
  readonly groupId: string;
  readonly label: string;
}

/** Names that Chromium gives to whichever device the system prefers, beside the device's own entry. */
const ALIASES: ReadonlySet<string> = new Set(["default", "communications"]);

/** The devices themselves. */
export const ownEntries = <Device extends Plugged>(list: readonly Device[]): readonly Device[] => list.filter(({ deviceId }) => !ALIASES.has(deviceId));

/** The entry of the device that a track comes from; undefined where the browser does not say. */
export function entryOf<Device extends Plugged>({ deviceId, groupId }: MediaTrackSettings, list: readonly Device[]): Device | undefined {
  const own = ownEntries(list);
  const alias = list.find((device) => device.deviceId === deviceId && ALIASES.has(device.deviceId));
  const group = alias?.groupId ?? groupId;
  return own.find((device) => device.deviceId === deviceId) ?? own.find((device) => group !== undefined && group !== "" && device.groupId === group);
}

export type PlugChange<Device extends Plugged = Plugged> =
  | { readonly kind: "none" }
  /** The one in use is gone. */
  | { readonly kind: "gone" }
  /** The one that was in use before it vanished is there again. */
  | { readonly kind: "back"; readonly device: Device }
  | { readonly kind: "added"; readonly device: Device };

export interface Use {
  /** Of the device in use; undefined while none is, or none that is known. */
  readonly used: string | undefined;
  /** Of the device that was in use until it vanished. */
  readonly lost: string | undefined;
}

export function changeOf<Device extends Plugged>(before: readonly Device[], after: readonly Device[], { used, lost }: Use): PlugChange<Device> {
  const [was, is] = [ownEntries(before), ownEntries(after)];
  const has = (list: readonly Device[], id: string) => list.some(({ deviceId }) => deviceId === id);
  const back = is.find(({ deviceId }) => deviceId === lost && !has(was, deviceId));
  if (back !== undefined) {
    return { kind: "back", device: back };
  }
  if (used !== undefined && has(was, used) && !has(is, used)) {
    return { kind: "gone" };
  }
  const added = is.find(({ deviceId }) => !has(was, deviceId));
  // Before anything was allowed the browser lists nothing: then all is new, and nothing was plugged in.
  return used === undefined || added === undefined || was.length === 0 ? { kind: "none" } : { kind: "added", device: added };
}
