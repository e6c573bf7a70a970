/**
 * Object IDs tell the temporal layer in a group that has layers (docs/protocol.md): a receiver knows of
 * what is missing whether it is needed. The frames of L1T3 come as 0 2 1 2, so IDs follow each other;
 * when an encoder leaves a frame out of that order, IDs are left out too.
 */

/** L1T3: a base layer, and two that double the frame rate each. */
export const LAYERS_MAX = 3;

/** Frames from one of the base layer to the next. */
const PERIOD = 4;

/** The layer of an object in a group with layers. */
export const layerOf = (object: number): number => (object % 2 === 1 ? 2 : object % PERIOD === 0 ? 0 : 1);

/** The lowest ID from `next` on that an object of this layer may have. */
export function objectOf(layer: number, next: number): number {
  let object = next;
  while (layerOf(object) !== layer) object += 1;
  return object;
}
