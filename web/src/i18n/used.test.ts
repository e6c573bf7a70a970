/**
 * Every text is used somewhere: what nobody reads anymore is not translated for ever.
 *
 * Chains such as `words.hand.own` are read out of the sources, where `const words = text.value.poll` and
 * `const { poll } = text.value` name a part of the texts. An index stands for any key, and a part that is handed on as
 * a whole is used as a whole.
 */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { adminDe } from "./admin-de.ts";
import { de } from "./de.ts";

type Path = readonly string[];

const ANY = "*";
const NAME = String.raw`[A-Za-z_$][\w$]*`;
/** A name with what follows it: `.key`, `[index]`. An index is without brackets, parentheses are not followed. */
const CHAIN = new RegExp(String.raw`(?<![\w$.])(${NAME})((?:\s*\??\.\s*${NAME}|\?\.\[[^\][]*\]|\[[^\][]*\])*)`, "g");
const STEP = new RegExp(String.raw`\.\s*(${NAME})|\[([^\][]*)\]`, "g");
const NAMED = new RegExp(String.raw`const (${NAME}|\{[^{}=]*\})(?:: [\w.<>"[\]]+)? = (${NAME}(?:\.${NAME}|\(\)|\[[^\][]*\])*);`, "g");

function chainOf(source: string): Path {
  const [, root = "", rest = ""] = new RegExp(CHAIN.source).exec(source.replaceAll("()", "")) ?? [];
  const steps = [...rest.matchAll(STEP)].map(([, key, index]) => key ?? /^"(.*)"$/.exec(index ?? "")?.[1] ?? ANY);
  return [root, ...steps];
}

/** What names stand for in a file, beside those that all files have. */
function namesIn(source: string): ReadonlyMap<string, readonly Path[]> {
  const names = new Map<string, Path[]>([["words", [["text", "value"]]]]);
  const add = (name: string, path: Path) => names.set(name, [...(names.get(name) ?? []), path]);
  for (const [, left = "", right = ""] of source.matchAll(NAMED)) {
    const path = chainOf(right);
    if (!left.startsWith("{")) {
      add(left, path);
      continue;
    }
    for (const part of left.slice(1, -1).split(",")) {
      const [, rest, key = "", as] = new RegExp(String.raw`^\s*(\.\.\.)?(${NAME})(?::\s*(${NAME}))?`).exec(part) ?? [];
      if (key !== "") add(as ?? key, rest === undefined ? [...path, key] : path);
    }
  }
  return names;
}

/** All parts of the texts that a chain may mean, from their beginning. */
function meaningsOf([root = "", ...steps]: Path, names: ReadonlyMap<string, readonly Path[]>, depth = 0): readonly Path[] {
  if (root === "text") {
    return ["value", "peek"].includes(steps[0] ?? "") ? [steps.slice(1)] : [];
  }
  if (root === "LANGUAGES") {
    return [steps.slice(1)];
  }
  return depth > 4 ? [] : (names.get(root) ?? []).filter((path) => path[0] !== root || root === "text").flatMap((path) => meaningsOf([...path, ...steps], names, depth + 1));
}

function usedIn(source: string): readonly Path[] {
  const plain = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|^import [\s\S]*?;$/gm, "");
  const names = namesIn(plain);
  // What only names a part uses nothing of it.
  const rest = plain.replaceAll(NAMED, "");
  return [...rest.matchAll(CHAIN)].flatMap(([chain]) => meaningsOf(chainOf(chain), names));
}

function leavesOf(value: unknown, path: Path = []): readonly Path[] {
  return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([key, part]) => leavesOf(part, [...path, key])) : [path];
}

/** A shorter chain hands on the whole part. */
const covers = (chain: Path, leaf: Path): boolean => chain.length > 0 && leaf.every((key, index) => index >= chain.length || chain[index] === ANY || chain[index] === key);

function sources(isWanted: (path: string) => boolean): readonly string[] {
  const all = readdirSync("src", { recursive: true, encoding: "utf8" });
  const wanted = all.filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && !path.startsWith("i18n/") && isWanted(path));
  return wanted.map((path) => readFileSync(join("src", path), "utf8"));
}

function unusedOf(texts: object, files: readonly string[]): readonly string[] {
  const used = files.flatMap(usedIn);
  return leavesOf(texts).filter((leaf) => !used.some((chain) => covers(chain, leaf))).map((leaf) => leaf.join("."));
}

const isAdmin = (path: string): boolean => path.startsWith("ui/admin/") || path === "admin.tsx";

test("every text of the page is used", () => {
  assert.deepEqual(unusedOf(de, sources((path) => !isAdmin(path))), []);
});

test("every text for whoever looks after the server is used", () => {
  const files = sources(isAdmin).map((source) => source.replaceAll("words.value", "words"));
  assert.deepEqual(unusedOf(adminDe, files), []);
});

test("a text that nobody reads is found, one that is read by any way is not", () => {
  const texts = { a: { read: "", unread: "", by: { x: "", y: "" } }, b: { one: "", two: "" }, c: { d: "" } };
  const source = `const words = text.value.a;\nconst { b, c: other } = text.value;\nsay(words.read, words.by[which], b.one, other);`;
  assert.deepEqual(unusedOf(texts, [source]), ["a.unread", "b.two"]);
});
