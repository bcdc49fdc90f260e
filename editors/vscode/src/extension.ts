// Starts `dfmt lsp` for Dockerfiles and hands VS Code what it says.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("dfmt.restart", restart),
    vscode.commands.registerCommand("dfmt.applyAll", applyAll),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("dfmt.path")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("dfmt");
  const command = settings.get<string>("path") || "dfmt";
  const server: ServerOptions = { command, args: ["lsp"] };
  const options: LanguageClientOptions = {
    documentSelector: [
      { language: "dockerfile", scheme: "file" },
      { language: "dockerfile", scheme: "untitled" },
    ],
    initializationOptions: settings,
  };
  client = new LanguageClient("dfmt", "dfmt", server, options);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const choice = await vscode.window.showErrorMessage(
      `dfmt: \`${command} lsp\` does not start: ${error instanceof Error ? error.message : String(error)}`,
      "Open Settings",
    );
    if (choice !== undefined) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "dfmt.path");
    }
  }
}

async function stop(): Promise<void> {
  const old = client;
  client = undefined;
  await old?.stop();
}

async function restart(): Promise<void> {
  await stop();
  await start();
}

async function applyAll(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.codeAction", {
    kind: "source.fixAll.dfmt",
    apply: "first",
  });
}
