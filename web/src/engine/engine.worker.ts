/** Entry of the engine's worker: hands it the browser, and the page's messages. */

import { createPublisher } from "../media/publish.ts";
import { createReceiver } from "../media/receive.ts";
import { race, starves } from "../net/race.ts";
import { WAYS } from "../net/ways.ts";
import { createEngine } from "./engine.ts";
import type { ToEngine } from "./messages.ts";

const engine = createEngine({
  post: (message) => postMessage(message),
  dial: (address, wishes) => race(address, wishes, WAYS),
  dialBetter: starves(navigator.userAgent) ? undefined : WAYS.webTransport,
  createPublisher,
  createReceiver,
  now: Date.now,
  elapsed: () => performance.now(),
  every: (ms, tick) => void setInterval(tick, ms),
});

addEventListener("message", ({ data }: MessageEvent<ToEngine>) => engine.take(data));
