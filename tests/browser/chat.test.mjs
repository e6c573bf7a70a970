/** The chat on several pages: private words stay private, what was said can be changed, and a cut line doubles nothing. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, openChat, part, plain, press, say } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { eventually } from "./wait.mjs";

/** A teacher and two students with the chat open; the first one comes by a line that can be cut. */
const lesson = ({ kinds, language }, body) =>
  hold(kinds(2), { ...plain, names: ["Ayla", "Ben"], isCut: true, language }, async (people, relay) => {
    for (const person of people) await openChat(person);
    await body(relay, ...people);
  });

/** More messages than the room takes from one person in one go. */
const MANY = 60;

const shown = ({ page }) =>
  page.$$eval(part("chat-message"), (all) =>
    all.map((message) => ({ text: message.querySelector(".bubble-words").textContent, isPrivate: message.dataset.private === "true" })),
  );
const count = async (person, text) => (await shown(person)).filter((message) => message.text.includes(text)).length;

/** Opens what can be done about the message with this text and does it. */
async function doTo(person, text, way) {
  const { page } = person;
  const message = await eventually(`${person.name} to see "${text}"`, async () => {
    for (const found of await page.$$(part("chat-message"))) {
      if ((await found.$eval(".bubble-words", (words) => words.textContent)).includes(text)) return found;
    }
  });
  await message.hover();
  await (await message.$(part("message-more"))).click();
  await (await message.waitForSelector(part(way))).click();
}

async function changed(_relay, teacher, ayla, ben) {
  await say(ayla, "Guten Morgn");
  await doTo(ayla, "Guten Morgn", "message-edit");
  await ayla.page.waitForSelector(`${part("chat-writing")}[data-kind="edit"]`);
  await ayla.page.keyboard.press("End");
  await ayla.page.keyboard.press("Backspace");
  await ayla.page.keyboard.type("en!");
  await press(ayla, "chat-send");
  await eventually("Ben to see what was changed", async () => (await count(ben, "Guten Morgen!")) === 1);
  assert.equal(await count(ben, "Guten Morgn"), 0);

  await doTo(ben, "Guten Morgen!", "message-react-heart");
  await ayla.page.waitForSelector(`.message-reaction[data-reaction="heart"]`);
  await doTo(ben, "Guten Morgen!", "message-reply");
  await ben.page.waitForSelector(part("chat-writing"));
  await say(ben, "Hallo Ayla");
  await eventually("the reply with what it answers", async () => {
    const quotes = await teacher.page.$$eval(".quote", (all) => all.map((quote) => quote.textContent));
    return quotes.some((quote) => quote.includes("Guten Morgen!"));
  });
  await doTo(teacher, "Hallo Ayla", "message-pin");
  await ayla.page.waitForSelector(part("chat-pinned"));
  await doTo(teacher, "Hallo Ayla", "message-pin");
  await ayla.page.waitForSelector(part("chat-pinned"), { hidden: true });
  // Of others a student can delete nothing: there is no button for it.
  await (await ayla.page.$$(part("message-more"))).at(-1).click();
  await ayla.page.waitForSelector(part("message-reply"));
  assert.equal(await ayla.page.$(part("message-delete")), null);
  await doTo(teacher, "Guten Morgen!", "message-delete");
  await eventually("what was deleted to be gone", async () => (await count(ayla, "Guten Morgen!")) === 0);

  await tooLong(ayla, ben);
  await ayla.page.type(part("chat-input"), "Ich schreibe");
  await eventually("the teacher to see that Ayla writes", async () => (await teacher.page.$(part("chat-typing"))) !== null);
  await ayla.page.$eval(part("chat-input"), (field) => field.select());
  await ayla.page.keyboard.press("Backspace");
  await tooFast(ayla, ben);
  await press(teacher, "chat-clear");
  await press(teacher, "clear-confirm");
  await eventually("an empty chat", async () => (await shown(ben)).length === 0);
}

