/** English for lines: the own one, and those of a class. */

import type { Advice, Grade, Uplink } from "../room/lines.ts";
import type { LineQuality } from "../room/messages.ts";

type Words<T extends string> = Readonly<Record<T, string>>;

const grades = { good: "good", fair: "rather weak", poor: "bad", away: "lost", unknown: "being measured" } satisfies Words<Grade>;

const causes = {
  none: "Everything arrives",
  rising: "We are trying how much your line carries",
  lineFull: "Your line is too slow just now",
  loss: "Your network is losing packets",
  delay: "Your line is congested",
  silent: "Nothing reaches you just now",
  tooManyPictures: "All pictures together do not fit on your line",
} satisfies Words<LineQuality["reason"]>;

const effects = {
  full: "You get the pictures in full size.",
  reduced: "The picture was made smaller, the sound stays.",
  none: "No picture comes any more, the sound stays.",
  notWanted: "",
} satisfies Words<LineQuality["picture"]>;

const why = ({ reason, picture }: Pick<LineQuality, "reason" | "picture">): string => {
  switch (reason) {
    case "none":
      return effects[picture];
    case "silent":
      return `${causes.silent}. We keep trying.`;
    case "rising":
      return `${causes.rising}. The picture gets sharper in a moment.`;
    case "tooManyPictures":
      return `${causes.tooManyPictures}. Some are not sent, the sound stays.`;
    case "lineFull":
    case "loss":
    case "delay":
      return `${causes[reason]}. ${effects[picture]}`.trim();
  }
};

export const linesEn = {
  line: {
    title: "Your connection",
    open: (grade: Grade) => `Your connection: ${grades[grade]}`,
    grade: (grade: Grade) => `Connection: ${grades[grade]}`,
    grades,
    sentences: {
      good: "Your connection is good.",
      fair: "Your connection is rather weak just now.",
      poor: "Your connection is bad just now.",
      away: "Your connection was lost. We are connecting you again.",
      unknown: "Your connection is being measured.",
    } satisfies Words<Grade>,
    why,
    unheard: "Your microphone is on, but nothing arrives.",
    uplinks: {
      off: "",
      full: "",
      reduced: "Your camera is sent smaller: your device or your line cannot do more just now.",
      least: "Only the smallest picture of your camera is sent. Your sound comes first.",
    } satisfies Words<Uplink>,
    delay: "There and back",
    ms: (ms: number) => (ms < 10 ? "below 10 ms" : `${ms} ms`),
    loss: "Lost",
    losses: { none: "hardly anything", some: "some packets", much: "many packets" } satisfies Words<LineQuality["loss"]>,
    path: "Way",
    paths: { quic: "QUIC", webTransport: "WebTransport", webSocket: "WebSocket (TCP)" } satisfies Words<LineQuality["path"]>,
    received: "You get",
    pictures: (count: number, lines: number) => `${count} ${count === 1 ? "picture" : "pictures"}, up to ${lines} lines`,
    noPictures: "sound only",
    sending: "You send",
    nothing: "nothing",
    camera: { off: "", full: "picture in full size", reduced: "smaller picture", least: "smallest picture" } satisfies Words<Uplink>,
    voice: "sound",
    helps: "What helps",
    advice: {
      router: "Go nearer to the router, or use a cable.",
      cameraOff: "Switch your camera off.",
      downloads: "Stop downloads and videos, on other devices at home too.",
      network: "This network only lets the slower way through. Try another one.",
    } satisfies Words<Advice>,
    more: "What helps?",
    hide: "Hide",
    all: "Connections",
    allHelp: "The worst comes first. Only teachers see this; nothing is stored.",
    name: "Name",
    hears: "Hears you",
    isHeard: "You hear",
    picture: "Gets",
    yes: "yes",
    no: "no",
    muted: "microphone off",
    unknown: "–",
    gets: { full: "full picture", reduced: "smaller picture", none: "no picture", notWanted: "–" } satisfies Words<LineQuality["picture"]>,
    reasons: {
      none: "",
      rising: "being tried",
      lineFull: "line full",
      loss: "losses",
      delay: "congestion",
      silent: "nothing arrives",
      tooManyPictures: "too many pictures",
    } satisfies Words<LineQuality["reason"]>,
  },
};
