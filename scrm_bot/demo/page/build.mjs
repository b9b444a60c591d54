// Builds dist/ from src/: one script, one style sheet, one document, the licences of what is bundled, and the
// fingerprint of the sources. The same sources and lock file always give the same bytes.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "dist");
const bundled = ["preact", "@preact/signals", "@preact/signals-core", "marked", "emojibase-data"];

/** Slack's shortcodes for the emoji of Unicode, as `{ "tada": "🎉" }`. */
async function emojiTable() {
  const data = join(here, "node_modules/emojibase-data/en/shortcodes/iamcal.json");
  const table = {};
  for (const [hexcode, codes] of Object.entries(JSON.parse(await readFile(data, "utf8")))) {
    if (/1F3F[B-F]/.test(hexcode)) continue;
    const character = String.fromCodePoint(...hexcode.split("-").map((part) => parseInt(part, 16)));
    for (const code of [codes].flat()) table[code] = character;
  }
  return JSON.stringify(table);
}

const emoji = {
  name: "emoji",
  setup(bundler) {
    bundler.onResolve({ filter: /^emoji-table$/ }, () => ({ path: "emoji-table", namespace: "emoji" }));
    bundler.onLoad({ filter: /.*/, namespace: "emoji" }, async () => ({ contents: await emojiTable(), loader: "json" }));
  },
};

async function licences() {
  const parts = ["The page bundles these packages. Each is used under the licence that stands below it."];
  for (const name of bundled) {
    const home = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
    const file = (await readdir(home)).find((entry) => /^licen[cs]e(\.md|\.txt)?$/i.test(entry));
    const text = file ? (await readFile(join(home, file), "utf8")).replaceAll("\r", "").trim() : license;
    parts.push(`${name} ${version} (${license})\n\n${text}`);
  }
  return `${parts.join(`\n\n${"-".repeat(78)}\n\n`)}\n`;
}

async function sourceFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** One line per source, `sha256  path`, so that a machine without Node can tell whether dist/ is out of date. */
async function fingerprint() {
  const files = [...(await sourceFiles(join(here, "src"))), join(here, "build.mjs"), join(here, "package-lock.json")];
  const named = files.map((file) => [relative(here, file).split(sep).join("/"), file]);
  named.sort(([one], [other]) => (one < other ? -1 : 1));
  const lines = [];
  for (const [name, file] of named) {
    lines.push(`${createHash("sha256").update(await readFile(file)).digest("hex")}  ${name}\n`);
  }
  return lines.join("");
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: { app: "src/main.tsx" },
  outdir: "dist/assets",
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  sourcemap: false,
  plugins: [emoji],
  loader: { ".svg": "dataurl" },
  logLevel: "warning",
});
await writeFile(join(out, "index.html"), await readFile(join(here, "src/index.html"), "utf8"));
await writeFile(join(out, "NOTICE.txt"), await licences());
await writeFile(join(out, "SOURCES.sha256"), await fingerprint());
