//! The loop: messages in, answers out, diagnostics when a document has been at rest for a moment.
//!
//! One thread does all in order. Messages that wait are read first, so that a request which was cancelled is not begun.
//! They wait in a channel of our own: that of lsp-server holds none, and would show the next one only some time later.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{Notification as _, PublishDiagnostics, ShowMessage};
use lsp_types::{
    ClientCapabilities, Diagnostic, InitializeParams, MessageType, PublishDiagnosticsParams,
    ShowMessageParams, Uri,
};
use serde_json::{Value, json};

use super::capabilities::{self, Client};
use super::diagnostics::{self, Sheet};
use super::document::Document;
use super::options::Options;
use super::position::Encoding;
use super::work::Work;
use super::{Host, requests, uri};

/// How long a document must be at rest before it is looked at.
const REST: Duration = Duration::from_millis(150);

/// The server of one client.
pub struct Server {
    connection: Connection,
    /// What has come and was not looked at.
    messages: Receiver<Message>,
    /// What it must know of the disk.
    pub host: Host,
    /// How columns count.
    pub encoding: Encoding,
    /// What the client can.
    pub client: Client,
    /// What its settings ask for.
    pub options: Options,
    /// The folder that is open.
    pub root: Option<PathBuf>,
    /// The open documents.
    pub documents: HashMap<Uri, Document>,
    due: HashMap<Uri, Instant>,
    waiting: VecDeque<Message>,
    asked: i32,
    /// The question about settings that has no answer yet.
    asked_settings: Option<RequestId>,
    is_shut_down: bool,
}

/// Serves the client of `connection`; whether it took its leave as it should.
pub fn run(connection: Connection, host: Host) -> bool {
    let Ok((id, params)) = connection.initialize_start() else { return false };
    let capabilities: ClientCapabilities =
        params.get("capabilities").and_then(|c| serde_json::from_value(c.clone()).ok()).unwrap_or_default();
    let encoding = Encoding::agreed(&capabilities);
    let (options, faults) = Options::read(params.get("initializationOptions").unwrap_or(&Value::Null));
    let root = serde_json::from_value(params).ok().as_ref().and_then(root);
    let server = Server {
        messages: taken_from(&connection),
        connection,
        host,
        encoding,
        client: Client::of(&capabilities),
        options: options.below(root.as_deref()),
        root,
        documents: HashMap::new(),
        due: HashMap::new(),
        waiting: VecDeque::new(),
        asked: 0,
        asked_settings: None,
        is_shut_down: false,
    };
    let result = json!({
        "capabilities": capabilities::of_server(encoding),
        "serverInfo": { "name": "dfmt", "version": env!("CARGO_PKG_VERSION") },
    });
    server.send(Response::new_ok(id, result));
    server.warn(faults);
    server.serve()
}

