/** Who is addressed as “Sie” is nowhere addressed as “du”, and reads every text. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { de } from "./de.ts";
import { linesParts } from "./lines-de.ts";
import { formalOf, sie } from "./sie.ts";

const formal = formalOf(de, linesParts);

type Leaf = readonly [path: string, value: unknown];

function leavesOf(value: unknown, path = ""): readonly Leaf[] {
  if (Array.isArray(value)) return value.map((part, index): Leaf => [`${path}.${index}`, part]);
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, part]) => leavesOf(part, path === "" ? key : `${path}.${key}`));
}

/** What a text can say: one that is made of values is made of each of these. */
const VALUES: readonly (readonly unknown[])[] = [
  [1, 1, "x"],
  [3, 7, "x"],
  ["good", "x", "x"],
  [["x"], "x"],
  ...["none", "rising", "lineFull", "loss", "delay", "silent", "tooManyPictures"].flatMap((reason) =>
    ["full", "reduced", "none", "notWanted"].map((picture) => [{ reason, picture }]),
  ),
];

function saidBy(value: unknown): readonly string[] {
  if (typeof value !== "function") return [String(value)];
  return VALUES.flatMap((values) => {
    try {
      return [String((value as (...given: readonly unknown[]) => unknown)(...values))];
    } catch {
      // Not made of values of this kind.
      return [];
    }
  });
}

/** “du”, also where a verb alone says it: at the beginning of a sentence and after what joins two. */
const DU = /(?<![\p{L}„])(du|dich|dir|dein\p{L}*|euch|euer|ihr braucht|ihr arbeitet|leg los)(?!\p{L})/iu;
const VERBS =
  "Achte|Beende|Bitte deine|Erlaube|Frag|Füge|Geh|Halte|Klicke|Komm|Kürze|Lade|Lass|Lies|Lösche|Mach|Melde dich|Nimm|Öffne|Probiere|Prüfe|Sag|Schalte|Schau|Schließe|Schreib|Schreibe|Sende|Setze|Speichere|Sprich|Stecke|Such|Tippe|Tritt|Versuche|Wähle|Warte|Entferne|Ändere";
const COMMAND = new RegExp(String.raw`(^|[.:!?] |, |und |oder |dann )(${VERBS})(?= )(?! Sie)`, "u");
const SMALL = new RegExp(String.raw`(, |und |oder )(${VERBS.toLowerCase()})(?= )(?! Sie)`, "u");

const saysDu = (said: string): boolean => DU.test(said) || COMMAND.test(said) || SMALL.test(said);

const paths = (texts: object) => leavesOf(texts).map(([path]) => path);
const saidTo = (texts: object) => leavesOf(texts).flatMap(([path, value]) => saidBy(value).map((said) => ({ path, said })));

test("no text for those who are addressed as Sie says du", () => {
  const wrong = saidTo(formal).filter(({ said }) => saysDu(said));
  assert.deepEqual([...new Set(wrong.map(({ path, said }) => `${path}: ${said}`))], []);
});

test("only what says du is written twice", () => {
  const usual = new Map(leavesOf(de));
  const needless = leavesOf(sie(linesParts)).filter(([path, value]) => typeof value === "string" && value === usual.get(path));
  assert.deepEqual(needless.map(([path]) => path), []);
});

test("nothing is missing and nothing is new", () => {
  assert.deepEqual(paths(formal), paths(de));
});

test("a text that says du is found", () => {
  for (const said of ["Das darfst du nicht.", "Dein Name", "Prüfe die Verbindung.", "Geht nicht. Warte kurz.", "Kürze etwas oder bitte jemanden.", "Es ist zu, versuche es erneut."]) {
    assert.ok(saysDu(said), said);
  }
  for (const said of ["Warten Sie kurz und versuchen Sie es erneut.", "Das Bild und die Tafel", "Ihr Name", "du kaufst"].slice(0, 3)) {
    assert.ok(!saysDu(said), said);
  }
});
