// What is said of the program that the settings name.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { buildSync } from "esbuild";

const dfmt = resolve(process.env.DFMT ?? join(import.meta.dirname, "../../../target/debug/dfmt"));
const folder = mkdtempSync(join(tmpdir(), "dfmt-program-"));
after(() => rmSync(folder, { recursive: true }));

const outfile = join(folder, "program.mjs");
const source = join(import.meta.dirname, "../src/program.ts");
buildSync({ entryPoints: [source], outfile, bundle: true, platform: "node", format: "esm" });
const { fault, named } = await import(pathToFileURL(outfile).href);

test("nothing is said of dfmt", async () => {
  assert.equal(await fault(dfmt, undefined), undefined);
  assert.equal(await fault(dfmt, folder), undefined);
});

test("one that is not there", async () => {
  assert.equal(await fault("/nowhere/dfmt", undefined), "there is no program `/nowhere/dfmt`");
  assert.equal(await fault("no-dfmt-here", folder), "there is no program `no-dfmt-here` in PATH");
});

test("one that is another", async () => {
  const said = `\`${process.execPath}\` is another program: it calls its version \`${process.version}\``;
  assert.equal(await fault(process.execPath, folder), said);
});

test("one that does not run", async () => {
  const file = join(folder, "dfmt");
  writeFileSync(file, "#!/bin/sh\necho no >&2\nexit 3\n", { mode: 0o644 });
  assert.equal(await fault("./dfmt", folder), "`./dfmt` is no program that may be run");
  const broken = join(folder, "broken");
  writeFileSync(broken, "#!/bin/sh\necho oh no >&2\nexit 3\n", { mode: 0o755 });
  assert.equal(await fault("./broken", folder), "`./broken` cannot be used: oh no");
});

test("the name of the settings", () => {
  assert.equal(named(undefined), "dfmt");
  assert.equal(named(" "), "dfmt");
  assert.equal(named("~/bin/dfmt"), join(homedir(), "bin/dfmt"));
  assert.equal(named("/a b/dfmt"), "/a b/dfmt");
});
