/** German for the page for whoever looks after the server; only that page loads it. */

const number = new Intl.NumberFormat("de", { maximumFractionDigits: 1 });

export const adminDe = {
  title: "Verwaltung",
  secret: "Geheimnis der Verwaltung",
  secretHint: "Es steht als admin_secret in den Einstellungen des Servers.",
  open: "Öffnen",
  leave: "Abmelden",
  wrong: "Dieses Geheimnis gilt nicht.",
  tooMany: "Zu viele Versuche. Warte kurz und versuche es erneut.",
  missing: "Auf diesem Server ist die Verwaltung nicht eingeschaltet. Setze admin_secret in seinen Einstellungen.",
  unreachable: "Der Server antwortet nicht. Die Zahlen sind von eben.",
  privacy: "Diese Seite zeigt keine Namen und nichts aus den Räumen.",
  load: {
    title: "Gerade",
    rooms: "Räume mit Leuten",
    people: "Personen",
    cpu: "Auslastung",
    cpuHelp: "von einem Prozessorkern; ab 70 % wird es eng",
    sent: "Gesendet",
    megabits: (value: number) => `${number.format(value)} Mbit/s`,
    percent: (value: number) => `${number.format(value)} %`,
    memory: "Arbeitsspeicher",
    megabytes: (value: number) => `${number.format(value)} MB`,
    measuring: "…",
  },
  rooms: {
    title: "Räume",
    none: "Noch kein Raum.",
    people: "Personen",
    of: (people: number, most: number) => `${people} von ${most}`,
    teacher: "Lehrkraft",
    students: "Klasse",
    copy: (whose: string, room: string) => `Link für ${whose} in ${room} kopieren`,
    copied: "Kopiert",
    temporary: "bis zum Neustart",
    remove: (room: string) => `${room} entfernen`,
    removeShort: "Entfernen",
    inUse: "In diesem Raum ist noch jemand. Er lässt sich entfernen, wenn alle gegangen sind.",
  },
  make: {
    title: "Neuer Raum",
    label: "Name des Raums",
    placeholder: "Elternabend 7b",
    button: "Anlegen",
    help: "Er gilt, bis der Server neu startet. Räume, die bleiben sollen, gehören in die Einstellungen.",
    invalid: "Nimm 1 bis 100 Zeichen in einer Zeile.",
    full: "Mehr Räume gehen nicht. Entferne zuerst einen.",
  },
};

export type AdminTexts = typeof adminDe;
