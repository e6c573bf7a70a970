/**
 * Keeps the page's own files on the device, so that an installed Mosaik opens without a network and says
 * that there is none. Only files that the build names, never an answer of the API, a link or a medium.
 *
 * A newer one takes over when no window of the old one is open any more: never in a lesson.
 */

declare const SHELL: { readonly name: string; readonly files: readonly string[] };
const worker = self as unknown as ServiceWorkerGlobalScope;

const START = "/";
/** A network that takes longer to give the page's first kilobyte is taken for none. */
const START_MS = 4_000;

worker.addEventListener("install", (event) => {
  event.waitUntil(keep());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate" && url.pathname === START) event.respondWith(newest(request));
  else if (SHELL.files.includes(url.pathname)) event.respondWith(kept(request));
});

async function keep(): Promise<void> {
  const cache = await caches.open(SHELL.name);
  await cache.addAll([START, ...SHELL.files]);
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== SHELL.name).map(async (name) => caches.delete(name)));
}

/** What the server has now names its own files; without a server the kept page names the kept ones. */
async function newest(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(START_MS) });
  } catch (error) {
    const shell = await caches.match(START);
    if (shell === undefined) throw error;
    return shell;
  }
}

/** Names of files carry a hash of their content: what is kept is what the server has. */
async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
