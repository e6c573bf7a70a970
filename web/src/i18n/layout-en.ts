/** English for how the stage is laid out. */

import type { layoutDe } from "./layout-de.ts";

export const layoutEn: typeof layoutDe = {
  layout: {
    title: "View",
    names: { auto: "Automatic", presentation: "Presentation", speaker: "Speaker", gallery: "Gallery", audio: "Sound only" },
    helps: {
      auto: "What is shown is large, or else what fits.",
      presentation: "Screen, slides, board or your teacher large.",
      speaker: "Whoever speaks is large.",
      gallery: "Everyone the same size.",
      audio: "No pictures. Helps on a weak line.",
    },
    forAll: "For everyone",
    free: "Everyone chooses",
    told: (name) => `Your teacher chose “${name}” for everyone.`,
    set: (name) => `“${name}” is set for everyone.`,
    shown: "Something is being shown: look",
    pinned: "pinned",
    inList: "Show in the list",
    divider: "Space for people",
    pages: "Pages of people",
    previous: "Previous people",
    next: "More people",
    page: (page, of) => `Page ${page} of ${of}`,
    more: "More",
    devices: "Devices",
  },
};
