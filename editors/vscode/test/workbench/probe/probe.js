// Runs in the extension host of the VS Code that is tried, and does there what the script outside asks for: the body of
// a POST is that of a function of `vscode`, the answer is what it returns, as JSON. It is no part of the extension.

const { rmSync } = require("node:fs");
const http = require("node:http");
const vscode = require("vscode");

const AsyncFunction = (async () => {}).constructor;

exports.activate = () => {
  const server = http.createServer(async (request, response) => {
    try {
      const parts = [];
      for await (const part of request) parts.push(part);
      const result = await new AsyncFunction("vscode", Buffer.concat(parts).toString())(vscode);
      response.end(JSON.stringify(result ?? null));
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error?.stack ?? error));
    }
  });
  // the window before this one may still be there: from now on this one answers
  rmSync(process.env.DFMT_PROBE, { force: true });
  server.listen(process.env.DFMT_PROBE);
};
