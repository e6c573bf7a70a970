/** The chat on several pages: private words stay private, what was said can be changed, and a cut line doubles nothing. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, openChat, part, plain, press, say } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";

/** A teacher and two students with the chat open; the first one comes by a line that can be cut. */
const lesson = (kinds, body) =>
  hold([...kinds, "chromium"], { ...plain, names: ["Ayla", "Ben"], isCut: true }, async (people, relay) => {
    for (const person of people) await openChat(person);
    await body(relay, ...people);
  });

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
  // Of others a student can delete nothing: there is no button for it.
  await (await ayla.page.$$(part("message-more"))).at(-1).click();
  await ayla.page.waitForSelector(part("message-reply"));
  assert.equal(await ayla.page.$(part("message-delete")), null);
  await doTo(teacher, "Guten Morgen!", "message-delete");
  await eventually("what was deleted to be gone", async () => (await count(ayla, "Guten Morgen!")) === 0);

  await ayla.page.type(part("chat-input"), "Ich schreibe");
  await eventually("the teacher to see that Ayla writes", async () => (await teacher.page.$(part("chat-typing"))) !== null);
  await press(teacher, "chat-clear");
  await press(teacher, "clear-confirm");
  await eventually("an empty chat", async () => (await shown(ben)).length === 0);
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

for (const kinds of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`messages are changed, answered, pinned and deleted: ${kinds.join(" and ")}`, () => lesson(kinds, changed));
  test(`private words reach whom they are for, once, also over a cut line: ${kinds.join(" and ")}`, () => lesson(kinds, privateWords));
}
