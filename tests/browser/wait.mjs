/** Waiting for a condition, never for a time. */

/** Asks until the answer is true (or an object), and gives it back; fails after `deadlineMs`. */
export async function eventually(what, ask, deadlineMs = 15_000) {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > until) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
