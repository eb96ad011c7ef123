// Bundles the portal's script and style, and the icons that its templates name, into one folder
// that the web server serves. Run by `./deskbell up`; needs `npm ci --ignore-scripts` before it.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const portal = join(root, "src/deskbell/portal");
const bundle = join(portal, "static/portal/bundle");
const icons = join(root, "node_modules/@tabler/icons/icons");
const scriptLimit = 150_000;

/** Every file below a folder whose name ends with one of the endings. */
function filesBelow(folder, endings) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** The names in `{% icon "name" %}` of templates and in `icon="name"` of Python. */
function namedIcons() {
  const names = new Set();
  for (const file of filesBelow(portal, [".html", ".py"])) {
    if (file.includes("/tests/")) continue;
    const text = readFileSync(file, "utf8");
    for (const found of text.matchAll(/\bicon(?:\s+|=)"([a-z0-9/-]+)"/g)) names.add(found[1]);
  }
  return [...names].sort();
}

/** One SVG file with a symbol for each icon; pages refer to `icons.svg#name`. */
function sprite(names) {
  const symbols = names.map((name) => {
    const [style, base] = name.includes("/") ? name.split("/") : ["outline", name];
    const svg = readFileSync(join(icons, style, `${base}.svg`), "utf8");
    const inside = svg
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/\s+/g, " ")
      .trim();
    const paint =
      style === "filled"
        ? 'fill="currentColor"'
        : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${name.replace("/", "-")}" viewBox="0 0 24 24" ${paint}>${inside}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

async function bundled() {
  const result = await esbuild.build({
    entryPoints: ["main.ts", "theme.ts", "passkeys.ts", "pay_stripe.ts", "desk_clock.ts", "main.css"].map((name) => join(portal, "assets", name)),
    outdir: bundle,
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["es2022", "chrome111", "firefox113", "safari16.4"],
    legalComments: "none",
    logLevel: "warning",
  });
  return new Map(result.outputFiles.map((file) => [relative(bundle, file.path), Buffer.from(file.contents)]));
}

const files = await bundled();
const names = namedIcons();
files.set("icons.svg", Buffer.from(sprite(names)));
files.set("brand.svg", readFileSync(join(portal, "assets/brand.svg")));

rmSync(bundle, { recursive: true, force: true });
mkdirSync(bundle, { recursive: true });
const versions = {};
let script = 0;
for (const [name, content] of files) {
  const gzipped = gzipSync(content, { level: 9 });
  writeFileSync(join(bundle, name), content);
  writeFileSync(join(bundle, `${name}.gz`), gzipped);
  writeFileSync(join(bundle, `${name}.br`), brotliCompressSync(content));
  versions[name] = createHash("sha256").update(content).digest("hex").slice(0, 12);
  if (name.endsWith(".js")) script += gzipped.length;
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  console.log(`${name}: ${kB(content.length)}, ${kB(gzipped.length)} compressed`);
}
writeFileSync(join(bundle, "versions.json"), `${JSON.stringify(versions)}\n`);
console.log(`${names.length} icons; ${(script / 1000).toFixed(1)} kB of compressed script in all`);
if (script > scriptLimit) {
  console.error(`That is more script than the ${scriptLimit / 1000} kB a page may have`);
  process.exit(1);
}
