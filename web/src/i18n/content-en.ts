/** English for slides and files. */

import type { contentDe } from "./content-de.ts";

const pages = (n: number) => `${n} ${n === 1 ? "page" : "pages"}`;

export const contentEn: typeof contentDe = {
  content: {
    title: "Files",
    loading: "Loading …",
    slides: "Slides",
    files: "Files",
    openSlides: "Show a PDF or pictures",
    noSlides: "Open a PDF or pictures: everyone sees what you show.",
    noFiles: "No files yet.",
    locked: "Here your teacher shares the files.",
    share: "Share a file",
    shareHint: "Or drop it here. All files are deleted when the lesson ends.",
    show: "Show",
    shown: "shown now",
    hide: "Hide slides",
    pages,
    pagesComing: (here, all) => `${here} of ${pages(all)}`,
    page: (page, all) => `${page} / ${all}`,
    slide: (page, all, name) => `Slide ${page} of ${all}: ${name}`,
    coming: "The slide is on its way …",
    previous: "Previous slide",
    next: "Next slide",
    follow: "Follow again",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    words: "Text of the slide",
    noWords: "There is no text on this slide.",
    overview: "All pages",
    removeDeck: (name) => `Remove ${name}`,
    uploading: (name) => `${name} is uploading`,
    downloading: (name) => `${name} is loading`,
    cancel: (name) => `Cancel ${name}`,
    dismiss: "Close this note",
    download: (name) => `Save ${name}`,
    remove: (name) => `Remove ${name}`,
    failed: "That did not work. Try again.",
    refused: {
      tooLarge: (max) => `The file is too large. At most ${max} will do.`,
      noSpace: (max) => `The room is full (${max}). Remove something first.`,
      full: (max) => `No more than ${max}. Remove something first.`,
      wrongContent: "This file cannot be used here. Check that it is what its name says. For slides take PDF, PNG, JPEG or WebP.",
      locked: "Right now only your teacher shares files here.",
      notAllowed: "You may not do that here right now.",
      tooFast: "That was a lot at once. Wait a moment and try again.",
      other: "The upload broke off. Try again.",
    },
  },
};
