// A window of a real VS Code: code-server behind, Chromium in front, and the probe in its extension host.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";

import { chromium } from "playwright-core";

/** How long anything is waited for. Nothing is held against time: this only ends a run that is stuck. */
const PATIENCE = 60_000;

export async function until(what, condition) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    const found = await condition();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`waited in vain: ${what}`);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

export class Window {
  /** Starts the server of VS Code, with its data under `root`, and a browser. */
  static async open({ codeServer, browser, root }) {
    const window = new Window();
    const port = await freePort();
    window.address = `http://127.0.0.1:${port}`;
    window.probe = join(root, "probe.sock");
    const args = ["--user-data-dir", join(root, "data"), "--extensions-dir", join(root, "extensions"), "--auth", "none"];
    args.push("--config", join(root, "config.yaml"), "--bind-addr", `127.0.0.1:${port}`);
    args.push("--disable-telemetry", "--disable-update-check");
    const log = createWriteStream(join(root, "code-server.log"));
    await once(log, "open");
    window.server = spawn(process.execPath, [codeServer, ...args], {
      env: { ...process.env, DFMT_PROBE: window.probe },
      stdio: ["ignore", log, log],
    });
    await until("code-server", () => fetch(window.address).then((r) => r.ok, () => false));
    window.browser = await chromium.launch({ executablePath: browser, args: ["--no-sandbox"] });
    window.page = await window.browser.newPage();
    window.page.setDefaultTimeout(PATIENCE);
    return window;
  }

  async close() {
    await this.browser?.close();
    if (this.server.exitCode === null) {
      const gone = once(this.server, "exit");
      this.server.kill();
      await gone;
    }
  }

  /** Opens a folder. It is not trusted at first. */
  async folder(path) {
    await this.page.goto(`${this.address}/?folder=${encodeURIComponent(path)}`);
    await until("the extension host", async () => {
      const open = await this.vscode("return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath").catch(() => null);
      return open === path;
    });
  }

  /** Trusts the folder that is open. */
  async trust() {
    await this.command("workbench.trust.manage");
    await this.page.getByRole("button", { name: "Trust", exact: true }).first().click();
    await until("trust", () => this.vscode("return vscode.workspace.isTrusted"));
    await this.command("workbench.action.closeActiveEditor");
  }

  /** Does something in the extension host. */
  vscode(body) {
    return new Promise((resolve, reject) => {
      const request = http.request({ socketPath: this.probe, method: "POST" }, async (response) => {
        const parts = [];
        for await (const part of response) parts.push(part);
        const text = Buffer.concat(parts).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(text));
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  /** Opens a file and shows it. */
  async show(path) {
    await this.vscode(`
      const document = await vscode.workspace.openTextDocument(${JSON.stringify(path)});
      await vscode.window.showTextDocument(document);`);
  }

  /** The text of the editor. */
  text() {
    return this.vscode("return vscode.window.activeTextEditor.document.getText()");
  }

  async save() {
    await this.vscode("await vscode.window.activeTextEditor.document.save()");
    await until("the file is saved", () => this.vscode("return !vscode.window.activeTextEditor.document.isDirty"));
  }

  command(name) {
    return this.vscode(`await vscode.commands.executeCommand(${JSON.stringify(name)})`);
  }

  /** Sets a setting of the user. */
  set(key, value) {
    const [json, name] = [JSON.stringify(value ?? null), JSON.stringify(key)];
    return this.vscode(`
      const value = ${json} ?? undefined;
      await vscode.workspace.getConfiguration().update(${name}, value, vscode.ConfigurationTarget.Global);`);
  }

  /** What is shown in the editor's text: the codes of diagnostics with what is underlined. */
  diagnostics() {
    return this.vscode(`
      const { document } = vscode.window.activeTextEditor;
      const all = vscode.languages.getDiagnostics(document.uri);
      return all.map((d) => [d.code, document.getText(d.range)]).sort();`);
  }

  /** Waits for diagnostics of these codes. */
  async shows(...codes) {
    let found;
    await until(`diagnostics ${codes}`, async () => {
      found = await this.diagnostics();
      return found.map(([code]) => code).join() === codes.join();
    }).catch((error) => {
      throw new Error(`${error.message}; there are ${JSON.stringify(found)}`);
    });
    return found;
  }

  /** The messages at the corner of the window. */
  notifications() {
    return this.page.locator(".notifications-toasts .notification-list-item-message").allInnerTexts();
  }

  /** Chooses a command in the palette, as a user does. */
  async palette(title) {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input[type=text]").fill(`>${title}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
  }
}
