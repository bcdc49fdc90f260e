// Tries the packaged extension in a real VS Code and holds what comes of it against the command line. `scripts/try-vscode`
// starts it, and says what it needs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { until, Window } from "./window.mjs";

const { DFMT: dfmt, CODE_SERVER: codeServer, CHROMIUM: browser, ROOT: root } = process.env;

const source = `from  python:3.12-slim
# 😀 é
workdir /app
run   mkdir "/😀"
run mkdir /y   /é
copy . .
run pip install   -r requirements.txt
cmd ["python","app.py"]
`;

/** A folder whose Dockerfile installs late what it could install early. */
function project(name, settings) {
  const folder = join(root, name);
  mkdirSync(join(folder, ".git"), { recursive: true });
  mkdirSync(join(folder, ".vscode"));
  writeFileSync(join(folder, ".vscode/settings.json"), JSON.stringify(settings));
  writeFileSync(join(folder, "Dockerfile"), source);
  writeFileSync(join(folder, "requirements.txt"), "flask\n");
  writeFileSync(join(folder, "app.py"), "print(1)\n");
  return folder;
}

function byCommandLine(file, text, ...args) {
  return execFileSync(dfmt, [...args, "-", "--stdin-filepath", file], { input: text }).toString();
}

/** Both texts are the same, and not the one that was there before. */
function same(what, found, want, before) {
  assert.equal(found, want, what);
  assert.notEqual(found, before, `${what}: there was nothing to do`);
  console.log(`  ${what}`);
}

const window = await Window.open({ codeServer, browser, root });
try {
  await restricted();
  await trusted();
  await programs();
} catch (error) {
  if (process.env.SHOT) await window.page.screenshot({ path: process.env.SHOT });
  throw error;
} finally {
  await window.close();
}

/** In a folder that is not trusted its settings choose no program. */
async function restricted() {
  const marks = join(root, "marks");
  const mark = join(root, "mark");
  writeFileSync(marks, `#!/bin/sh\n: > '${mark}'\nexec '${dfmt}' "$@"\n`);
  chmodSync(marks, 0o755);
  const folder = project("restricted", { "dfmt.path": marks });
  const file = join(folder, "Dockerfile");
  await window.folder(folder);
  console.log(`VS Code ${await window.vscode("return vscode.version")}`);
  await window.show(file);
  await window.shows("copy-manifests-first", "merge-runs");
  await window.command("editor.action.formatDocument");
  same("restricted: formatted by the user's program", await window.text(), byCommandLine(file, source), source);
  assert.ok(!existsSync(mark), "the folder's program ran");
  await window.trust();
  await until("the folder's program, once it is trusted", () => existsSync(mark));
  console.log("  trusted: the folder's program");
  await window.save();
}

async function trusted() {
  const folder = project("trusted", {});
  const file = join(folder, "Dockerfile");
  await window.folder(folder);
  await window.trust();
  await window.show(file);
  const shown = await window.shows("copy-manifests-first", "merge-runs");
  assert.deepEqual(shown.map(([, text]) => text), ["copy . .", 'run   mkdir "/😀"']);
  console.log("  diagnostics stand where they should");
  await byHand(file);
  await edits(file);
  await otherFile(join(folder, "crlf.Dockerfile"));
  await settings(folder, file);
}

/** What a user sees, and does with the mouse and the keyboard. */
async function byHand(file) {
  const { page } = window;
  const copy = page.locator(".view-line", { hasText: "copy" });
  await copy.hover({ position: { x: 15, y: 8 } });
  await page.locator(".monaco-hover", { hasText: "COPY makes a filesystem layer" }).waitFor();
  console.log("  the hover tells of the layer");
  await page.keyboard.press("Escape");

  await copy.click({ position: { x: 15, y: 8 } });
  await page.keyboard.press("Control+.");
  await page.locator(".action-widget", { hasText: "copy-manifests-first" }).waitFor();
  await page.keyboard.press("Enter");
  await until("the quick fix", async () => (await window.text()) !== source);
  const early = byCommandLine(file, source, "--only", "copy-manifests-first");
  same("a quick fix applies one rule", await window.text(), early, source);
  await window.command("undo");
  assert.equal(await window.text(), source);

  await window.palette("dfmt: Apply All Rules");
  await until("all rules", async () => (await window.text()) !== source);
  const all = byCommandLine(file, source, "--only", "layout,image");
  same("Apply All Rules", await window.text(), all, source);
  await window.command("undo");
  assert.equal(await window.text(), source);
}

