// Whether the program of the settings is dfmt, said so that its user knows what to do. It knows nothing of VS Code.

import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";

/** How long a program may take to tell its version. */
const PATIENCE = 20_000;

/** The program that a setting names: nothing is `dfmt`, and `~` is not known to whoever starts programs. */
export function named(setting: string | undefined): string {
  const name = setting?.trim() || "dfmt";
  return /^~[/\\]/.test(name) ? join(homedir(), name.slice(2)) : name;
}

/** What is wrong with a program; nothing where it is dfmt. Another formatter, of the language D, has the same name. */
export function fault(program: string, cwd: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, ["--version"], { cwd, timeout: PATIENCE }, (error, stdout) => {
      const is = /^dfmt \d/.test(stdout);
      resolve(is ? undefined : error === null ? another(program, stdout) : broken(program, error));
    });
  });
}

function another(program: string, stdout: string): string {
  const line = stdout.split("\n", 1)[0]?.trim().slice(0, 80);
  return `\`${program}\` is another program: it calls its version \`${line}\``;
}

function broken(program: string, error: Error & { code?: unknown }): string {
  if (error.code === "ENOENT") {
    const where = /[/\\]/.test(program) ? "" : " in PATH";
    return `there is no program \`${program}\`${where}`;
  }
  if (error.code === "EACCES") {
    return `\`${program}\` is no program that may be run`;
  }
  const line = error.message.trim().split("\n").pop();
  return `\`${program}\` cannot be used: ${line}`;
}
