/** Two fingers hold what is between them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { fitted, kept, onPage } from "./camera.ts";
import { createPinch } from "./pinch.ts";

test("what is between two fingers stays there, also where the page first fills its room", () => {
  // The page is in the middle of a room that is wider: until it fills it, an edge holds it there.
  const [size, page] = [{ width: 1_000, height: 400 }, { width: 1_600, height: 900 }];
  let view = fitted(size, page);
  const pinch = createPinch({ view: () => view, pan: () => undefined, look: (next) => (view = kept(next, size, page)) });
  const middle = { x: 500, y: 180 };
  const before = onPage(view, middle);
  for (let step = 0; step < 10; step += 1) {
    const [near, far] = [60 + step * 9, 69 + step * 9];
    pinch.move({ x: 500 + near, y: 180 }, { x: 500 - near, y: 180 }, { x: 500 - far, y: 180 });
    pinch.move({ x: 500 - far, y: 180 }, { x: 500 + near, y: 180 }, { x: 500 + far, y: 180 });
  }
  pinch.end();
  const after = onPage(view, middle);
  assert.ok(Math.abs(view.scale / fitted(size, page).scale - 2.5) < 0.01, `${view.scale}`);
  assert.ok(Math.hypot(after.x - before.x, after.y - before.y) < 1, `${after.x}, ${after.y} instead of ${before.x}, ${before.y}`);
});
