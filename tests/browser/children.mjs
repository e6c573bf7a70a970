/** Processes that end with the tests, however those end. */

const children = new Set();

// The runner ends a test that takes too long by SIGTERM; only an orderly exit takes the others along.
process.once("SIGTERM", () => process.exit(1));
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** `child` is killed at the latest when this process ends. */
export function endWithUs(child) {
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}
