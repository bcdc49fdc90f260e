//! A client of the language server: small, and its own in all that it counts.

#![expect(clippy::needless_pass_by_value, reason = "parameters are written where they are given away")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Notifications and requests of the server that nobody has asked for yet.
    pub aside: Vec<Value>,
    id: i32,
    pub capabilities: Value,
}

impl Client {
    /// A server in `folder`, greeted with these parameters.
    pub fn new(folder: &Path, params: Value) -> Self {
        let mut client = Self::start(folder);
        let result = client.ask("initialize", params).unwrap();
        client.capabilities = result["capabilities"].clone();
        client.tell("initialized", json!({}));
        client
    }

    /// One that knows no more than it must, with these settings.
    pub fn plain(folder: &Path, settings: Value) -> Self {
        let params = json!({"processId": null, "rootUri": null, "capabilities": {}, "initializationOptions": settings});
        Self::new(folder, params)
    }

    /// A server that nobody has greeted yet.
    pub fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dfmt"))
            .arg("lsp")
            .current_dir(folder)
            .env("HOME", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dfmt starts");
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self { child, stdin, messages, aside: Vec::new(), id: 0, capabilities: Value::Null }
    }

    pub fn send(&mut self, message: &Value) {
        self.send_all(std::slice::from_ref(message));
    }

    /// Sends messages at one stroke.
    pub fn send_all(&mut self, messages: &[Value]) {
        let mut bytes = Vec::new();
        for message in messages {
            let mut message = message.clone();
            message["jsonrpc"] = "2.0".into();
            let text = message.to_string();
            write!(bytes, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        }
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(&bytes).unwrap();
        stdin.flush().unwrap();
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"method": method, "params": params}));
    }

    /// The result, or else the error.
    pub fn end(&mut self, id: i32) -> Result<Value, Value> {
        let message = self.next(|m| m["id"] == id && m.get("method").is_none());
        match message.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(message["result"].clone()),
        }
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.id += 1;
        self.send(&json!({"id": self.id, "method": method, "params": params}));
        self.end(self.id)
    }

    /// The next message that is wanted; others are put aside.
    #[track_caller]
    pub fn next(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.aside.iter().position(&wanted) {
            return self.aside.remove(at);
        }
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("a message in time");
            if wanted(&message) {
                return message;
            }
            self.aside.push(message);
        }
    }

    /// The diagnostics of a version.
    #[track_caller]
    pub fn diagnostics(&mut self, uri: &str, version: i32) -> Vec<Value> {
        let shown = self.next(|m| {
            m["method"] == "textDocument/publishDiagnostics"
                && m["params"]["uri"] == uri
                && m["params"]["version"] == version
        });
        shown["params"]["diagnostics"].as_array().unwrap().clone()
    }

    pub fn open(&mut self, uri: &str, text: &str) {
        let item = json!({"uri": uri, "languageId": "dockerfile", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": item}));
    }

    /// Replaces a range.
    pub fn change(&mut self, uri: &str, version: i32, from: [u32; 2], to: [u32; 2], text: &str) {
        let change = json!({"range": range(from, to), "text": text});
        let id = json!({"uri": uri, "version": version});
        self.tell("textDocument/didChange", json!({"textDocument": id, "contentChanges": [change]}));
    }

    /// The text that formatting makes of `text`.
    #[track_caller]
    pub fn format(&mut self, uri: &str, text: &str) -> String {
        let edits = self.ask("textDocument/formatting", formatting(uri)).unwrap();
        applied(text, &edits)
    }

    /// Takes leave; gives the exit status.
    pub fn leave(mut self) -> Option<i32> {
        assert_eq!(self.ask("shutdown", Value::Null), Ok(Value::Null));
        self.tell("exit", Value::Null);
        self.wait()
    }

    /// The exit status, once stdin is closed.
    pub fn wait(&mut self) -> Option<i32> {
        self.stdin = None;
        self.child.wait().unwrap().code()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // it may be gone already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A message; nothing but headers and JSON may come.
fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.strip_suffix("\r\n").unwrap_or_else(|| panic!("no header: {line:?}"));
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("no header: {line:?}"));
        if name == "Content-Length" {
            length = value.parse().ok();
        }
    }
    let mut bytes = vec![0; length.expect("a length")];
    stdout.read_exact(&mut bytes).ok()?;
    Some(serde_json::from_slice(&bytes).expect("JSON"))
}

pub fn range(from: [u32; 2], to: [u32; 2]) -> Value {
    let at = |[line, character]: [u32; 2]| json!({"line": line, "character": character});
    json!({"start": at(from), "end": at(to)})
}

pub fn formatting(uri: &str) -> Value {
    json!({"textDocument": {"uri": uri}, "options": {"tabSize": 8, "insertSpaces": false}})
}

/// A text with edits made in it, all seen from the text as it was; places count in UTF-16.
#[track_caller]
pub fn applied(text: &str, edits: &Value) -> String {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    let mut all: Vec<(usize, usize, &str)> = Vec::new();
    for edit in edits.as_array().into_iter().flatten() {
        let at = |end: &str| unit(text, &edit["range"][end]);
        all.push((at("start"), at("end"), edit["newText"].as_str().unwrap()));
    }
    all.sort_unstable();
    assert!(all.windows(2).all(|w| w[0].1 <= w[1].0), "edits overlap: {edits}");
    for (start, end, new) in all.into_iter().rev() {
        units.splice(start..end, new.encode_utf16());
    }
    String::from_utf16(&units).expect("no pair is taken apart")
}

fn unit(text: &str, at: &Value) -> usize {
    let (line, column) = (at["line"].as_u64().unwrap() as usize, at["character"].as_u64().unwrap() as usize);
    let above: usize = text.split_inclusive('\n').take(line).map(|l| l.encode_utf16().count()).sum();
    let own = text.split_inclusive('\n').nth(line).unwrap_or("").trim_end_matches(['\r', '\n']);
    assert!(column <= own.encode_utf16().count(), "{at} is not in {text:?}");
    above + column
}

/// The URI of a file.
pub fn uri(path: &Path) -> String {
    format!("file://{}", path.to_str().unwrap().replace(' ', "%20"))
}
