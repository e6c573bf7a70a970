/** The two ways of a page to the relay, each of which can be made the only one. */

import { openLine } from "./line.mjs";
import { freePort, startRelay } from "./relay.mjs";

/** As the page calls them. */
export const WAYS = ["webTransport", "webSocket"];

/** The way that the page remembers: the one its session goes now. */
export const carrier = ({ page }) => page.evaluate(() => JSON.parse(localStorage.getItem("mosaik.carrier"))?.carrier);

/** A relay and a line to it, which the links lead through that `behind` makes of the relay's own. */
export async function startBehindLine(args) {
  const port = await freePort();
  const relay = await startRelay(args);
  const line = await openLine(port, relay.port);
  return {
    ...relay,
    line,
    behind: (link) => link.replace(`:${relay.port}`, `:${port}`),
    async stop() {
      line.close();
      await relay.stop();
    },
  };
}

/** A relay whose links lead to it by this way: WebTransport as it is, the WebSocket where UDP is blocked. */
export async function startFor(way) {
  if (way === "webTransport") return startRelay();
  const relay = await startBehindLine();
  relay.line.blockUdp();
  return { ...relay, teacherLink: relay.behind(relay.teacherLink), studentLink: relay.behind(relay.studentLink) };
}
