/**
 * Addresses of the built files that code starts by name: the worker, the worklets, the room's CSS.
 *
 * Their names carry a hash of the content; `build.mjs` puts the table in place of `ASSETS`.
 */

declare const ASSETS: Readonly<Record<string, string>>;

/** The source's path below `src/`, without the suffix of TypeScript. */
export type AssetName = "engine/engine.worker" | "ui/content/pdf.worker" | `media/${string}.worklet` | `${string}.css`;

/** The part of the browser's Trusted Types that we need; TypeScript does not know them yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): {
    /** An object that stands for the address wherever a string would, and may start a script. */
    createScriptURL(url: string): string;
  };
}

/**
 * The server's policy lets only trusted addresses start a worker: those in the table, which the
 * build wrote, and nothing that came from outside.
 */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("mosaik", {
  createScriptURL: (url) => url,
});

const trusted = (url: string): string => policy?.createScriptURL(url) ?? url;

/** Where the script is that keeps the page's files: it may keep what is below its own address. */
export const shellUrl = (): string => trusted("/shell.js");

/** The address of a built file, from the root of the server. Throws for one the build did not make. */
export function assetUrl(name: AssetName): string {
  const url = ASSETS[name];
  if (url === undefined) throw new Error(`no built file for ${name}`);
  return name.endsWith(".css") ? url : trusted(url);
}
