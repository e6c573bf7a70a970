/**
 * Addresses of the built files that code starts by name: the worker, the worklets, the room's CSS.
 *
 * Their names carry a hash of the content; `build.mjs` puts the table in place of `ASSETS`.
 */

declare const ASSETS: Readonly<Record<string, string>>;

/** The source's path below `src/`, without the suffix of TypeScript. */
export type AssetName = "engine/engine.worker" | `media/${string}.worklet` | `${string}.css`;

/** The address of a built file, from the root of the server. Throws for one the build did not make. */
export function assetUrl(name: AssetName): string {
  const url = ASSETS[name];
  if (url === undefined) throw new Error(`no built file for ${name}`);
  return url;
}