/** Edits, which are sent as they are made, and what is done on save and on a new line. */
async function edits(file) {
  const read = () => readFileSync(file, "utf8");
  // behind a smile, a line more, a line less
  await window.vscode(`
    const { Position, Range } = vscode;
    await vscode.window.activeTextEditor.edit((edit) => {
      edit.insert(new Position(3, 16), "/😀x");
      edit.insert(new Position(5, 0), "user   😀\\n");
      edit.delete(new Range(1, 0, 2, 0));
    });`);
  const edited = await window.text();
  assert.equal(edited.split("\n")[2], 'run   mkdir "/😀/😀x"');
  await window.set("editor.formatOnSave", true);
  await window.save();
  same("format on save", read(), byCommandLine(file, edited), edited);

  const formatted = read();
  await window.set("editor.codeActionsOnSave", { "source.fixAll.dfmt": "explicit" });
  await window.command("workbench.action.files.save");
  await until("the code action on save", () => read() !== formatted);
  same("all rules on save", read(), byCommandLine(file, formatted, "--only", "layout,image"), formatted);
  await window.set("editor.codeActionsOnSave", undefined);
  await window.set("editor.formatOnSave", undefined);

  await window.set("editor.formatOnType", true);
  await window.command("cursorBottom");
  await window.page.keyboard.insertText("user   😀");
  await window.page.keyboard.press("Enter");
  await until("the layout of the instruction that a new line has ended", async () =>
    (await window.text()).endsWith("\nUSER 😀\n"));
  console.log("  format on type");
  await window.set("editor.formatOnType", undefined);
  await window.save();
}

/** A file of another line ending, with a mark at its head: a part of it, and all of it. */
async function otherFile(file) {
  const read = () => readFileSync(file, "utf8");
  const crlf = `\uFEFF${source.replaceAll("\n", "\r\n")}`;
  writeFileSync(file, crlf);
  await window.show(file);
  await window.vscode("vscode.window.activeTextEditor.selection = new vscode.Selection(3, 5, 3, 6)");
  await window.command("editor.action.formatSelection");
  await window.save();
  same("a selection", read(), crlf.replace("run   mkdir", "RUN mkdir"), crlf);
  await window.command("editor.action.formatDocument");
  await window.save();
  same("line endings and the mark at the head stay", read(), byCommandLine(file, crlf), crlf);
}

/** Settings of VS Code, and a configuration that comes while the file is open. */
async function settings(folder, file) {
  writeFileSync(file, source);
  await window.show(file);
  await until("the file of the disk", async () => (await window.text()) === source);
  await window.shows("copy-manifests-first", "merge-runs");
  writeFileSync(join(folder, "dfmt.toml"), 'skip = ["merge-runs"]\n');
  await window.shows("copy-manifests-first");
  await window.set("dfmt.skip", ["copy-manifests-first"]);
  await window.shows();
  await window.set("dfmt.skip", undefined);
  await window.set("dfmt.also", ["image"]);
  await window.shows("copy-manifests-first");
  await window.command("editor.action.formatDocument");
  const more = byCommandLine(file, source, "--also", "image");
  same("settings and dfmt.toml", await window.text(), more, byCommandLine(file, source));
  await window.set("dfmt.also", undefined);
  await window.save();
}

/** A program that is none, or another one, is said; and nobody waits until the message is closed. */
async function programs() {
  const folder = project("programs", {});
  const file = join(folder, "Dockerfile");
  await window.set("dfmt.path", "/nowhere/dfmt");
  await window.folder(folder);
  await window.trust();
  await window.show(file);
  await said("there is no program `/nowhere/dfmt`");
  await until("the extension is there", () =>
    window.vscode('return vscode.extensions.getExtension("dfmt.dfmt").isActive'));
  await window.command("notifications.clearAll");
  await window.set("dfmt.path", process.execPath);
  await said("is another program");
  await window.command("dfmt.restart");
  await window.command("notifications.clearAll");
  await window.set("dfmt.path", dfmt);
  await window.shows("copy-manifests-first", "merge-runs");
  await window.command("dfmt.restart");
  await window.shows("copy-manifests-first", "merge-runs");
  console.log("  once the program is right, all is well");
}

/** There is one message, and this is part of it. */
async function said(part) {
  const all = await until(`a message: ${part}`, async () => {
    const found = (await window.notifications()).filter((text) => text.includes("dfmt"));
    return found.some((text) => text.includes(part)) && found;
  });
  assert.equal(all.length, 1, `one message, not ${JSON.stringify(all)}`);
  console.log(`  said: ${all[0]}`);
}
