/** German for what people do in a lesson beside seeing and hearing each other. */

const plural = new Intl.PluralRules("de");
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === "one" ? one : other}`;

export const classDe = {
  hand: {
    raise: "Melden",
    lower: "Hand senken",
    queue: "Meldungen",
    none: "Gerade meldet sich niemand.",
    own: (place: number) => (place === 1 ? "Du bist als Nächstes dran." : `Du bist an ${place}. Stelle.`),
    waiting: (time: string) => `wartet ${time}`,
    isUp: "meldet sich",
    time: (seconds: number) => (seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`),
    called: (n: number) => `${n}-mal drangenommen`,
    callOn: "Drannehmen",
    callOnWho: (name: string) => `${name} drannehmen`,
    lowerWho: (name: string) => `Hand von ${name} senken`,
    lowerAll: "Alle senken",
    pick: "Zufällig auswählen",
    picked: (name: string) => `Ausgewählt: ${name}`,
    nobody: "Es ist gerade niemand zum Auswählen da.",
    asked: (name: string) => `${name} wurde gefragt`,
    declined: (name: string) => `${name} möchte gerade nicht sprechen.`,
    raised: (name: string) => `${name} meldet sich.`,
    request: "Du bist dran!",
    requestHelp: "Möchtest du sprechen?",
    speak: "Mikrofon einschalten",
    speakNow: "Ja, ich spreche",
    notNow: "Gerade nicht",
  },
  sign: {
    open: "Reagieren",
    react: "Reaktionen",
    status: "Wie geht es dir?",
    clear: "Status löschen",
    clearAll: "Alle Status löschen",
    summary: "Status der Klasse",
    reactions: { thumbsUp: "Daumen hoch", bravo: "Bravo", heart: "Herz", laugh: "Lachen", surprised: "Staunen", party: "Feiern" },
    statuses: {
      finished: "Fertig",
      needHelp: "Brauche Hilfe",
      tooFast: "Zu schnell",
      tooSlow: "Zu langsam",
      agree: "Stimme zu",
      disagree: "Stimme nicht zu",
      backSoon: "Gleich zurück",
    },
  },
  refused: {
    tooFast: "Das war sehr schnell hintereinander. Warte kurz.",
    notAllowed: "Das darfst du hier gerade nicht.",
    notThere: "Das gibt es nicht mehr.",
    other: "Das hat nicht geklappt. Versuche es noch einmal.",
  },
  people: (n: number) => count(n, "Person", "Personen"),
};
