/**
 * The tasks of a page's main thread with the processor time of each, from Chromium's tracing: on a machine that others
 * use too, how long a task took says as much about them as about the page.
 */

/** The events in which Chromium tells of whole tasks. */
const CATEGORIES = ["disabled-by-default-devtools.timeline"];
const TASK = "RunTask";
const MAIN_THREAD = "CrRendererMain";

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

/** The main threads of a browser's pages, each with the processor time of its tasks in ms. */
function mainThreads({ traceEvents }) {
  const threadOf = ({ pid, tid }) => `${pid}/${tid}`;
  const threads = new Map(traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === MAIN_THREAD).map((event) => [threadOf(event), []]));
  for (const event of traceEvents) {
    if (event.name === TASK && event.tdur !== undefined) threads.get(threadOf(event))?.push(event.tdur / 1_000);
  }
  return [...threads.values()];
}

/** Begins to trace a browser with one page; the answer ends it and tells the processor time of each task since then, longest first. */
export async function traceTasks(page) {
  await page.tracing.start({ categories: CATEGORIES });
  return async () => {
    const trace = JSON.parse(new TextDecoder().decode(await page.tracing.stop()));
    // The others are Chromium's own, which do nothing here.
    const [busiest] = mainThreads(trace).toSorted((one, other) => sum(other) - sum(one));
    return busiest.toSorted((one, other) => other - one);
  };
}
