/** How old a picture is that stands still, as it is told. */

const SECOND_MS = 1_000;

/** Age in whole seconds of a picture that was drawn at `since`, which is told from one second on. */
export const pictureAge = (since: number, now: number): number => Math.max(Math.floor((now - since) / SECOND_MS), 1);
