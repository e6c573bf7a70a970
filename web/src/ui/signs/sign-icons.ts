/** Which icon stands for a status or reaction. */

import type { Reaction, Status } from "../../room/messages.ts";
import type { IconName } from "../icon.tsx";

export const STATUS_ICONS: Readonly<Record<Status, IconName>> = {
  finished: "check",
  needHelp: "help",
  tooFast: "fast",
  tooSlow: "slow",
  agree: "thumbsUp",
  disagree: "thumbsDown",
  backSoon: "pause",
};

export const REACTION_ICONS: Readonly<Record<Reaction, IconName>> = {
  thumbsUp: "thumbsUp",
  bravo: "star",
  heart: "heart",
  laugh: "laugh",
  surprised: "surprised",
  party: "party",
};
