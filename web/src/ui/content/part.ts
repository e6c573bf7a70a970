/** What is loaded with the first slide or file. */

export { Files } from "./files.tsx";
export { Slide } from "./slide.tsx";
