/**
 * Subscribes with the npm package `@moq/net` and says what arrived, as moq_net/subscribe.py does.
 *
 * Usage: subscribe.mjs URL NAMESPACE TRACK OBJECTS.
 */

import { connect } from "./moq.mjs";

const DEADLINE_MS = 15_000;

const [url, namespace, trackName, wanted] = process.argv.slice(2);
setTimeout(() => {
  console.error("not enough came in time");
  process.exit(1);
}, DEADLINE_MS);
const { session, path } = await connect(url, namespace);
// By default it gives a group up as soon as a newer one begins.
const track = session.consume(path).track(trackName).subscribe({ latencyMax: DEADLINE_MS, ordered: true });
const groups = [];
let arrived = 0;
while (arrived < Number(wanted)) {
  const group = await track.recvGroup();
  if (!group) throw new Error("the track ended");
  const sizes = [];
  groups.push({ group: group.sequence, sizes });
  for (let frame; arrived < Number(wanted) && (frame = await group.readFrame()); arrived += 1) {
    sizes.push(frame.payload.length);
  }
}
console.log(JSON.stringify(groups));
process.exit(0);
