/** German for lines: the own one, and those of a class. */

import type { Advice, Grade, Uplink } from "../room/lines.ts";
import type { LineQuality } from "../room/messages.ts";

type Words<T extends string> = Readonly<Record<T, string>>;

const grades = { good: "gut", fair: "etwas schwach", poor: "schlecht", away: "unterbrochen", unknown: "wird gemessen" } satisfies Words<Grade>;

/** What is wrong; what that does to the picture follows. */
const causes = {
  none: "Alles kommt an",
  rising: "Wir probieren gerade, wie viel deine Leitung schafft",
  lineFull: "Deine Leitung ist gerade zu langsam",
  loss: "Dein Netz verliert Pakete",
  delay: "Auf deiner Leitung staut es sich",
  silent: "Gerade kommt nichts bei dir an",
  tooManyPictures: "Alle Bilder zusammen passen nicht auf deine Leitung",
  soon: "Gleich wird das Bild schärfer.",
  again: "Wir versuchen es weiter.",
  some: "Manche werden nicht gesendet, der Ton bleibt.",
};

const effects = {
  full: "Du bekommst die Bilder in voller Größe.",
  reduced: "Das Bild wurde verkleinert, der Ton bleibt.",
  none: "Es kommt kein Bild mehr, der Ton bleibt.",
  notWanted: "",
} satisfies Words<LineQuality["picture"]>;

interface Causes extends Words<LineQuality["reason"]> {
  /** What follows a cause that will pass. */
  readonly soon: string;
  readonly again: string;
  readonly some: string;
}

/** What is wrong and what that does to the picture, in one or two sentences. */
const whyOf =
  (cause: Causes, effect: Words<LineQuality["picture"]>) =>
  ({ reason, picture }: Pick<LineQuality, "reason" | "picture">): string => {
    switch (reason) {
      case "none":
        return effect[picture];
      case "silent":
        return `${cause.silent}. ${cause.again}`;
      case "rising":
        return `${cause.rising}. ${cause.soon}`;
      case "tooManyPictures":
        return `${cause.tooManyPictures}. ${cause.some}`;
      case "lineFull":
      case "loss":
      case "delay":
        return `${cause[reason]}. ${effect[picture]}`.trim();
    }
  };

/** What another form of address makes its own sentences of. */
export const linesParts = { causes, effects, grades, whyOf };
export type LinesParts = typeof linesParts;

export const linesDe = {
  line: {
    title: "Deine Verbindung",
    open: (grade: Grade) => `Deine Verbindung: ${grades[grade]}`,
    grade: (grade: Grade) => `Verbindung: ${grades[grade]}`,
    grades,
    sentences: {
      good: "Deine Verbindung ist gut.",
      fair: "Deine Verbindung ist gerade etwas schwach.",
      poor: "Deine Verbindung ist gerade schlecht.",
      away: "Deine Verbindung ist unterbrochen. Wir verbinden dich neu.",
      unknown: "Deine Verbindung wird gerade gemessen.",
    } satisfies Words<Grade>,
    why: whyOf(causes, effects),
    unheard: "Dein Mikrofon ist an, aber es kommt nichts an.",
    uplinks: {
      off: "",
      full: "",
      reduced: "Deine Kamera wird kleiner gesendet: Mehr schafft dein Gerät oder deine Leitung gerade nicht.",
      least: "Von deiner Kamera wird nur das kleinste Bild gesendet. Dein Ton geht vor.",
    } satisfies Words<Uplink>,
    delay: "Hin und zurück",
    ms: (ms: number) => (ms < 10 ? "unter 10 ms" : `${ms} ms`),
    loss: "Verlust",
    losses: { none: "kaum etwas", some: "einige Pakete", much: "viele Pakete" } satisfies Words<LineQuality["loss"]>,
    path: "Weg",
    paths: { quic: "QUIC", webTransport: "WebTransport", webSocket: "WebSocket (TCP)" } satisfies Words<LineQuality["path"]>,
    received: "Du bekommst",
    pictures: (count: number, lines: number) => `${count} ${count === 1 ? "Bild" : "Bilder"}, bis ${lines} Zeilen`,
    noPictures: "nur Ton",
    sending: "Du sendest",
    nothing: "nichts",
    camera: { off: "", full: "Bild in voller Größe", reduced: "kleineres Bild", least: "kleinstes Bild" } satisfies Words<Uplink>,
    voice: "Ton",
    helps: "Das hilft",
    advice: {
      router: "Geh näher an den Router, oder nimm ein Kabel.",
      cameraOff: "Schalte deine Kamera aus.",
      downloads: "Beende Downloads und Videos, auch auf anderen Geräten im Haus.",
      network: "Dieses Netz lässt nur den langsameren Weg zu. Probiere ein anderes.",
    } satisfies Words<Advice>,
    more: "Was hilft?",
    hide: "Ausblenden",
    all: "Verbindungen",
    allHelp: "Die schlechteste steht oben. Nur Lehrkräfte sehen das; gespeichert wird nichts.",
    name: "Name",
    hears: "Hört dich",
    isHeard: "Du hörst",
    picture: "Bekommt",
    yes: "ja",
    no: "nein",
    muted: "Mikrofon aus",
    unknown: "–",
    gets: { full: "volles Bild", reduced: "kleineres Bild", none: "kein Bild", notWanted: "–" } satisfies Words<LineQuality["picture"]>,
    reasons: {
      none: "",
      rising: "wird probiert",
      lineFull: "Leitung voll",
      loss: "Verluste",
      delay: "Stau",
      silent: "nichts kommt an",
      tooManyPictures: "zu viele Bilder",
    } satisfies Words<LineQuality["reason"]>,
  },
};
