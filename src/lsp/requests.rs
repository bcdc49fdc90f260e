//! What is done with each message of a client.

use std::panic::{self, AssertUnwindSafe};

use lsp_server::{ErrorCode, Notification, Request};
use lsp_types::notification::{
    DidChangeConfiguration, DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument,
    DidOpenTextDocument, DidSaveTextDocument, Initialized, Notification as _,
};
use lsp_types::request::{
    CodeActionRequest, Formatting, HoverRequest, OnTypeFormatting, RangeFormatting, Request as _,
};
use lsp_types::{Position, TextEdit, Uri};
use serde_json::{Value, json};

use super::actions::{self, Asked};
use super::diagnostics::Sheet;
use super::document::Document;
use super::server::Server;
use super::work::{Holds, Work};
use super::{edits, hover, part};
use crate::settings::Held;

/// Why there is no answer.
pub type Refused = (ErrorCode, String);

/// Does what may panic; `None` where it does: one request is lost, not the server.
pub fn guarded<T>(what: impl FnOnce() -> T) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(what)).ok()
}

/// The answer to a request.
///
/// # Errors
/// The code of the protocol and a message.
pub fn answer(server: &Server, request: Request) -> Result<Value, Refused> {
    let Request { method, params, .. } = request;
    let broken = || (ErrorCode::InternalError, format!("dfmt broke down over {method}, which is a bug"));
    guarded(|| dispatch(server, &method, params)).ok_or_else(broken)?
}

fn dispatch(server: &Server, method: &str, params: Value) -> Result<Value, Refused> {
    match method {
        Formatting::METHOD => {
            let params = read::<Formatting>(params)?;
            format(server, &params.text_document.uri, |work, held| work.formatted(held, &held.config))
        }
        RangeFormatting::METHOD => {
            let params = read::<RangeFormatting>(params)?;
            let document = document(server, &params.text_document.uri)?;
            let at = server.encoding.offsets(&document.text, params.range);
            // an empty range is a place
            let end = at.end.max(at.start + 1);
            format(server, &document.uri, |work, held| {
                work.layout_of(held, |place| place.start < end && at.start < place.end)
            })
        }
        OnTypeFormatting::METHOD => {
            let at = read::<OnTypeFormatting>(params)?.text_document_position;
            on_newline(server, &at.text_document.uri, at.position)
        }
        CodeActionRequest::METHOD => code_actions(server, params),
        HoverRequest::METHOD => {
            let at = read::<HoverRequest>(params)?.text_document_position_params;
            let document = document(server, &at.text_document.uri)?;
            let sheet = Sheet { text: &document.text, encoding: server.encoding };
            let offset = server.encoding.offset(&document.text, at.position);
            Ok(json!(hover::at(&server.work(document), &sheet, offset)))
        }
        _ => Err((ErrorCode::MethodNotFound, format!("dfmt knows no `{method}`"))),
    }
}

fn read<R: lsp_types::request::Request>(params: Value) -> Result<R::Params, Refused> {
    serde_json::from_value(params).map_err(|e| (ErrorCode::InvalidParams, e.to_string()))
}

fn document<'s>(server: &'s Server, uri: &Uri) -> Result<&'s Document, Refused> {
    let unknown = || (ErrorCode::InvalidParams, format!("{} is not open", uri.as_str()));
    server.documents.get(uri).ok_or_else(unknown)
}

/// The edits that make of a document what `made` makes of it; null where there is nothing to do.
fn format(
    server: &Server,
    uri: &Uri,
    made: impl FnOnce(&Work, &Held) -> Option<String>,
) -> Result<Value, Refused> {
    let document = document(server, uri)?;
    let work = server.work(document);
    let held = match work.holds(true).map_err(|message| (ErrorCode::RequestFailed, message))? {
        Holds::This(held) => held,
        Holds::LeftAlone => return Ok(Value::Null),
    };
    let text = made(&work, &held);
    let edits: Option<Vec<TextEdit>> =
        text.map(|text| edits::between(&document.text, &text, server.encoding));
    Ok(json!(edits))
}

