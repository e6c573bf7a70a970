/**
 * Builds the page into `dist`: names with a hash of the content below `assets/`, a `.gz` beside
 * every text file, and `sizes.json`. Fails when a budget of bytes on the wire is exceeded.
 *
 * What a person's browser loads, in order: `index.html`, `join.css` and `src/join.tsx` with what it
 * imports (before joining); then, by `import("./room.tsx")`, the room, its worker and worklets; then parts
 * of the room as they are needed, each with its own budget.
 * What is in `static` keeps its names; `shell.js` is the service worker, which keeps the files of the start.
 * Each page is `page.html` with the names of its own script and style; `assetUrl` names the rest.
 */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { gzipSync } from "node:zlib";

const OUT = "dist";
/** KB (1,024 bytes) after gzip -9: what a classroom of thirty can load at once over one school line. */
const BUDGETS = {
  before_join_js: 60,
  room_js: 150,
  room_css: 20,
  board_js: 25,
  board_css: 4,
  check_js: 10,
  notes_js: 110,
  slides_js: 12,
  pdf_js: 600,
};
/** Threads that only who opens a PDF starts. */
const PDF_THREAD = "ui/content/pdf.worker";
/** The service worker is built last: it names the others. */
const SHELL = "src/install/shell.worker.ts";

/** esbuild settings of every file; the targets are the oldest browsers with what the room needs. */
const shared = {
  bundle: true,
  minify: true,
  metafile: true,
  legalComments: "none",
  outdir: `${OUT}/assets`,
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  target: ["chrome120", "firefox128", "safari18"],
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
};

async function sources(suffix) {
  const all = await readdir("src", { recursive: true });
  return all.filter((path) => path.endsWith(suffix)).map((path) => join("src", path)).toSorted();
}

/** The outputs of a build by their entry's path below `src/`, without the suffix of TypeScript. */
function entries(metafile) {
  const found = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (output.entryPoint !== undefined) {
      found[relative("src", output.entryPoint).replace(/\.tsx?$/, "")] = `/${relative(OUT, path)}`;
    }
  }
  return found;
}

/** All files that `path` needs before it runs: itself and its static imports. */
function needed(metafile, path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { path: imported, kind } of metafile.outputs[path].imports) {
    if (kind === "import-statement") needed(metafile, imported, seen);
  }
  return seen;
}

const zipped = new Map();
async function compress() {
  for (const path of await readdir(OUT, { recursive: true })) {
    const file = join(OUT, path);
    if (!/\.(js|css|html|svg|json|webmanifest)$/.test(file)) continue;
    const bytes = gzipSync(await readFile(file), { level: 9 });
    zipped.set(file, bytes.length);
    await writeFile(`${file}.gz`, bytes);
  }
}

/** The service worker, at the root of what it keeps: `files`, whose names carry their hash. */
async function buildShell(files) {
  const name = createHash("sha256").update(start).update(files.join()).digest("hex").slice(0, 12);
  await build({
    ...shared,
    metafile: false,
    format: "iife",
    entryNames: "shell",
    outdir: OUT,
    define: { SHELL: JSON.stringify({ name, files }) },
    entryPoints: [SHELL],
  });
}

const kilobytes = (files) =>
  Math.round(([...files].reduce((sum, file) => sum + zipped.get(file), 0) / 1024) * 100) / 100;

await rm(OUT, { recursive: true, force: true });
await mkdir(`${OUT}/assets`, { recursive: true });

const threads = await build({
  ...shared,
  format: "iife",
  entryPoints: [...(await sources(".worker.ts")).filter((path) => path !== SHELL), ...(await sources(".worklet.ts"))],
});
const styles = await build({ ...shared, entryPoints: ["src/join.css", "src/room.css", "src/board.css", "src/admin.css"] });
const assets = { ...entries(threads.metafile), ...entries(styles.metafile) };
const pages = await build({
  ...shared,
  format: "esm",
  splitting: true,
  define: { ASSETS: JSON.stringify(assets) },
  entryPoints: ["src/join.tsx", "src/room.tsx", "src/admin.tsx"],
});
const page = entries(pages.metafile);

const template = await readFile("src/page.html", "utf8");
const file = (url) => `${OUT}${url}`;
const url = (path) => `/${relative(OUT, path)}`;
const bytes = (path) => pages.metafile.outputs[path].bytes;
/**
 * Writes a page that begins with the script and the style of this name. It names what the script imports, which is
 * asked for a round trip earlier then; the largest first, since over HTTP/1.1 six come at a time.
 */
async function write(path, name) {
  const [script, style] = [page[name], assets[`${name}.css`]];
  if (script === undefined || style === undefined) throw new Error(`${path} begins with ${name}, which was not built`);
  const imports = [...needed(pages.metafile, file(script))].filter((path) => path !== file(script));
  const links = imports.toSorted((one, other) => bytes(other) - bytes(one)).map(url).map((each) => `<link rel="modulepreload" href="${each}" />`).join("\n    ");
  const html = template.replace("{{script}}", script).replace("{{style}}", style).replace("{{imports}}", links);
  await writeFile(`${OUT}/${path}`, html);
  return html;
}
const start = await write("index.html", "join");
await write("admin.html", "admin");
await cp("static", OUT, { recursive: true });

const beforeJoin = needed(pages.metafile, file(page.join));
await buildShell(["/icon.svg", assets["join.css"], ...[...beforeJoin].map(url)]);
await compress();
const inRoom = new Set([
  ...beforeJoin,
  ...needed(pages.metafile, file(page.room)),
  ...Object.keys(threads.metafile.outputs),
]);
inRoom.delete(file(assets[PDF_THREAD]));
/** What a part of the room needs that is loaded when it is needed. */
const later = (path) => [...needed(pages.metafile, path)].filter((needs) => !inRoom.has(needs));
const partOf = (name) => later(file(page[name]));
/** The same of what the room loads by `import()`. */
const importOf = (source) => later(Object.entries(pages.metafile.outputs).find(([, { entryPoint }]) => entryPoint === source)[0]);
const css = (...names) => names.map((name) => file(assets[`${name}.css`]));
const sizes = {
  before_join_js: kilobytes(beforeJoin),
  room_js: kilobytes(inRoom),
  room_css: kilobytes(css("join", "room")),
  board_js: kilobytes(partOf("ui/board/stage-board")),
  board_css: kilobytes(css("board")),
  check_js: kilobytes(importOf("src/engine/check.ts")),
  notes_js: kilobytes(partOf("ui/notes/notebook")),
  slides_js: kilobytes(importOf("src/ui/content/part.ts")),
  pdf_js: kilobytes([...importOf("src/ui/content/pdf.ts"), file(assets[PDF_THREAD])]),
};
await writeFile(`${OUT}/sizes.json`, `${JSON.stringify(sizes)}\n`);
for (const [path, bytes] of zipped) process.stdout.write(`${basename(path)} ${(bytes / 1024).toFixed(2)} KB gzip\n`);
process.stdout.write(`${JSON.stringify(sizes)}\n`);
for (const [name, budget] of Object.entries(BUDGETS)) {
  if (sizes[name] > budget) throw new Error(`${name}: ${sizes[name]} KB gzip, the budget is ${budget}`);
}
