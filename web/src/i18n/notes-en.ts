/** English for the notes that all write together. */

import type { notesDe } from "./notes-de.ts";

export const notesEn: typeof notesDe = {
  notes: {
    title: "Notes",
    tools: "Format text",
    acts: {
      heading: "Heading",
      bold: "Bold",
      italic: "Italic",
      bullets: "List",
      numbers: "Numbered list",
      checks: "Checklist",
      undo: "Undo",
      redo: "Redo",
    },
    control: "Ctrl",
    shift: "Shift",
    check: "Done",
    empty: "Everyone writes here together. Go ahead!",
    emptyLocked: "There is nothing here yet.",
    locked: "Your teacher has locked the notes for now. You can read everything.",
    loading: "Loading the notes …",
    failed: "The notes could not be loaded. Check your connection.",
    lost: {
      locked: "The notes were locked while you were writing. Your last characters did not get through.",
      full: "The notes are full. Shorten something, or ask your teacher to clear them.",
      cleared: "The notes were cleared while you were writing.",
      tooMuch: "That is too much at once. Paste it in smaller pieces.",
      other: "Your last characters did not get through. Please write them again.",
    },
    copy: "Copy",
    copied: "Copied",
    save: "Save",
    file: "notes",
    clear: "Clear",
    clearTitle: "Clear the notes for everyone?",
    clearHelp: "Everything that stands here is deleted. Save what you need first.",
  },
};
