/**
 * What a group's temporal layers have brought: pure. A layer comes in order on a stream of its own, so
 * an object says of its layer that nothing before it is missing any more.
 */

import { layerOf, LAYERS_MAX } from "../layer-ids.ts";

/** What lies between the frame decoded last and one that is there; `layer` is the lowest one missing. */
export type Gap =
  /** Nothing that exists. */
  | { readonly kind: "none" }
  /** Frames that may still come. */
  | { readonly kind: "open"; readonly layer: number }
  /** Frames that will not come. */
  | { readonly kind: "lost"; readonly layer: number };

export interface Layers {
  arrive(object: number, layer: number): void;
  /** A layer's stream ended; `complete` when nothing of it is missing. */
  end(layer: number, complete: boolean): void;
  /** What is missing from one object to before another. */
  gap(from: number, to: number): Gap;
  /** Layers that have brought nothing yet are not waited for any more. */
  giveUpSilent(): void;
  /** All that comes of the group has come. */
  isOver(): boolean;
}

interface Layer {
  /** The object that came last; -1 before the first. */
  last: number;
  state: "open" | "complete" | "cut";
}

export function groupLayers(): Layers {
  const layers: Layer[] = Array.from({ length: LAYERS_MAX }, () => ({ last: -1, state: "open" }));
  /** A group without layers has its objects in one subgroup: none of them can be missing. */
  let isLayered = true;

  const missingOf = (from: number, to: number): { readonly layer: number; readonly isOpen: boolean }[] => {
    const missing: { readonly layer: number; readonly isOpen: boolean }[] = [];
    for (let object = from; object < to; object += 1) {
      const layer = layerOf(object);
      const { last, state } = layers[layer] ?? { last: Infinity, state: "complete" };
      if (last < object && state !== "complete") missing.push({ layer, isOpen: state === "open" });
    }
    return missing.toSorted((a, b) => a.layer - b.layer);
  };
  return {
    arrive(object, index) {
      if (layerOf(object) !== index) isLayered = false;
      const layer = layers[index];
      if (layer === undefined) return;
      layer.last = Math.max(layer.last, object);
      // One that was cut goes on, on another stream.
      if (layer.state === "cut") layer.state = "open";
    },
    end(index, complete) {
      const layer = layers[index];
      if (layer !== undefined) layer.state = complete ? "complete" : "cut";
    },
    gap(from, to) {
      const missing = isLayered ? missingOf(from, to) : [];
      const [lowest] = missing;
      if (lowest === undefined) return { kind: "none" };
      const isOpen = lowest.layer === 0 ? missing.some((each) => each.layer === 0 && each.isOpen) : missing.some((each) => each.isOpen);
      return { kind: isOpen ? "open" : "lost", layer: lowest.layer };
    },
    giveUpSilent() {
      for (const layer of layers.slice(1)) if (layer.last === -1 && layer.state === "open") layer.state = "cut";
    },
    isOver: () => layers[0]?.state !== "open" && layers.every(({ last, state }) => state !== "open" || last === -1),
  };
}
