/** German for those who are addressed as “Sie”: the texts that differ from the usual ones, which say “du”. */

import type { Texts } from "./de.ts";
import { withDiffering } from "./differing.ts";
import type { Differing } from "./differing.ts";
import type { LinesParts } from "./lines-de.ts";
import { sieLesson, sieLine } from "./sie-lesson.ts";

const plural = new Intl.PluralRules("de");
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === "one" ? one : other}`;

const SIE: Differing<Texts> = {
  notRecordedLong: "Es wird nicht aufgezeichnet. Auch Sie dürfen nichts mitschneiden.",
  join: {
    nameLabel: "Ihr Name",
    nameHint: "So sehen Sie die anderen.",
    nameMissing: "Schreiben Sie Ihren Namen hinein, damit die anderen wissen, wer Sie sind.",
    nameInvalid: "Dieser Name geht nicht. Nehmen Sie 1 bis 60 Zeichen, am besten nur Buchstaben.",
    busy: "Sie kommen gleich hinein …",
    without: "Mikrofon und Kamera sind freiwillig. Sie können beides später einschalten.",
    attendance: "Lehrkräfte sehen, wann Sie da sind.",
    camIsOff: "Ihre Kamera ist aus.",
    asking: "Ihr Browser fragt Sie gerade um Erlaubnis.",
    quiet: "Sagen Sie etwas: Der Balken bewegt sich, wenn das Mikrofon Sie hört.",
    heard: "Ihr Mikrofon hört Sie.",
  },
  check: {
    checking: "Ihre Leitung wird kurz geprüft …",
    lights: {
      good: "Ihre Leitung reicht für Ton und Bild.",
      fair: "Ihre Leitung reicht für Ton. Bilder werden vielleicht kleiner.",
      poor: "Ihre Leitung ist schwach. Lassen Sie Ihre Kamera besser aus, dann bleibt der Ton.",
      none: "Ihr Netz lässt den Unterricht nicht durch. Probieren Sie ein anderes.",
    },
    blocked: "Ihr Netz sperrt UDP. Sie sind über einen Ersatzweg dabei, Bilder kommen vielleicht später.",
    down: "Zu Ihnen",
    up: "Von Ihnen",
  },
  link: {
    missing: { help: "Öffnen Sie den Link, den Sie bekommen haben. Er ist länger als diese Adresse und enthält das Zeichen #." },
    broken: { help: "Wahrscheinlich wurde er beim Kopieren abgeschnitten. Öffnen Sie ihn noch einmal aus der Nachricht oder bitten Sie um einen neuen." },
    invalid: { help: "Der Raum ist geschlossen oder der Link wurde erneuert. Bitten Sie die Lehrkraft um einen neuen Link." },
  },
  failure: {
    roomFull: { help: "Warten Sie, bis jemand geht, und versuchen Sie es dann erneut. Sagen Sie am besten der Lehrkraft Bescheid." },
    tooMany: { help: (seconds) => `Warten Sie ${count(seconds, "Sekunde", "Sekunden")} und versuchen Sie es dann erneut.` },
    unreachable: { help: "Der Server antwortet nicht. Prüfen Sie, ob Ihr WLAN verbunden ist, und versuchen Sie es erneut." },
    unexpected: { help: (status) => `Versuchen Sie es in einer Minute erneut. Bleibt es so, sagen Sie der Lehrkraft: Fehler ${status}.` },
    load: { help: "Ihre Verbindung war kurz weg oder die Seite wurde erneuert. Laden Sie die Seite neu." },
  },
  browser: { insecure: "Diese Seite wurde ohne Verschlüsselung geöffnet. Öffnen Sie sie mit https:// am Anfang." },
  device: {
    denied: { help: "Ihr Browser darf das Gerät für diese Seite nicht benutzen. Klicken Sie auf das Symbol links neben der Adresse, erlauben Sie den Zugriff und versuchen Sie es erneut." },
    dismissed: { help: "Die Frage des Browsers wurde geschlossen. Versuchen Sie es erneut und wählen Sie „Zulassen“." },
    system: { help: "Erlauben Sie Ihrem Browser den Zugriff in den Einstellungen des Geräts unter „Datenschutz“. Auf Schulgeräten hilft die IT der Schule." },
    missing: { help: "Schließen Sie ein Gerät an oder prüfen Sie, ob es eingeschaltet ist. Sie können auch ohne beitreten." },
    busy: { help: "Ein anderes Programm benutzt das Gerät. Schließen Sie andere Videokonferenzen und versuchen Sie es erneut." },
    insecure: { help: "Diese Seite ist nicht verschlüsselt. Öffnen Sie den Link mit https:// am Anfang." },
    unplugged: { help: "Stecken Sie das Gerät wieder an oder wählen Sie ein anderes und versuchen Sie es erneut." },
  },
  devices: {
    pushToTalkHelp: "Ihr Mikrofon ist nur an, solange Sie sie halten.",
    tellMutedHelp: "Ihr Gerät hört dazu mit, auch wenn Sie stumm sind. Gesendet wird nichts.",
    muted: "Sie sind stumm",
    mutedHelp: "Die anderen hören Sie gerade nicht.",
    mutedSpace: "Halten Sie die Leertaste, solange Sie sprechen.",
    silent: "Ihr Mikrofon liefert keinen Ton",
    silentHelp: "Vielleicht ist es am Gerät stummgeschaltet. Oder nehmen Sie ein anderes.",
    fellBack: { title: "Ihr Mikrofon wurde getrennt", help: (lost, now) => `${lost} ist weg. Jetzt hört Sie: ${now}.` },
    returned: {
      mic: { title: "Ihr Mikrofon ist wieder da", help: (now) => `Jetzt hört Sie wieder: ${now}.` },
      cam: { title: "Ihre Kamera ist wieder da", help: (now) => `Jetzt zeigt Sie wieder: ${now}.` },
    },
    added: {
      mic: { help: (now) => `Möchten Sie ${now} benutzen?` },
      cam: { help: (now) => `Möchten Sie ${now} benutzen?` },
    },
  },
  room: {
    soundBlocked: "Sie hören noch nichts.",
    you: "Sie",
    reconnecting: "Verbindung unterbrochen. Wir verbinden Sie neu …",
    connecting: "Sie werden verbunden …",
    reconnectingHelp: "Sie müssen nichts tun. Ihr Platz bleibt frei.",
  },
  chat: {
    empty: "Noch keine Nachrichten. Schreiben Sie die erste!",
    full: "Gerade geht nichts hinaus. Warten Sie, bis die Verbindung wieder da ist.",
    refused: {
      tooFast: "Das war sehr schnell hintereinander. Warten Sie kurz und senden Sie noch einmal.",
      textTooLong: (max) => `Ihre Nachricht ist zu lang. Kürzen Sie sie auf ${max} Zeichen.`,
      textEmpty: "Ihre Nachricht ist leer. Schreiben Sie etwas hinein.",
      notAllowed: "Sie dürfen hier gerade nicht schreiben. Fragen Sie die Lehrkraft.",
      roomClosing: "Der Unterricht wird gerade beendet. Ihre Nachricht kam nicht mehr an.",
      locked: "Das Schreiben ist hier gerade gesperrt. Ihre Nachricht hat niemand bekommen.",
      notAgreed: "Sie haben noch nicht zugestimmt, dass alle lesen, was Sie schreiben. Ihre Nachricht hat niemand bekommen.",
      other: "Ihre Nachricht kam nicht an. Senden Sie sie noch einmal.",
    },
  },
  endDialog: {
    help: "Alle verlassen den Raum. Was darin ist, wird gelöscht: Speichern Sie vorher, was Sie brauchen.",
    failed: "Der Raum wurde nicht beendet. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.",
  },
  shortcut: { note: "Die Tasten gelten nicht, während Sie schreiben." },
  end: {
    left: { title: "Sie haben den Raum verlassen", help: "Wenn das ein Versehen war, kommen Sie einfach zurück." },
    ended: { help: "Alles aus diesem Raum wurde gelöscht. Sie können diese Seite schließen." },
    replaced: { title: "Sie sind woanders dabei" },
    expired: { title: "Ihr Platz wurde frei", help: "Sie waren zu lange weg. Treten Sie mit dem Link neu bei." },
    full: { help: "Warten Sie, bis jemand geht, und treten Sie dann neu bei." },
    refused: { help: (code) => `Treten Sie neu bei. Bleibt es so, sagen Sie der Lehrkraft: Fehler ${code}.` },
  },
  ...sieLesson,
};

/** What differs. */
export const sie = (lines: LinesParts): Differing<Texts> => ({ ...SIE, line: sieLine(lines) });

/** All texts, made of the usual ones. */
export const formalOf = (usual: Texts, lines: LinesParts): Texts => withDiffering(usual, sie(lines));
