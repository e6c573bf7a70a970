/** What is kept of slides: enough that no look at a whole deck fetches it anew. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createPages } from "./pages.ts";

function pagesOf() {
  const fetched: string[] = [];
  const pages = createPages({
    fetch: async (track) => {
      fetched.push(track);
      return { type: "png", bytes: new TextEncoder().encode(track) };
    },
    hurry: () => undefined,
    take: () => undefined,
  });
  return { pages, fetched };
}

test("the largest deck's overview is fetched once, however often it is looked at", () => {
  const { pages, fetched } = pagesOf();
  for (let look = 0; look < 3; look += 1) {
    for (let page = 0; page < 200; page += 1) {
      pages.picture({ deck: 1, page }, "small", "overview");
      if (page % 5 === 0) pages.picture({ deck: 1, page }, "sharp", "now");
    }
  }
  assert.equal(fetched.length, 200 + 40);
});

test("what was not looked at for longest goes first", () => {
  const { pages, fetched } = pagesOf();
  for (let page = 0; page < 200; page += 1) pages.words({ deck: 1, page }, "soon");
  pages.words({ deck: 1, page: 199 }, "soon");
  assert.equal(fetched.length, 200);
  pages.words({ deck: 1, page: 0 }, "soon");
  assert.equal(fetched.length, 201);
});
