/** English for what people agree to, and for what is left at the end. */

import type { consentDe } from "./consent-de.ts";

export const consentEn: typeof consentDe = {
  consent: {
    title: "What others may do",
    open: "What others may see, hear and read of me",
    loading: "Loading …",
    missing: "The text about this is not here yet. You can take part without agreeing and decide later.",
    version: (version) => `Version ${version}`,
    notOffered: "Your parents have not given permission for this.",
    questions: { seen: "May the others see you?", heard: "May the others hear you?", read: "May everyone read what you write?" },
    changeable: "You can change this at any time.",
    yes: "Yes, I agree",
    no: "Not now",
    takenBack: "What you turn off ends at once. Messages that others could read disappear too.",
    chatToTeachers: "Only your teacher reads what you write.",
    chatUnread: "The class does not read what you write yet.",
    writeToAll: "Write to everyone",
    withheld: { heard: "does not want to be heard" },
    refused: "You have not agreed to this yet.",
    parents: "May agree to",
    media: { seen: "Picture", heard: "Sound", read: "Text" },
  },
  receipt: {
    title: "Receipt of deletion",
    waiting: "Checking that everything is deleted …",
    missing: "The receipt did not arrive. The room is closed all the same.",
    times: (room, opened, closed) => `Room ${room}, opened ${opened}, closed ${closed}`,
    what: "What",
    before: "When it closed",
    after: "Afterwards",
    inBytes: "In bytes, when it closed → afterwards:",
    measured: (at) => `Measured ${at}, on the server, after everyone had gone.`,
    save: "Save as text",
    file: "receipt",
    kinds: {
      tracks: "Picture, sound and history",
      people: "Participants",
      chat: "Chat",
      private: "Private messages",
      polls: "Polls",
      attendance: "Attendance",
      log: "Log",
    },
  },
};
