/** What is spoken on a line to the relay, most wanted first. */
export const PROTOCOLS: readonly string[] = ["moqt-18"];
