/** Both ways to a relay as this browser has them, for a race (`race.ts`). */

import type { RaceParts } from "./race.ts";
import { dialWebSocket } from "./websocket.ts";
import { dialWebTransport } from "./webtransport.ts";

export const WAYS: RaceParts = {
  webTransport: dialWebTransport,
  webSocket: dialWebSocket,
  get userAgent() {
    return navigator.userAgent;
  },
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: () => performance.now(),
};
