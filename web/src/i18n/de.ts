/** German, and with it the list of all texts: every other language satisfies this type. */

import { breakoutDe } from "./breakout-de.ts";
import { boardDe } from "./board-de.ts";
import { classDe } from "./class-de.ts";
import { consentDe } from "./consent-de.ts";
import { contentDe } from "./content-de.ts";
import { devicesDe } from "./devices-de.ts";
import { layoutDe } from "./layout-de.ts";
import { leadDe } from "./lead-de.ts";
import { screenDe } from "./screen-de.ts";
import { notesDe } from "./notes-de.ts";
import { linesDe } from "./lines-de.ts";

const plural = new Intl.PluralRules("de");
/** Of a quick look nobody needs more than two digits. */
const megabits = new Intl.NumberFormat("de", { maximumSignificantDigits: 2 });
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === "one" ? one : other}`;

export const de = {
  name: "Deutsch",
  nameSie: "Deutsch (Sie)",
  language: "Sprache",
  theme: { label: "Farben", auto: "Wie das Gerät", light: "Hell", dark: "Dunkel" },
  close: "Schließen",
  cancel: "Abbrechen",
  again: "Erneut versuchen",
  notRecorded: "Es wird nicht aufgezeichnet.",
  notRecordedLong: "Es wird nicht aufgezeichnet. Auch du darfst nichts mitschneiden.",
  mic: "Mikrofon",
  cam: "Kamera",
  join: {
    title: "Unterricht beitreten",
    room: (room: string) => `Raum ${room}`,
    nameLabel: "Dein Name",
    nameHint: "So sehen dich die anderen. Vorname genügt.",
    nameMissing: "Schreib deinen Namen hinein, damit die anderen wissen, wer du bist.",
    nameInvalid: "Dieser Name geht nicht. Nimm 1 bis 60 Zeichen, am besten nur Buchstaben.",
    button: "Beitreten",
    busy: "Du kommst gleich hinein …",
    without: "Mikrofon und Kamera sind freiwillig. Du kannst beides später einschalten.",
    attendance: "Lehrkräfte sehen, wann du da bist.",
    preview: "Vorschau",
    camIsOff: "Deine Kamera ist aus.",
    micOn: "Mikrofon einschalten",
    micOff: "Mikrofon ausschalten",
    camOn: "Kamera einschalten",
    camOff: "Kamera ausschalten",
    asking: "Dein Browser fragt dich gerade um Erlaubnis.",
    quiet: "Sag etwas: Der Balken bewegt sich, wenn das Mikrofon dich hört.",
    heard: "Dein Mikrofon hört dich.",
    devices: "Geräte auswählen",
    defaultDevice: "Standardgerät",
    unnamedDevice: (n: number) => `Gerät ${n}`,
  },
  check: {
    checking: "Deine Leitung wird kurz geprüft …",
    lights: {
      good: "Deine Leitung reicht für Ton und Bild.",
      fair: "Deine Leitung reicht für Ton. Bilder werden vielleicht kleiner.",
      poor: "Deine Leitung ist schwach. Lass deine Kamera besser aus, dann bleibt der Ton.",
      none: "Dein Netz lässt den Unterricht nicht durch. Probiere ein anderes.",
    },
    blocked: "Dein Netz sperrt UDP. Du bist über einen Ersatzweg dabei, Bilder kommen vielleicht später.",
    down: "Zu dir",
    up: "Von dir",
    rate: (bitsPerSecond: number) => (bitsPerSecond < 100_000 ? "unter 0,1 Mbit/s" : `mindestens ${megabits.format(bitsPerSecond / 1_000_000)} Mbit/s`),
  },
  link: {
    missing: {
      title: "Hier fehlt der Link zum Unterricht",
      help: "Öffne den Link, den du von deiner Lehrkraft bekommen hast. Er ist länger als diese Adresse und enthält das Zeichen #.",
    },
    broken: {
      title: "Dieser Link ist unvollständig",
      help: "Wahrscheinlich wurde er beim Kopieren abgeschnitten. Öffne ihn noch einmal aus der Nachricht oder bitte deine Lehrkraft um einen neuen.",
    },
    invalid: {
      title: "Dieser Link gilt nicht",
      help: "Der Raum ist geschlossen oder der Link wurde erneuert. Bitte deine Lehrkraft um einen neuen Link.",
    },
  },
  failure: {
    roomFull: {
      title: "Der Raum ist voll",
      help: "Warte, bis jemand geht, und versuche es dann erneut. Sag am besten deiner Lehrkraft Bescheid.",
    },
    tooMany: {
      title: "Zu viele Versuche",
      help: (seconds: number) => `Warte ${count(seconds, "Sekunde", "Sekunden")} und versuche es dann erneut.`,
    },
    unreachable: {
      title: "Keine Verbindung",
      help: "Der Server antwortet nicht. Prüfe, ob dein WLAN verbunden ist, und versuche es erneut.",
    },
    unexpected: {
      title: "Der Server hat ein Problem",
      help: (status: number) => `Versuche es in einer Minute erneut. Bleibt es so, sag deiner Lehrkraft: Fehler ${status}.`,
    },
    load: {
      title: "Der Raum konnte nicht geladen werden",
      help: "Deine Verbindung war kurz weg oder die Seite wurde erneuert. Lade die Seite neu.",
    },
  },
  browser: {
    title: "Dieser Browser kann noch nicht mitmachen",
    help: "Ihm fehlt die Technik für Bild und Ton. Es geht mit diesen Browsern in ihrer neuesten Version:",
    list: "Chrome oder Edge (Computer, Android), Firefox (Computer), Safari ab Version 26.4 (Mac, iPad, iPhone).",
    insecure: "Diese Seite wurde ohne Verschlüsselung geöffnet. Öffne sie mit https:// am Anfang.",
  },
  device: {
    denied: {
      title: (device: string) => `${device} ist gesperrt`,
      help: "Dein Browser darf das Gerät für diese Seite nicht benutzen. Klicke auf das Symbol links neben der Adresse, erlaube den Zugriff und versuche es erneut.",
    },
    dismissed: {
      title: (device: string) => `${device} wurde nicht freigegeben`,
      help: "Die Frage des Browsers wurde geschlossen. Versuche es erneut und wähle „Zulassen“.",
    },
    system: {
      title: (device: string) => `${device} ist auf diesem Gerät gesperrt`,
      help: "Erlaube deinem Browser den Zugriff in den Einstellungen des Geräts unter „Datenschutz“. Auf Schulgeräten hilft die IT der Schule.",
    },
    missing: {
      title: (device: string) => `${device} nicht gefunden`,
      help: "Schließe ein Gerät an oder prüfe, ob es eingeschaltet ist. Du kannst auch ohne beitreten.",
    },
    busy: {
      title: (device: string) => `${device} ist belegt`,
      help: "Ein anderes Programm benutzt das Gerät. Schließe andere Videokonferenzen und versuche es erneut.",
    },
    insecure: {
      title: (device: string) => `${device} geht hier nicht`,
      help: "Diese Seite ist nicht verschlüsselt. Öffne den Link mit https:// am Anfang.",
    },
    unplugged: {
      title: (device: string) => `${device} wurde getrennt`,
      help: "Stecke das Gerät wieder an oder wähle ein anderes und versuche es erneut.",
    },
  },
  room: {
    people: (n: number) => count(n, "Person", "Personen"),
    stage: "Bühne",
    toolbar: "Werkzeuge",
    chat: "Chat",
    peopleTitle: "Teilnehmende",
    leave: "Verlassen",
    endForAll: "Für alle beenden",
    end: "Beenden",
    shortcuts: "Tastenkürzel",
    soundBlocked: "Du hörst noch nichts.",
    soundStart: "Ton starten",
    you: "du",
    moderator: "Lehrkraft",
    micIsOn: "Mikrofon an",
    micIsOff: "Mikrofon aus",
    camIsOn: "Kamera an",
    camIsOff: "Kamera aus",
    speaking: "spricht",
    away: "Verbindung unterbrochen",
    still: "Bild steht",
    pictureAge: (age: string) => `Bild steht seit ${age}`,
    age: (seconds: number) => (seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`),
    unread: (n: number) => count(n, "neue Nachricht", "neue Nachrichten"),
    alone: "Noch ist niemand sonst da.",
    filling: "Der Raum wird geladen …",
    spared: (pictures: number) => `Gerät ausgelastet: ${count(pictures, "Bild steht", "Bilder stehen")}, der Ton bleibt`,
    reconnecting: "Verbindung unterbrochen. Wir verbinden dich neu …",
    connecting: "Du wirst verbunden …",
    reconnectingHelp: "Du musst nichts tun. Dein Platz bleibt frei.",
    reconnectNow: "Jetzt verbinden",
  },
  chat: {
    label: "Nachricht",
    placeholder: "Nachricht an alle",
    send: "Senden",
    empty: "Noch keine Nachrichten. Schreib die erste!",
    log: "Nachrichten",
    sending: "Wird gesendet",
    said: (name: string, text: string) => `${name}: ${text}`,
    left: (n: number) => `Noch ${count(n, "Zeichen", "Zeichen")}`,
    over: (n: number) => `${count(n, "Zeichen", "Zeichen")} zu viel`,
    newer: "Neue Nachrichten",
    resend: "Noch einmal senden",
    discard: "Verwerfen",
    full: "Gerade geht nichts hinaus. Warte, bis die Verbindung wieder da ist.",
    refused: {
      tooFast: "Das war sehr schnell hintereinander. Warte kurz und sende noch einmal.",
      textTooLong: (max: number) => `Deine Nachricht ist zu lang. Kürze sie auf ${max} Zeichen.`,
      textEmpty: "Deine Nachricht ist leer. Schreib etwas hinein.",
      notAllowed: "Du darfst hier gerade nicht schreiben. Frag deine Lehrkraft.",
      roomClosing: "Der Unterricht wird gerade beendet. Deine Nachricht kam nicht mehr an.",
      locked: "Das Schreiben ist hier gerade gesperrt. Deine Nachricht hat niemand bekommen.",
      notAgreed: "Du hast noch nicht zugestimmt, dass alle lesen, was du schreibst. Deine Nachricht hat niemand bekommen.",
      other: "Deine Nachricht kam nicht an. Sende sie noch einmal.",
    },
  },
  ...classDe,
  ...consentDe,
  ...contentDe,
  ...devicesDe,
  ...layoutDe,
  ...leadDe,
  ...breakoutDe,
  ...boardDe,
  ...notesDe,
  ...screenDe,
  ...linesDe,
  endDialog: {
    title: "Unterricht für alle beenden?",
    help: "Alle verlassen den Raum. Was darin ist, wird gelöscht: Speichere vorher, was du brauchst.",
    confirm: "Für alle beenden",
    failed: "Der Raum wurde nicht beendet. Prüfe deine Verbindung und versuche es erneut.",
  },
  shortcut: { open: "Diese Übersicht", close: "Bereich oder Fenster schließen", note: "Die Tasten gelten nicht, während du schreibst." },
  end: {
    left: { title: "Du hast den Raum verlassen", help: "Wenn das ein Versehen war, komm einfach zurück." },
    ended: { title: "Der Unterricht ist beendet", help: "Alles aus diesem Raum wurde gelöscht. Du kannst diese Seite schließen." },
    replaced: { title: "Du bist woanders dabei", help: "Diese Stunde ist in einem anderen Tab oder auf einem anderen Gerät geöffnet." },
    expired: { title: "Dein Platz wurde frei", help: "Du warst zu lange weg. Tritt mit dem Link neu bei." },
    full: { title: "Der Raum ist voll", help: "Warte, bis jemand geht, und tritt dann neu bei." },
    refused: {
      title: "Die Verbindung wurde abgelehnt",
      help: (code: number) => `Tritt neu bei. Bleibt es so, sag deiner Lehrkraft: Fehler ${code}.`,
    },
    rejoin: "Wieder beitreten",
    here: "Hier weitermachen",
  },
};

export type Texts = typeof de;
