/** English for what people do in a lesson beside seeing and hearing each other. */

import type { classDe } from "./class-de.ts";

const plural = new Intl.PluralRules("en");
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === "one" ? one : other}`;

export const classEn = {
  hand: {
    raise: "Raise hand",
    lower: "Lower hand",
    queue: "Raised hands",
    none: "Nobody has a hand up right now.",
    own: (place) => (place === 1 ? "You are next." : `You are number ${place}.`),
    waiting: (time) => `waiting ${time}`,
    isUp: "hand is up",
    time: (seconds) => (seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`),
    called: (n) => (n === 1 ? "called on once" : `called on ${n} times`),
    callOn: "Call on",
    callOnWho: (name) => `Call on ${name}`,
    lowerWho: (name) => `Lower the hand of ${name}`,
    lowerAll: "Lower all",
    pick: "Pick at random",
    picked: (name) => `Picked: ${name}`,
    nobody: "Nobody is here to be picked right now.",
    asked: (name) => `${name} has been asked`,
    declined: (name) => `${name} would rather not speak right now.`,
    raised: (name) => `${name} raises a hand.`,
    request: "It is your turn!",
    requestHelp: "Would you like to speak?",
    speak: "Switch on microphone",
    speakNow: "Yes, I will speak",
    notNow: "Not now",
  },
  sign: {
    open: "React",
    react: "Reactions",
    status: "How are you doing?",
    clear: "Clear status",
    clearAll: "Clear all statuses",
    summary: "How the class is doing",
    reactions: { thumbsUp: "Thumbs up", bravo: "Well done", heart: "Heart", laugh: "Laughing", surprised: "Surprised", party: "Celebrate" },
    statuses: {
      finished: "Finished",
      needHelp: "Need help",
      tooFast: "Too fast",
      tooSlow: "Too slow",
      agree: "Agree",
      disagree: "Disagree",
      backSoon: "Back soon",
    },
  },
  refused: {
    tooFast: "That was very fast. Wait a moment.",
    notAllowed: "You may not do that here right now.",
    notThere: "It is not there any more.",
    other: "That did not work. Try again.",
  },
  people: (n) => count(n, "person", "people"),
} satisfies typeof classDe;
