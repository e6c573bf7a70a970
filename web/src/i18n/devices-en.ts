/** English for the own devices in the room. */

import type { devicesDe } from "./devices-de.ts";

export const devicesEn: typeof devicesDe = {
  devices: {
    speaker: "Loudspeaker",
    testTone: "Test sound",
    pushToTalk: "Talk with the space bar",
    pushToTalkHelp: "Your microphone is on only while you hold it.",
    space: "Space bar",
    holdSpace: "Hold the space bar to talk",
    tellMuted: "Tell me when I talk while muted",
    tellMutedHelp: "For that your device listens while you are muted. Nothing is sent.",
    document: "Document camera",
    documentHelp: "For paper and books: large and sharp, with few pictures.",
    muted: "You are muted",
    mutedHelp: "The others cannot hear you right now.",
    mutedSpace: "Hold the space bar while you talk.",
    silent: "Your microphone gives no sound",
    silentHelp: "Perhaps it is muted at the device. Or take another one.",
    chooseOther: "Choose another",
    use: "Use it",
    fellBack: { title: "Your microphone was unplugged", help: (lost, now) => `${lost} is gone. You are heard by: ${now}.` },
    returned: {
      mic: { title: "Your microphone is back", help: (now) => `You are heard by ${now} again.` },
      cam: { title: "Your camera is back", help: (now) => `You are shown by ${now} again.` },
    },
    added: {
      mic: { title: "New microphone", help: (now) => `Would you like to use ${now}?` },
      cam: { title: "New camera", help: (now) => `Would you like to use ${now}?` },
    },
  },
};