/// Lays out the instruction that a new line has ended. The line of the cursor is never in it: where the instruction
/// goes on there, nothing is done.
fn on_newline(server: &Server, uri: &Uri, cursor: Position) -> Result<Value, Refused> {
    let text = &document(server, uri)?.text;
    let line = server.encoding.offset(text, Position::new(cursor.line, 0));
    if line == 0 {
        return Ok(Value::Null);
    }
    format(server, uri, |work, held| {
        if part::is_open(&work.source, line) {
            return None;
        }
        work.layout_of(held, |place| place.contains(&(line - 1)) && place.end <= line)
    })
}

fn code_actions(server: &Server, params: Value) -> Result<Value, Refused> {
    let params = read::<CodeActionRequest>(params)?;
    let document = document(server, &params.text_document.uri)?;
    let asked = Asked {
        document,
        sheet: Sheet { text: &document.text, encoding: server.encoding },
        at: server.encoding.offsets(&document.text, params.range),
        only: params.context.only,
        versions: server.client.versions,
    };
    Ok(json!(actions::all(&server.work(document), &asked)))
}

/// Takes note of a notification. One that is not known or cannot be read changes nothing.
pub fn notified(server: &mut Server, notification: Notification) {
    let Notification { method, params } = notification;
    let done = guarded(|| take(server, &method, params));
    if done.is_none_or(|done| done.is_err()) {
        eprintln!("dfmt lsp: a notification could not be used: {method}");
    }
}

fn take(server: &mut Server, method: &str, params: Value) -> Result<(), serde_json::Error> {
    match method {
        Initialized::METHOD => begin(server),
        DidOpenTextDocument::METHOD => {
            let params = told::<DidOpenTextDocument>(params)?;
            let uri = params.text_document.uri.clone();
            server.documents.insert(uri.clone(), Document::new(params.text_document));
            server.look_at(uri);
        }
        DidChangeTextDocument::METHOD => {
            let params = told::<DidChangeTextDocument>(params)?;
            let (uri, version) = (params.text_document.uri, params.text_document.version);
            let encoding = server.encoding;
            if let Some(document) = server.documents.get_mut(&uri) {
                document.change(version, params.content_changes, encoding);
                server.look_at_later(uri);
            }
        }
        DidCloseTextDocument::METHOD => {
            server.close(told::<DidCloseTextDocument>(params)?.text_document.uri);
        }
        DidChangeConfiguration::METHOD => {
            let settings = told::<DidChangeConfiguration>(params)?.settings;
            if server.client.configuration {
                server.ask_settings();
            } else if settings.is_object() {
                server.set_options(&settings);
            }
        }
        // what is on the disk may be a configuration, or stand in the build context
        DidSaveTextDocument::METHOD | DidChangeWatchedFiles::METHOD => server.look_at_all(),
        _ => {}
    }
    Ok(())
}

fn told<N: lsp_types::notification::Notification>(params: Value) -> Result<N::Params, serde_json::Error> {
    serde_json::from_value(params)
}

/// The client is ready: it is asked for its settings, and to tell of changes.
fn begin(server: &mut Server) {
    let mut wanted = Vec::new();
    if server.client.registers_settings {
        wanted.push(json!({
            "id": "settings",
            "method": DidChangeConfiguration::METHOD,
            "registerOptions": { "section": "dfmt" },
        }));
    }
    if server.client.registers_files {
        let globs =
            ["**/dfmt.toml", "**/.dfmt.toml", "**/.editorconfig", "**/*.dockerignore", "**/.gitignore"];
        let watchers: Vec<Value> = globs.iter().map(|glob| json!({ "globPattern": glob })).collect();
        wanted.push(json!({
            "id": "files",
            "method": DidChangeWatchedFiles::METHOD,
            "registerOptions": { "watchers": watchers },
        }));
    }
    if !wanted.is_empty() {
        server.ask("client/registerCapability", json!({ "registrations": wanted }));
    }
    server.ask_settings();
}
