/**
 * A class in one browser: each of them has an engine of the page and a session of their own, as people have, and no
 * page. Some show a picture, drawn with their name.
 */

import { openBrowser } from "./browsers.mjs";
import { eventually } from "./wait.mjs";

/** The first `cameras` of `names` show a picture. */
export async function bring(link, names, { cameras = 0 } = {}) {
  const { browser, page } = await openBrowser("chromium");
  try {
    // The page makes scripts of nothing but its own text.
    await page.setBypassCSP(true);
    await page.goto(link);
    await page.waitForSelector('[data-testid="join-name"]');
    const engine = await eventually("the page to fetch its engine", () =>
      page.evaluate(() => performance.getEntriesByType("resource").find(({ name }) => name.includes("engine.worker"))?.name),
    );
    await page.evaluate(install, engine, link);
    for (const [index, name] of names.entries()) await page.evaluate((...args) => globalThis.crowd.enter(...args), name, index < cameras);
  } catch (error) {
    await browser.close();
    throw error;
  }
  return {
    /** Somebody asks for something: the room's answer, null for yes. */
    ask: (name, command) => page.evaluate((...args) => globalThis.crowd.ask(...args), name, command),
    idOf: (name) => page.evaluate((who) => globalThis.crowd.people.get(who).id, name),
    leave: (name) => page.evaluate((who) => globalThis.crowd.leave(who), name),
    close: () => browser.close().catch(() => browser.process()?.kill("SIGKILL")),
  };
}

/** Runs in the page. */
function install(engine, link) {
  const agreed = { seen: true, heard: true, read: true };
  const [room, secret] = new URL(link).hash.slice(1).split("/");
  const people = new Map();

  async function join(name) {
    const answer = await fetch("/api/join", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ room, secret, name, agreed, texts: null }),
    });
    if (!answer.ok) throw new Error(`${name} is not let in: ${await answer.text()}`);
    const { participant, token, relay } = await answer.json();
    const ticket = {
      url: `https://${location.host}${relay.path}`,
      socketUrl: `ws://${location.host}${relay.path}`,
      likely: "webTransport",
      certificateHashes: relay.certificateHashes,
      token,
      room,
      participant,
    };
    return { participant, ticket };
  }

  async function enter(name, hasCamera) {
    const { participant, ticket } = await join(name);
    const worker = new Worker(engine);
    const person = { id: participant, worker, next: 1, waiting: new Map() };
    people.set(name, person);
    await new Promise((ready, failed) => {
      worker.addEventListener("message", ({ data }) => {
        if (data.kind === "commandsReady") ready();
        if (data.kind === "line" && data.line.state !== "open" && data.line.state !== "connecting") failed(new Error(`${name}: ${JSON.stringify(data.line)}`));
        if (data.kind === "inbox") settle(person, JSON.parse(data.text));
      });
      worker.postMessage({ kind: "open", ticket });
    });
    if (hasCamera) await show(name, person);
  }

  function settle({ waiting }, object) {
    const numbers = object.kind === "acknowledged" || object.kind === "refused" ? [object.number] : [];
    for (const number of numbers) waiting.get(number)?.(object.refusal ?? null);
  }

  function ask(name, command) {
    const person = people.get(name);
    const number = person.next++;
    const answer = new Promise((settled) => person.waiting.set(number, settled));
    person.worker.postMessage({ kind: "command", text: JSON.stringify({ number, command }) });
    return answer;
  }

  /** Ten pictures a second of somebody who moves a little. */
  async function show(name, { worker, id }) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 360];
    const context = canvas.getContext("2d", { alpha: false });
    const hue = Number.parseInt(id.slice(-4), 16) % 360;
    let step = 0;
    const draw = () => {
      step += 1;
      context.fillStyle = `hsl(${hue} 25% 78%)`;
      context.fillRect(0, 0, 640, 360);
      context.fillStyle = `hsl(${hue} 35% 35%)`;
      context.beginPath();
      context.ellipse(320 + 6 * Math.sin(step / 9), 390, 150, 130, 0, 0, 7);
      context.fill();
      context.fillStyle = "#dcb894";
      context.beginPath();
      context.arc(320 + 10 * Math.sin(step / 9), 190, 72, 0, 7);
      context.fill();
    };
    draw();
    setInterval(draw, 100);
    const [track] = canvas.captureStream(10).getVideoTracks();
    const { readable } = new MediaStreamTrackProcessor({ track, maxBufferSize: 2 });
    worker.postMessage({ kind: "camera", frames: readable, size: { width: 640, height: 360 } }, [readable]);
    await ask(name, { kind: "setSources", mic: false, cam: true });
  }

  async function leave(name) {
    await Promise.race([ask(name, { kind: "leave" }), new Promise((over) => setTimeout(over, 500))]);
    people.get(name).worker.terminate();
    people.delete(name);
  }

  globalThis.crowd = { people, enter, ask, leave };
}
