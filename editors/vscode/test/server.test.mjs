// Drives `dfmt lsp` with the client side of vscode-languageserver-protocol, the library that VS Code's client is made of.
// `scripts/try-vscode` drives a VS Code itself, which needs more than npm.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import lsp from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";

const dfmt = resolve(process.env.DFMT ?? join(import.meta.dirname, "../../../target/debug/dfmt"));
const source = 'from  a\n# 😀\nrun   mkdir "/😀"\nrun mkdir /y\n';

let folder, server, connection, document, published;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "dfmt-vscode-"));
  writeFileSync(join(folder, "Dockerfile"), source);
  server = spawn(dfmt, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  connection = lsp.createProtocolConnection(
    new lsp.StreamMessageReader(server.stdout),
    new lsp.StreamMessageWriter(server.stdin),
  );
  published = [];
  connection.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => published.push(params));
  connection.listen();
});

after(() => {
  connection.dispose();
  server.kill();
  rmSync(folder, { recursive: true });
});

function byCommandLine(text, ...args) {
  return execFileSync(dfmt, [...args, "-", "--stdin-filepath", join(folder, "Dockerfile")], { input: text }).toString();
}

async function diagnostics(version) {
  for (let tries = 0; tries < 400; tries++) {
    const found = published.find((p) => p.uri === document.uri && p.version === version);
    if (found) return found.diagnostics;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`no diagnostics of version ${version}`);
}

test("initialize", async () => {
  const { capabilities, serverInfo } = await connection.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "test" }],
    capabilities: {
      general: { positionEncodings: ["utf-16"] },
      workspace: { workspaceEdit: { documentChanges: true } },
    },
  });
  assert.equal(serverInfo.name, "dfmt");
  assert.equal(capabilities.positionEncoding, "utf-16");
  assert.equal(capabilities.documentFormattingProvider, true);
  await connection.sendNotification(lsp.InitializedNotification.type, {});
});

test("open, and what rules would change", async () => {
  const uri = pathToFileURL(join(folder, "Dockerfile")).href;
  document = TextDocument.create(uri, "dockerfile", 1, source);
  const item = { uri, languageId: "dockerfile", version: 1, text: source };
  await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, { textDocument: item });
  const found = await diagnostics(1);
  assert.deepEqual(found.map((d) => d.code), ["merge-runs"]);
});

test("incremental changes with characters outside of the first plane", async () => {
  const at = document.positionAt(document.getText().indexOf('"\nrun mkdir'));
  const contentChanges = [
    { range: { start: at, end: at }, text: "/é😀" },
    { range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, text: "" },
  ];
  document = TextDocument.update(document, contentChanges, 2);
  const textDocument = { uri: document.uri, version: 2 };
  await connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, { textDocument, contentChanges });
  assert.equal((await diagnostics(2)).length, 1);
});

test("format", async () => {
  const edits = await connection.sendRequest(lsp.DocumentFormattingRequest.type, {
    textDocument: { uri: document.uri },
    options: { tabSize: 8, insertSpaces: false },
  });
  const text = TextDocument.applyEdits(document, edits);
  assert.equal(text, 'FROM a\nRUN mkdir "/😀/é😀"\nRUN mkdir /y\n');
  assert.equal(text, byCommandLine(document.getText()));
});

test("code actions", async () => {
  const ask = (only, line) =>
    connection.sendRequest(lsp.CodeActionRequest.type, {
      textDocument: { uri: document.uri },
      range: { start: { line, character: 0 }, end: { line, character: 0 } },
      context: { diagnostics: [], only: [only] },
    });
  const [join] = await ask("quickfix", 2);
  assert.equal(join.diagnostics[0].code, "merge-runs");
  assert.match(join.data.diff, /^\+/m);
  const apply = (action) => {
    const [change] = action.edit.documentChanges;
    assert.deepEqual(change.textDocument, { uri: document.uri, version: 2 });
    return TextDocument.applyEdits(document, change.edits);
  };
  assert.equal(apply(join), byCommandLine(document.getText(), "--only", "merge-runs"));
  const [all] = await ask("source.fixAll", 0);
  assert.equal(apply(all), byCommandLine(document.getText(), "--only", "layout,image"));
});

test("hover", async () => {
  const hover = await connection.sendRequest(lsp.HoverRequest.type, {
    textDocument: { uri: document.uri },
    position: { line: 1, character: 1 },
  });
  assert.match(hover.contents.value, /^\*\*RUN\*\* makes a filesystem layer/);
});

test("close and shutdown", async () => {
  await connection.sendNotification(lsp.DidCloseTextDocumentNotification.type, {
    textDocument: { uri: document.uri },
  });
  await connection.sendRequest(lsp.ShutdownRequest.type);
  await connection.sendNotification(lsp.ExitNotification.type);
  const [code] = server.exitCode === null ? await once(server, "exit") : [server.exitCode];
  assert.equal(code, 0);
});
