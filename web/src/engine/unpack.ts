/** Objects that may be packed (proto/src/room/boards/packed.rs), as text and in their order. */

/** What a packed object begins with; one that is plain begins with a brace. */
const PACKED = 1;
/** More than a board holds: what would be more is no honest object. */
export const UNPACKED_BYTES_MAX = 4 << 20;

/** Hands on what objects say. `onBroken`: one of them said nothing that could be read. */
export function unpacking(onText: (text: string) => void, onBroken: () => void): (payload: Uint8Array) => void {
  const decoder = new TextDecoder();
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  return (payload) => {
    const isPacked = payload[0] === PACKED;
    if (!isPacked && waiting === 0) return onText(decoder.decode(payload));
    waiting += 1;
    const read = isPacked ? unpack(payload.subarray(1)) : Promise.resolve(payload);
    last = Promise.all([read, last]).then(([bytes]) => {
      waiting -= 1;
      if (bytes === null) onBroken();
      else onText(decoder.decode(bytes));
    });
  };
}

/** Null for what is no deflate, or far too much. */
export async function unpack(bytes: Uint8Array): Promise<Uint8Array | null> {
  const reader = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return joined(parts, length);
      length += value.length;
      if (length > UNPACKED_BYTES_MAX) {
        await reader.cancel();
        return null;
      }
      parts.push(value);
    }
  } catch {
    return null;
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
