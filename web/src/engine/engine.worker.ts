/** Entry of the engine's worker: hands it the browser, and the page's messages. */

import { createPublisher } from "../media/publish.ts";
import { createReceiver } from "../media/receive.ts";
import { dialWebTransport } from "../net/webtransport.ts";
import { createEngine } from "./engine.ts";
import type { ToEngine } from "./messages.ts";

const engine = createEngine({
  post: (message) => postMessage(message),
  dial: dialWebTransport,
  createPublisher,
  createReceiver,
  now: Date.now,
  every: (ms, tick) => void setInterval(tick, ms),
});

addEventListener("message", ({ data }: MessageEvent<ToEngine>) => engine.take(data));