/** What is too long is told before it is sent, and is still there to be cut short. */
async function tooLong(writer, reader) {
  const write = (text) =>
    writer.page.$eval(part("chat-input"), (field, value) => {
      field.value = value;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, text);
  const before = await count(reader, "");
  await write("x".repeat(2_001));
  await eventually("to be told by how much", async () => (await writer.page.$eval("form.composer", (form) => form.textContent)).includes(writer.words.chat.over(1)));
  await press(writer, "chat-send");
  assert.equal(await writer.page.$eval(part("chat-input"), (field) => field.value.length), 2_001);
  await write("x".repeat(2_000));
  await press(writer, "chat-send");
  await eventually("the longest message to arrive", async () => (await count(reader, "x".repeat(2_000))) === 1);
  assert.equal(await count(reader, ""), before + 1, "what was too long was not sent");
}

/** Who writes too fast is told which words did not arrive, and sends them again. */
async function tooFast(writer, reader) {
  const refused = `${part("chat-draft")}[data-state="refused"]`;
  // By the page itself: keys that come from outside are slow on a busy machine.
  await writer.page.evaluate(async (input, send, stop, many) => {
    const field = document.querySelector(input);
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    for (let sent = 0; sent < many && document.querySelector(stop) === null; sent += 1) {
      field.value = `Schnell ${sent}`;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await frame();
      document.querySelector(send).click();
      await frame();
    }
  }, part("chat-input"), part("chat-send"), refused, MANY);
  const draft = await writer.page.waitForSelector(refused);
  assert.ok((await draft.evaluate((item) => item.textContent)).includes(writer.words.chat.refused.tooFast));
  const words = await draft.$eval(".bubble-words", (bubble) => bubble.textContent);
  await eventually("it to be sent in the end", async () => {
    for (const again of await writer.page.$$(`${refused} .button:not(.button-plain)`)) await again.evaluate((button) => button.click());
    return (await count(reader, words)) === 1;
  }, 60_000);
}

async function privateWords({ line }, teacher, ayla, ben) {
  const choices = await ayla.page.$$eval(`${part("chat-to")} option`, (all) => all.map((option) => option.textContent));
  assert.equal(choices.some((choice) => choice.includes("Ben")), false, "students write privately to teachers only");
  await ayla.page.select(part("chat-to"), "moderators");
  await say(ayla, "Ich verstehe das nicht");
  await eventually("the teacher to read it", async () => (await count(teacher, "Ich verstehe das nicht")) === 1);
  assert.equal((await shown(teacher))[0].isPrivate, true);
  await doTo(teacher, "Ich verstehe das nicht", "message-reply");
  await teacher.page.waitForSelector(part("chat-writing"));
  await say(teacher, "Ich komme gleich");
  await eventually("the answer", async () => (await count(ayla, "Ich komme gleich")) === 1);

  line.cut();
  await ayla.page.waitForSelector('[data-testid="status-banner"][data-state="reconnecting"]', { timeout: 30_000 });
  await say(ayla, "Danke, geht wieder");
  await say(teacher, "An alle: Seite 12");
  line.mend();
  await eventually(
    "both to have everything",
    async () => (await count(teacher, "Danke, geht wieder")) === 1 && (await count(ayla, "Seite 12")) === 1,
    60_000,
  );
  for (const text of ["Ich verstehe das nicht", "Ich komme gleich", "Danke, geht wieder", "Seite 12"]) {
    for (const person of [teacher, ayla]) assert.equal(await count(person, text), 1, `${person.name}: ${text}, once`);
  }
  await eventually("no draft to be left", async () => (await ayla.page.$(part("chat-draft"))) === null);
  assert.deepEqual((await shown(ben)).map(({ text }) => text.includes("Seite 12")), [true], "Ben reads what is for all and nothing else");
}

for (const pair of pairs("chromium")) {
  test(`messages are changed, answered, pinned and deleted: ${pair.name}`, () => lesson(pair, changed));
}
for (const pair of pairs("firefox")) {
  test(`private words reach whom they are for, once, also over a cut line: ${pair.name}`, () => lesson(pair, privateWords));
}
