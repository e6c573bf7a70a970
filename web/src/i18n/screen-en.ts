/** English for sharing a screen. */

import type { screenDe } from "./screen-de.ts";

export const screenEn: typeof screenDe = {
  screen: {
    tool: "Screen",
    share: "Share your screen",
    stop: "Stop sharing",
    shares: "shares their screen",
    of: (name) => `${name}’s screen`,
    youShare: "You are sharing your screen",
    coming: "The screen is on its way …",
    failed: {
      title: "Your screen cannot be shared",
      help: "Your device does not let the browser do it. Allow screen recording in your device’s settings and try again.",
    },
  },
};
