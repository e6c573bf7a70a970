/** What people do on a whiteboard. */

import { part } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";

export const choose = ({ page }, tool) => page.$eval(`${part("board-tool")}[data-tool="${tool}"]`, (button) => button.click());
export const shapes = ({ page }) => page.$eval(part("board-paper"), (paper) => paper.dataset.shapes);
export const become = (person, count) => eventually(`${person.name} to see ${count} shapes`, async () => (await shapes(person).catch(() => undefined)) === String(count), 20_000);

/** Where a share of the sheet is on the screen. */
async function at({ page }, [x, y]) {
  return page.$eval(".board-sheet", (sheet, shareX, shareY) => {
    const box = sheet.getBoundingClientRect();
    return [box.left + box.width * shareX, box.top + box.height * shareY];
  }, x, y);
}

/** Draws with the mouse; `isHeld` leaves the button down. */
export async function draw(person, places, isHeld = false) {
  const { mouse } = person.page;
  const [first, ...others] = await Promise.all(places.map((place) => at(person, place)));
  await mouse.move(...first);
  await mouse.down();
  for (const place of others) await mouse.move(...place, { steps: 6 });
  if (!isHeld) await mouse.up();
}

/** How dark a place of the sheet is, 0 (white) to 255, over both canvases. */
export function ink({ page }, [x, y]) {
  return page.evaluate((shareX, shareY) => {
    const sheet = document.querySelector(".board-sheet").getBoundingClientRect();
    const [left, top] = [sheet.left + sheet.width * shareX, sheet.top + sheet.height * shareY];
    let alpha = 0;
    for (const canvas of document.querySelectorAll(".board-layer")) {
      const box = canvas.getBoundingClientRect();
      const scale = canvas.width / box.width;
      const { data } = canvas.getContext("2d").getImageData((left - box.left) * scale - 2, (top - box.top) * scale - 2, 5, 5);
      for (let index = 3; index < data.length; index += 4) alpha = Math.max(alpha, data[index]);
    }
    return alpha;
  }, x, y);
}