/// The messages of a connection, taken out as they come. The thread ends with the connection.
fn taken_from(connection: &Connection) -> Receiver<Message> {
    let (sender, messages) = mpsc::channel();
    let receiver = connection.receiver.clone();
    thread::spawn(move || {
        while let Ok(message) = receiver.recv() {
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    messages
}

/// The first folder that is open.
#[expect(deprecated, reason = "older clients name their folder no other way")]
fn root(params: &InitializeParams) -> Option<PathBuf> {
    let folders = params.workspace_folders.as_ref().and_then(|all| all.first()).map(|f| &f.uri);
    uri::path(folders.or(params.root_uri.as_ref())?)
}

impl Server {
    fn serve(mut self) -> bool {
        loop {
            self.read_what_waits();
            let Some(message) = self.waiting.pop_front() else {
                self.publish_due();
                if !self.wait() {
                    return false;
                }
                continue;
            };
            match message {
                Message::Request(request) => self.request(request),
                Message::Notification(n) if n.method == lsp_types::notification::Exit::METHOD => {
                    return self.is_shut_down;
                }
                Message::Notification(notification) => requests::notified(&mut self, notification),
                Message::Response(response) => self.answered(response),
            }
        }
    }

    /// Waits for a message, or until a document is due; `false` where the client is gone.
    fn wait(&mut self) -> bool {
        let next = self.due.values().min().map(|due| due.saturating_duration_since(Instant::now()));
        let message = match next {
            None => self.messages.recv().ok(),
            Some(time) => match self.messages.recv_timeout(time) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => return true,
                Err(RecvTimeoutError::Disconnected) => None,
            },
        };
        message.map(|message| self.receive(message)).is_some()
    }

    fn read_what_waits(&mut self) {
        while let Ok(message) = self.messages.try_recv() {
            self.receive(message);
        }
    }

    /// Puts a message behind those that wait; one that cancels a request takes it out of them.
    fn receive(&mut self, message: Message) {
        if let Message::Notification(n) = &message
            && n.method == lsp_types::notification::Cancel::METHOD
        {
            let id = n.params.get("id").and_then(|id| serde_json::from_value::<RequestId>(id.clone()).ok());
            let is_meant = |m: &Message| matches!(m, Message::Request(r) if Some(&r.id) == id.as_ref());
            if let Some(at) = self.waiting.iter().position(is_meant)
                && let Some(Message::Request(request)) = self.waiting.remove(at)
            {
                self.refuse(request.id, ErrorCode::RequestCanceled, "cancelled");
            }
            return;
        }
        self.waiting.push_back(message);
    }

    fn request(&mut self, request: Request) {
        if self.is_shut_down {
            self.refuse(request.id, ErrorCode::InvalidRequest, "the server is shut down");
        } else if request.method == "shutdown" {
            self.is_shut_down = true;
            self.due.clear();
            self.send(Response::new_ok(request.id, Value::Null));
        } else {
            let id = request.id.clone();
            match requests::answer(self, request) {
                Ok(result) => self.send(Response::new_ok(id, result)),
                Err((code, message)) => self.refuse(id, code, &message),
            }
        }
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, message: &str) {
        self.send(Response::new_err(id, code as i32, message.to_string()));
    }

    fn send(&self, message: impl Into<Message>) {
        // a client that is gone is noticed where messages are read
        let _ = self.connection.sender.send(message.into());
    }

    fn notify<N: lsp_types::notification::Notification>(&self, params: N::Params) {
        self.send(Notification::new(N::METHOD.to_string(), params));
    }

    /// Asks the client for something.
    pub fn ask(&mut self, method: &str, params: Value) -> RequestId {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.send(Request::new(id.clone(), method.to_string(), params));
        id
    }

    /// Asks for the client's settings, if it can be asked.
    pub fn ask_settings(&mut self) {
        if self.client.configuration {
            let params = json!({ "items": [{ "section": "dfmt" }] });
            self.asked_settings = Some(self.ask("workspace/configuration", params));
        }
    }

    fn answered(&mut self, response: Response) {
        if Some(&response.id) != self.asked_settings.as_ref() {
            return;
        }
        self.asked_settings = None;
        // a client without such settings answers null: what it said at first holds
        let settings = response.response_result.ok().and_then(|v| v.get(0).cloned());
        if let Some(settings) = settings.filter(Value::is_object) {
            self.set_options(&settings);
        }
    }

    /// Takes over the client's settings.
    pub fn set_options(&mut self, settings: &Value) {
        let (options, faults) = Options::read(settings);
        self.warn(faults);
        let options = options.below(self.root.as_deref());
        if options != self.options {
            self.options = options;
            self.look_at_all();
        }
    }

    fn warn(&self, faults: Vec<String>) {
        for fault in faults {
            let message = format!("dfmt: {fault}");
            self.notify::<ShowMessage>(ShowMessageParams { typ: MessageType::WARNING, message });
        }
    }

    /// A document has been opened.
    pub fn look_at(&mut self, uri: Uri) {
        self.due.insert(uri, Instant::now());
    }

    /// A document has changed, and may soon change again.
    pub fn look_at_later(&mut self, uri: Uri) {
        self.due.insert(uri, Instant::now() + REST);
    }

    /// Something has changed that any document may depend on.
    pub fn look_at_all(&mut self) {
        for uri in self.documents.keys() {
            self.due.insert(uri.clone(), Instant::now() + REST);
        }
    }

    /// A document is closed: nothing is shown in it any more.
    pub fn close(&mut self, uri: Uri) {
        self.due.remove(&uri);
        if self.documents.remove(&uri).is_some() {
            self.publish(uri, Vec::new(), None);
        }
    }

    fn publish_due(&mut self) {
        let now = Instant::now();
        let due: Vec<Uri> =
            self.due.iter().filter(|(_, at)| **at <= now).map(|(uri, _)| uri.clone()).collect();
        for uri in due {
            self.due.remove(&uri);
            let Some(document) = self.documents.get(&uri) else { continue };
            let found = requests::guarded(|| {
                let sheet = Sheet { text: &document.text, encoding: self.encoding };
                diagnostics::all(&self.work(document), &sheet, self.options.diagnostics)
            });
            if let Some(found) = found {
                let version = document.version;
                self.publish(uri, found, Some(version));
            }
        }
    }

    fn publish(&self, uri: Uri, diagnostics: Vec<Diagnostic>, version: Option<i32>) {
        self.notify::<PublishDiagnostics>(PublishDiagnosticsParams { uri, diagnostics, version });
    }

    /// A document at work.
    pub fn work(&self, document: &Document) -> Work<'_> {
        Work::new(self.host, &self.options, self.root.as_deref(), document)
    }
}

#[cfg(test)]
mod tests {
    use lsp_server::{ErrorCode, Response};

    use super::*;

    /// The answer to a request; notifications are passed over.
    fn answer(client: &Connection, id: i32, method: &str, params: Value) -> Response {
        let request = Request::new(id.into(), method.to_string(), params);
        client.sender.send(request.into()).unwrap();
        loop {
            if let Message::Response(response) = client.receiver.recv().unwrap() {
                return response;
            }
        }
    }

    fn tell(client: &Connection, method: &str, params: Value) {
        client.sender.send(Notification::new(method.to_string(), params).into()).unwrap();
    }

    #[test]
    fn a_panic_ends_the_request_and_not_the_server() {
        let (client, connection) = Connection::memory();
        let host = Host {
            context: |_, _| Err("there is none".to_string()),
            left_alone: |_, source| {
                assert!(!source.starts_with(b"panic"), "what a bug does");
                None
            },
        };
        let server = thread::spawn(move || run(connection, host));
        answer(&client, 1, "initialize", json!({"processId": null, "rootUri": null, "capabilities": {}}));
        for (id, text) in [(2, "panic\n"), (3, "from  a\n")] {
            let uri = format!("untitled:{id}");
            let item = json!({"uri": uri, "languageId": "dockerfile", "version": 1, "text": text});
            tell(&client, "textDocument/didOpen", json!({"textDocument": item}));
            let options = json!({"tabSize": 4, "insertSpaces": true});
            let params = json!({"textDocument": {"uri": uri}, "options": options});
            let result = answer(&client, id, "textDocument/formatting", params).response_result;
            match result {
                Ok(edits) => assert!(id == 3 && edits.is_array(), "{edits}"),
                Err(error) => assert_eq!((id, error.code), (2, ErrorCode::InternalError as i32)),
            }
        }
        answer(&client, 4, "shutdown", Value::Null);
        tell(&client, "exit", Value::Null);
        assert!(server.join().unwrap());
    }
}
