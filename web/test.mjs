/** Bundles every test file of `src` for node and runs them with its own test runner. */
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";

const OUT = "node_modules/.tests";

const paths = (await readdir("src", { recursive: true }))
  .filter((path) => /\.test\.tsx?$/.test(path))
  .toSorted();

await rm(OUT, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: paths.map((path) => `src/${path}`),
  outdir: OUT,
  outbase: "src",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  metafile: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  jsx: "automatic",
  jsxImportSource: "preact",
  sourcemap: "inline",
  logLevel: "warning",
});
const run = spawnSync(
  process.execPath,
  ["--enable-source-maps", "--test", "--test-reporter=spec", ...Object.keys(metafile.outputs)],
  { stdio: "inherit" },
);
process.exitCode = run.status ?? 1;
