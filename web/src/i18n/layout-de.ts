/** German for how the stage is laid out. */

import type { Layout } from "../room/messages.ts";

type Words = Readonly<Record<Layout | "auto", string>>;

export const layoutDe = {
  layout: {
    title: "Ansicht",
    names: { auto: "Automatisch", presentation: "Präsentation", speaker: "Sprecher", gallery: "Galerie", audio: "Nur Ton" } satisfies Words,
    helps: {
      auto: "Was gezeigt wird groß, sonst, was gerade passt.",
      presentation: "Bildschirm, Folien, Tafel oder deine Lehrkraft groß.",
      speaker: "Groß ist, wer spricht.",
      gallery: "Alle gleich groß.",
      audio: "Keine Bilder. Hilft bei schwacher Verbindung.",
    } satisfies Words,
    forAll: "Für alle",
    free: "Alle wählen selbst",
    told: (name: string) => `Deine Lehrkraft hat „${name}“ für alle gewählt.`,
    set: (name: string) => `Für alle gilt „${name}“.`,
    shown: "Es wird etwas gezeigt: Ansehen",
    pinned: "angeheftet",
    inList: "In der Liste zeigen",
    divider: "Platz für Personen",
    pages: "Seiten mit Personen",
    previous: "Vorherige Personen",
    next: "Weitere Personen",
    page: (page: number, of: number) => `Seite ${page} von ${of}`,
    more: "Mehr",
    devices: "Geräte",
  },
};
