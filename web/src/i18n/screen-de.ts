/** German for sharing a screen. */

export const screenDe = {
  screen: {
    tool: "Bildschirm",
    share: "Bildschirm teilen",
    stop: "Nicht mehr teilen",
    shares: "teilt den Bildschirm",
    of: (name: string) => `Bildschirm von ${name}`,
    youShare: "Du teilst deinen Bildschirm",
    coming: "Der Bildschirm kommt gleich …",
    failed: {
      title: "Dein Bildschirm lässt sich nicht teilen",
      help: "Dein Gerät erlaubt es dem Browser nicht. Gib die Bildschirmaufnahme in den Einstellungen deines Geräts frei und versuche es erneut.",
    },
  },
};
