// Starts `dfmt lsp` for Dockerfiles and hands VS Code what it says.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

import { fault, named } from "./program";

let client: LanguageClient | undefined;
let output: vscode.LogOutputChannel;

/** What is being done to the client: one thing after the other, since a client that is starting cannot be stopped. */
let turn: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("dfmt", { log: true });
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("dfmt.restart", restart),
    vscode.commands.registerCommand("dfmt.applyAll", applyAll),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("dfmt.path")) {
        await restart();
      }
    }),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  turn = turn.then(stop);
  await turn;
}

async function restart(): Promise<void> {
  turn = turn.then(stop).then(start);
  await turn;
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("dfmt");
  const command = named(settings.get<string>("path"));
  const cwd = vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === "file")?.uri.fsPath;
  const why = await fault(command, cwd);
  if (why !== undefined) {
    output.error(why);
    // until somebody has answered: the extension does not wait for it, and neither does whoever waits for the extension
    void complain(why);
    return;
  }
  const server: ServerOptions = { command, args: ["lsp"], options: { cwd } };
  const options: LanguageClientOptions = {
    documentSelector: [
      { language: "dockerfile", scheme: "file" },
      { language: "dockerfile", scheme: "untitled" },
    ],
    initializationOptions: settings,
    outputChannel: output,
  };
  const started = new LanguageClient("dfmt", "dfmt", server, options);
  try {
    await started.start();
    client = started;
  } catch {
    // the client has told why, in a message of its own
  }
}

async function complain(why: string): Promise<void> {
  const choice = await vscode.window.showErrorMessage(
    `dfmt: ${why}. Install dfmt, or say in dfmt.path where it is.`,
    "Open Settings",
  );
  if (choice !== undefined) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "dfmt.path");
  }
}

async function stop(): Promise<void> {
  const old = client;
  client = undefined;
  try {
    await old?.stop();
  } catch (error) {
    // it has ended by itself, or does not end in time and is killed
    output.warn(String(error));
  }
}

async function applyAll(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.codeAction", {
    kind: "source.fixAll.dfmt",
    apply: "first",
  });
}
