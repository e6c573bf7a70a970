/**
 * Publishes a clock with the npm package `@moq/net` until it is ended, as moq_net/publish.py does.
 *
 * Usage: publish.mjs URL NAMESPACE TRACK.
 */

import { connect, newBroadcast } from "./moq.mjs";

const SECONDS_IN_A_GROUP = 10;
const SECOND_MS = 50;

const [url, namespace, trackName] = process.argv.slice(2);
const { session, path } = await connect(url, namespace);
const broadcast = newBroadcast();
const track = broadcast.createTrack(trackName);
session.publish(path, broadcast);
console.log("published");

let group;
let second = SECONDS_IN_A_GROUP;
setInterval(() => {
  if (second === SECONDS_IN_A_GROUP) {
    group?.close();
    group = track.appendGroup();
    group.writeString("2026-01-01 00:00:");
    second = 0;
  }
  group.writeString(String(second).padStart(2, "0"));
  second += 1;
}, SECOND_MS);
