/** German for those who are addressed as “Sie”, for what people do in a lesson. */

import type { Texts } from "./de.ts";
import type { Differing } from "./differing.ts";
import type { LinesParts } from "./lines-de.ts";

export const sieLesson: Differing<Texts> = {
  hand: {
    own: (place) => (place === 1 ? "Sie sind als Nächstes dran." : `Sie sind an ${place}. Stelle.`),
    request: "Sie sind dran!",
    requestHelp: "Möchten Sie sprechen?",
    camera: "Zeigen Sie sich?",
    cameraHelp: "Die Lehrkraft bittet um Ihre Kamera. Sie entscheiden.",
  },
  sign: { status: "Wie geht es Ihnen?" },
  talk: {
    you: "Sie",
    editing: "Sie ändern:",
    nobodyThere: "Die Person ist nicht mehr da. Ihre Nachricht kam nicht an.",
  },
  poll: {
    question: "Ihre Frage",
    anonymous: "Anonym: Niemand erfährt, wer was geantwortet hat, auch die Lehrkraft nicht. Ändern geht nur in diesem Fenster.",
    yourAnswer: "Ihre Antwort",
    voted: "Ihre Antwort zählt.",
  },
  attendance: {
    help: "Nur Lehrkräfte sehen das. Speichern Sie, was Sie brauchen.",
    told: "Lehrkräfte sehen, wann Sie da waren, und können es bei sich speichern.",
  },
  refused: {
    tooFast: "Das war sehr schnell hintereinander. Warten Sie kurz.",
    notAllowed: "Das dürfen Sie hier gerade nicht.",
    full: "Mehr geht nicht. Löschen Sie zuerst etwas.",
    votedAlready: "Sie haben schon geantwortet. Ändern können Sie das nur in dem Fenster, in dem Sie geantwortet haben.",
    other: "Das hat nicht geklappt. Versuchen Sie es noch einmal.",
  },
  consent: {
    missing: "Der Text dazu ist noch nicht da. Sie können ohne Zustimmung dabei sein und später entscheiden.",
    notOffered: "Dafür liegt keine Erlaubnis der Eltern vor.",
    questions: { seen: "Dürfen die anderen Sie sehen?", heard: "Dürfen die anderen Sie hören?", read: "Dürfen alle lesen, was Sie schreiben?" },
    changeable: "Sie können das jederzeit ändern.",
    takenBack: "Was Sie ausschalten, endet sofort. Nachrichten, die andere lesen konnten, verschwinden dann auch.",
    chatToTeachers: "Was Sie schreiben, liest nur die Lehrkraft.",
    chatUnread: "Die Klasse liest noch nicht, was Sie schreiben.",
    refused: "Dazu haben Sie noch nicht zugestimmt.",
  },
  content: {
    noSlides: "Öffnen Sie ein PDF oder Bilder: Alle sehen, was Sie zeigen.",
    locked: "Dateien teilt hier die Lehrkraft.",
    failed: "Das hat nicht geklappt. Versuchen Sie es noch einmal.",
    refused: {
      noSpace: (max) => `Der Raum ist voll (${max}). Entfernen Sie zuerst etwas.`,
      full: (max) => `Mehr als ${max} gehen nicht. Entfernen Sie zuerst etwas.`,
      wrongContent: "Diese Datei geht hier nicht. Prüfen Sie, ob sie ist, was ihr Name sagt. Für Folien nehmen Sie PDF, PNG, JPEG oder WebP.",
      locked: "Dateien teilt hier gerade nur die Lehrkraft.",
      notAllowed: "Das dürfen Sie hier gerade nicht.",
      tooFast: "Das war sehr viel auf einmal. Warten Sie kurz und versuchen Sie es noch einmal.",
      other: "Das Hochladen ist abgebrochen. Versuchen Sie es noch einmal.",
    },
  },
  layout: {
    helps: { presentation: "Folien, Tafel oder die Lehrkraft groß." },
    told: (name) => `Die Lehrkraft hat „${name}“ für alle gewählt.`,
  },
  lead: {
    presetsTitle: "Wie gearbeitet wird",
    presets: {
      lecture: { help: "Sie sprechen und zeigen. Alle anderen hören zu und schreiben im Chat." },
      quietWork: { help: "Mikrofone und Chat sind zu. Fragen gehen an Sie allein." },
      test: { help: "Niemand sieht, hört oder liest die anderen. Sie sehen alle." },
    },
    hiddenOthers: "Wer sonst da ist, sieht gerade nur die Lehrkraft.",
    told: {
      mic: { title: "Ihr Mikrofon ist gerade gesperrt", help: "Die Lehrkraft hat die Mikrofone geschlossen. Melden Sie sich, wenn Sie etwas sagen möchten." },
      cam: { title: "Ihre Kamera ist gerade gesperrt", help: "Die Lehrkraft hat die Kameras geschlossen. Sie müssen nichts tun." },
      screen: { help: "Die Lehrkraft hat das Teilen geschlossen. Melden Sie sich, wenn Sie etwas zeigen möchten." },
    },
    chatToTeachers: "Der Chat an alle ist gerade geschlossen. Sie schreiben nur der Lehrkraft.",
    unattended: (time) => `Die Lehrkraft ist nicht mehr da. Kommt sie nicht zurück, endet der Raum um ${time} Uhr.`,
    refused: {
      lastModerator: "Jemand muss den Raum leiten. Machen Sie zuerst jemand anderen zur Lehrkraft.",
      roomFull: "Der Raum ist voll. Erst wenn jemand geht, können Sie wieder jemanden hereinlassen.",
    },
  },
  screen: {
    youShare: "Sie teilen Ihren Bildschirm",
    failed: {
      title: "Ihr Bildschirm lässt sich nicht teilen",
      help: "Ihr Gerät erlaubt es dem Browser nicht. Geben Sie die Bildschirmaufnahme in den Einstellungen Ihres Geräts frei und versuchen Sie es erneut.",
    },
  },
  links: { failed: "Das hat nicht geklappt. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal." },
  door: {
    entries: { ask: { help: "Neue warten, bis Sie sie hereinlassen. Wer schon da war, kommt ohne Anklopfen zurück." } },
    noticeFrom: "Nachricht der Lehrkraft",
    youWait: { help: (name) => `Guten Tag, ${name}! Die Lehrkraft sieht, dass Sie da sind, und lässt Sie herein. Sie müssen nichts tun.` },
    failure: {
      roomLocked: { help: "Gerade kommt niemand Neues hinein. Fragen Sie die Lehrkraft, ob sie Ihnen aufschließt, und versuchen Sie es dann erneut." },
      removed: { title: "Sie wurden aus diesem Raum entfernt", help: "Sie können heute nicht zurückkommen. Sprechen Sie mit der Lehrkraft." },
    },
    end: {
      locked: { help: "Fragen Sie die Lehrkraft, ob sie Ihnen aufschließt, und treten Sie dann neu bei." },
      removed: { title: "Sie sind nicht mehr im Raum", help: "Die Lehrkraft hat Sie aus dem Raum entfernt. Sprechen Sie mit ihr, wenn Sie nicht wissen, warum." },
      unattended: "Die Lehrkraft war zu lange weg.",
      flooding: { title: "Von Ihrem Gerät kam zu viel auf einmal", help: "Damit die anderen nichts davon merken, wurde die Verbindung getrennt. In einer Minute können Sie wieder beitreten. Laden Sie vorher diese Seite neu." },
      turnedAway: { title: "Sie wurden nicht hereingelassen", help: "Vielleicht passt es gerade nicht. Sie können später noch einmal anklopfen." },
    },
  },
  breakout: {
    setup: { ways: { manual: { help: "Alle bleiben zuerst im Hauptraum. Sie schicken sie in ihre Gruppe." } } },
    speaking: "Alle Gruppen hören Sie",
    choose: "Suchen Sie sich eine Gruppe aus.",
    here: "Hier sind Sie",
    visiting: "Alle hier sehen und hören Sie.",
    calledHelp: "Die Lehrkraft sieht, dass Ihre Gruppe sie braucht.",
    wished: "Die Lehrkraft weiß, dass Sie mit ihr allein sprechen möchten. Die anderen sehen das nicht.",
    wishesAside: (name) => `${name} möchte mit Ihnen allein sprechen.`,
    nowIn: (group) => `Sie sind jetzt hier: ${group}.`,
    nowBack: "Sie sind wieder im Hauptraum.",
  },
  notes: {
    empty: "Hier schreiben alle gemeinsam. Fangen Sie an!",
    locked: "Die Lehrkraft hat die Notizen gerade gesperrt. Sie können alles lesen.",
    failed: "Die Notizen konnten nicht geladen werden. Prüfen Sie Ihre Verbindung.",
    lost: {
      locked: "Die Notizen wurden gesperrt, während Sie geschrieben haben. Ihre letzten Zeichen sind nicht angekommen.",
      full: "Die Notizen sind voll. Kürzen Sie etwas oder bitten Sie die Lehrkraft, sie zu leeren.",
      cleared: "Die Notizen wurden geleert, während Sie geschrieben haben.",
      tooMuch: "Das ist zu viel auf einmal. Fügen Sie es in kleineren Stücken ein.",
      other: "Ihre letzten Zeichen sind nicht angekommen. Schreiben Sie sie bitte noch einmal.",
    },
    clearHelp: "Alles, was hier steht, wird gelöscht. Speichern Sie vorher, was Sie brauchen.",
  },
};

