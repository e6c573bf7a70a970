/** Entry of the engine's worker: hands it the browser, and the page's messages. */

import { createPublisher } from "../media/publish.ts";
import { createReceiver } from "../media/receive.ts";
import { race, starves } from "../net/race.ts";
import { dialWebSocket } from "../net/websocket.ts";
import { dialWebTransport } from "../net/webtransport.ts";
import { createEngine } from "./engine.ts";
import type { ToEngine } from "./messages.ts";

const ways = {
  webTransport: dialWebTransport,
  webSocket: dialWebSocket,
  userAgent: navigator.userAgent,
  pause: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  now: () => performance.now(),
};

const engine = createEngine({
  post: (message) => postMessage(message),
  dial: (address, wishes) => race(address, wishes, ways),
  dialBetter: starves(navigator.userAgent) ? undefined : dialWebTransport,
  createPublisher,
  createReceiver,
  now: Date.now,
  elapsed: () => performance.now(),
  every: (ms, tick) => void setInterval(tick, ms),
});

addEventListener("message", ({ data }: MessageEvent<ToEngine>) => engine.take(data));
