/** The link into a room: `https://<host>/#<room>/<secret>`. */

export interface RoomLink {
  readonly room: string;
  readonly secret: string;
}

const ROOM = /^[a-z0-9-]{1,64}$/;
const SECRET = /^[\w.~-]{1,256}$/;

/** Reads a fragment with or without `#`; null when there is none, "broken" when it is not a link of ours. */
export function parseLink(fragment: string): RoomLink | "broken" | null {
  const text = fragment.replace(/^#/, "");
  if (text === "") {
    return null;
  }
  const [room, secret, ...rest] = text.split("/");
  if (room === undefined || secret === undefined || rest.length > 0 || !ROOM.test(room) || !SECRET.test(secret)) {
    return "broken";
  }
  return { room, secret };
}
