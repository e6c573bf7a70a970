/**
 * Encoded frames that wait for the decoder, by group. Holds at most `HELD_MAX` frames and
 * `HELD_BYTES_MAX`; the caller gives up the oldest group while it `isFull`.
 */

export interface EncodedFrame {
  readonly group: number;
  /** 0 is the key frame. */
  readonly object: number;
  /** Temporal layer: needs frames of this layer and lower ones only. */
  readonly layer: number;
  /** Unix time of the publisher in ms. */
  readonly capturedAt: number;
  /** What the group is of; told with the key frame. */
  readonly rendition: string | undefined;
  readonly payload: Uint8Array;
}

/** Four groups of 2 s at 30 frames/s. */
const HELD_MAX = 256;
const HELD_BYTES_MAX = 8 * 1024 * 1024;

export interface FrameStore {
  /** False for a frame that is there already. */
  put(frame: EncodedFrame): boolean;
  peek(group: number, object: number): EncodedFrame | undefined;
  /** The group's frame with the lowest ID from `object` on. */
  first(group: number, object: number): EncodedFrame | undefined;
  take(group: number, object: number): EncodedFrame | undefined;
  /** Groups with frames, oldest first. */
  groups(): number[];
  /** Drops a group; how many frames that were. */
  giveUp(group: number): number;
  isFull(): boolean;
}

export function createFrameStore(): FrameStore {
  const groups = new Map<number, Map<number, EncodedFrame>>();
  let held = 0;
  let bytes = 0;
  const take = (group: number, object: number): EncodedFrame | undefined => {
    const frames = groups.get(group);
    const frame = frames?.get(object);
    if (frames === undefined || frame === undefined) return undefined;
    frames.delete(object);
    if (frames.size === 0) groups.delete(group);
    held -= 1;
    bytes -= frame.payload.length;
    return frame;
  };
  return {
    put(frame) {
      const frames = groups.get(frame.group) ?? new Map<number, EncodedFrame>();
      if (frames.has(frame.object)) return false;
      groups.set(frame.group, frames);
      frames.set(frame.object, frame);
      held += 1;
      bytes += frame.payload.length;
      return true;
    },
    peek: (group, object) => groups.get(group)?.get(object),
    first(group, object) {
      const frames = groups.get(group);
      const known = frames?.get(object);
      if (frames === undefined || known !== undefined) return known;
      const later = [...frames.keys()].filter((each) => each > object);
      return later.length === 0 ? undefined : frames.get(Math.min(...later));
    },
    take,
    groups: () => [...groups.keys()].toSorted((a, b) => a - b),
    giveUp(group) {
      const objects = [...(groups.get(group)?.keys() ?? [])];
      for (const object of objects) take(group, object);
      return objects.length;
    },
    isFull: () => held > HELD_MAX || bytes > HELD_BYTES_MAX,
  };
}