/** Sentences about a line, made of what they are made of in the usual form. */
export function sieLine({ causes, effects, grades, whyOf }: LinesParts): Differing<Texts["line"]> {
  const own = {
    ...causes,
    rising: "Wir probieren gerade, wie viel Ihre Leitung schafft",
    lineFull: "Ihre Leitung ist gerade zu langsam",
    loss: "Ihr Netz verliert Pakete",
    delay: "Auf Ihrer Leitung staut es sich",
    silent: "Gerade kommt nichts bei Ihnen an",
    tooManyPictures: "Alle Bilder zusammen passen nicht auf Ihre Leitung",
  };
  return {
    title: "Ihre Verbindung",
    open: (grade) => `Ihre Verbindung: ${grades[grade]}`,
    sentences: {
      good: "Ihre Verbindung ist gut.",
      fair: "Ihre Verbindung ist gerade etwas schwach.",
      poor: "Ihre Verbindung ist gerade schlecht.",
      away: "Ihre Verbindung ist unterbrochen. Wir verbinden Sie neu.",
      unknown: "Ihre Verbindung wird gerade gemessen.",
    },
    why: whyOf(own, { ...effects, full: "Sie bekommen die Bilder in voller Größe." }),
    unheard: "Ihr Mikrofon ist an, aber es kommt nichts an.",
    uplinks: {
      reduced: "Ihre Kamera wird kleiner gesendet: Mehr schafft Ihr Gerät oder Ihre Leitung gerade nicht.",
      least: "Von Ihrer Kamera wird nur das kleinste Bild gesendet. Ihr Ton geht vor.",
    },
    received: "Sie bekommen",
    sending: "Sie senden",
    advice: {
      router: "Gehen Sie näher an den Router, oder nehmen Sie ein Kabel.",
      cameraOff: "Schalten Sie Ihre Kamera aus.",
      downloads: "Beenden Sie Downloads und Videos, auch auf anderen Geräten im Haus.",
      network: "Dieses Netz lässt nur den langsameren Weg zu. Probieren Sie ein anderes.",
    },
    hears: "Hört Sie",
    isHeard: "Sie hören",
  };
}
