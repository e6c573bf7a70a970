/**
 * A lesson by WebRTC: Janus' video room, a teacher and a student in Chromium. Between them and Janus there
 * are no pages and no signalling on the line: what is said is said from here.
 */

import { createServer } from "node:http";
import { CODE, installCamera } from "../../tests/browser/camera.mjs";
import { installEyes } from "../../tests/browser/eyes.mjs";
import { openBrowser } from "../../tests/browser/browsers.mjs";
import { eventually } from "../../tests/browser/wait.mjs";
import { CAMERA } from "./camera.mjs";
import { FEED, ROOM, startJanus } from "./janus.mjs";
import { putRecorder, putTape } from "./recorder.mjs";

/** The renditions that our page publishes, best first, with temporal layers as Janus' own client has them. */
const LAYERS = [
  { rid: "h", maxBitrate: 1_300_000, maxFramerate: 30, scaleResolutionDownBy: 1, scalabilityMode: "L1T2" },
  { rid: "m", maxBitrate: 450_000, maxFramerate: 25, scaleResolutionDownBy: 2, scalabilityMode: "L1T2" },
  { rid: "l", maxBitrate: 120_000, maxFramerate: 15, scaleResolutionDownBy: 4, scalabilityMode: "L1T2" },
];

/** Candidates of this machine, which is all there is. */
const FLAGS = ["--allow-loopback-in-peer-connection", "--disable-features=WebRtcHideLocalIpsWithMdns"];

/** Layers come one after the other, as the browser finds out what its line carries. */
const WARM_UP_MS = 60_000;

const PAGE = `<!doctype html><title>Lesson</title><style>body { margin: 0 } video { width: 100vw; height: 56vw }</style>
  <div data-testid="tile" data-role="moderator"><video autoplay playsinline></video></div>`;

/** Runs in both pages. */
function installPeer() {
  const connection = new RTCPeerConnection();
  const complete = () => new Promise((resolve) => {
    const look = () => connection.iceGatheringState === "complete" && resolve(connection.localDescription.sdp);
    connection.addEventListener("icegatheringstatechange", look);
    look();
  });
  globalThis.mosaikPeer = {
    async publish(layers) {
      const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
      const [[sound], [camera]] = [media.getAudioTracks(), media.getVideoTracks()];
      connection.addTransceiver(sound, { direction: "sendonly", streams: [media] });
      const video = connection.addTransceiver(camera, { direction: "sendonly", streams: [media], sendEncodings: layers });
      const { codecs } = RTCRtpSender.getCapabilities("video");
      video.setCodecPreferences(codecs.filter(({ mimeType }) => /VP8|rtx/.test(mimeType)));
      await connection.setLocalDescription();
      return complete();
    },
    published: (sdp) => connection.setRemoteDescription({ type: "answer", sdp }),
    async subscribe(sdp) {
      const video = document.querySelector("video");
      const audio = new AudioContext({ latencyHint: "interactive" });
      connection.addEventListener("track", ({ track, streams: [stream] }) => {
        video.srcObject = stream;
        // The element plays it; the context hands it to the recorder. A stream that no element plays is silent.
        if (track.kind === "audio") audio.createMediaStreamSource(new MediaStream([track])).connect(audio.destination);
      });
      await connection.setRemoteDescription({ type: "offer", sdp });
      await connection.setLocalDescription();
      return complete();
    },
    async stats(wanted) {
      const all = [...(await connection.getStats()).values()];
      return all.filter(({ type }) => type === wanted);
    },
  };
}

async function open(server, prepare) {
  const { browser, page } = await openBrowser("chromium", { flags: FLAGS });
  await prepare(page);
  await page.evaluateOnNewDocument(installPeer);
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  return { browser, page };
}

async function teach(page, janus) {
  const room = await janus.connect();
  await room.say({ request: "join", ptype: "publisher", room: ROOM, id: FEED }, "joined");
  const sdp = await page.evaluate((layers) => globalThis.mosaikPeer.publish(layers), LAYERS);
  const { jsep } = await room.say({ request: "publish", audiocodec: "opus", videocodec: "vp8" }, "event", { type: "offer", sdp });
  await page.evaluate((answer) => globalThis.mosaikPeer.published(answer), jsep.sdp);
  const areAllSent = () => page.evaluate(async (count) => {
    const sent = await globalThis.mosaikPeer.stats("outbound-rtp");
    return sent.filter(({ kind, framesPerSecond }) => kind === "video" && framesPerSecond > 5).length === count;
  }, LAYERS.length);
  await eventually("all layers of the teacher's camera", areAllSent, WARM_UP_MS);
  return room;
}

/** Janus is where the line begins, and the student nowhere: Janus learns where the line ends. */
const through = (sdp, from, line) => sdp.replaceAll(` ${from.replace(":", " ")} typ host`, ` 127.0.0.1 ${line} typ host`);
const withoutCandidates = (sdp) => sdp.replaceAll(/a=candidate:.*\r\n/g, "");

/** `lineTo` makes a line to an address of this machine, and gives the line's own port. */
async function learn(page, janus, lineTo, wish) {
  const room = await janus.connect();
  const { jsep } = await room.say({ request: "join", ptype: "subscriber", room: ROOM, streams: [{ feed: FEED, ...wish }] }, "attached");
  // Janus never takes the loopback interface: this is another address of the machine.
  const [, address, port] = / (\d+\.\d+\.\d+\.\d+) (\d+) typ host/.exec(jsep.sdp) ?? [];
  const line = await lineTo(`${address}:${port}`);
  const joinedAt = Date.now();
  const sdp = await page.evaluate((offer) => globalThis.mosaikPeer.subscribe(offer), through(jsep.sdp, `${address}:${port}`, line));
  await room.say({ request: "start" }, "event", { type: "answer", sdp: withoutCandidates(sdp) });
  await room.completed();
  return { room, joinedAt };
}

/** Opens everything; `join` lets the student come, who has a `wish` for a layer, or none. */
export async function startWebrtc(tape, wish = {}) {
  const server = createServer((_request, response) => response.setHeader("content-type", "text/html").end(PAGE));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const janus = await startJanus();
  const teacher = await open(server, async (page) => {
    await page.evaluateOnNewDocument(installCamera, CODE, true, CAMERA);
    await putTape(page, tape);
  });
  const rooms = [await teach(teacher.page, janus)];
  const student = await open(server, async (page) => {
    await page.evaluateOnNewDocument(installEyes, CODE);
    await putRecorder(page);
  });
  return {
    teacher,
    student,
    async join(lineTo) {
      const { room, joinedAt } = await learn(student.page, janus, lineTo, wish);
      rooms.push(room);
      return joinedAt;
    },
    /** What the browser itself counts, which says more than can be heard. */
    async counts() {
      const received = await student.page.evaluate(() => globalThis.mosaikPeer.stats("inbound-rtp"));
      const sent = await teacher.page.evaluate(() => globalThis.mosaikPeer.stats("outbound-rtp"));
      return { received, sent };
    },
    async close() {
      await Promise.all(rooms.map((room) => room.close()));
      await Promise.all([teacher, student].map(({ browser }) => browser.close()));
      janus.stop();
      server.close();
    },
  };
}
