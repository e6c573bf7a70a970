/** German for the own devices in the room. */

export const devicesDe = {
  devices: {
    speaker: "Lautsprecher",
    testTone: "Testton",
    pushToTalk: "Sprechen mit der Leertaste",
    pushToTalkHelp: "Dein Mikrofon ist nur an, solange du sie hältst.",
    space: "Leertaste",
    holdSpace: "Zum Sprechen die Leertaste halten",
    tellMuted: "Hinweis, wenn ich stumm spreche",
    tellMutedHelp: "Dein Gerät hört dazu mit, auch wenn du stumm bist. Gesendet wird nichts.",
    document: "Dokumentenkamera",
    documentHelp: "Für Heft und Buch: groß und scharf, dafür wenige Bilder.",
    muted: "Du bist stumm",
    mutedHelp: "Die anderen hören dich gerade nicht.",
    mutedSpace: "Halte die Leertaste, solange du sprichst.",
    silent: "Dein Mikrofon liefert keinen Ton",
    silentHelp: "Vielleicht ist es am Gerät stummgeschaltet. Oder nimm ein anderes.",
    chooseOther: "Anderes wählen",
    use: "Benutzen",
    fellBack: { title: "Dein Mikrofon wurde getrennt", help: (lost: string, now: string) => `${lost} ist weg. Jetzt hört dich: ${now}.` },
    returned: {
      mic: { title: "Dein Mikrofon ist wieder da", help: (now: string) => `Jetzt hört dich wieder: ${now}.` },
      cam: { title: "Deine Kamera ist wieder da", help: (now: string) => `Jetzt zeigt dich wieder: ${now}.` },
    },
    added: {
      mic: { title: "Neues Mikrofon", help: (now: string) => `Möchtest du ${now} benutzen?` },
      cam: { title: "Neue Kamera", help: (now: string) => `Möchtest du ${now} benutzen?` },
    },
  },
};
