//! What the server can do, as it says to a client; and what a client says that it can.

use lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability,
    DocumentOnTypeFormattingOptions, HoverProviderCapability, OneOf, ServerCapabilities,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
};

use super::actions::FIX_ALL;
use super::position::Encoding;

/// What the server can do.
pub fn of_server(encoding: Encoding) -> ServerCapabilities {
    let kinds = vec![CodeActionKind::QUICKFIX, CodeActionKind::REFACTOR_REWRITE, FIX_ALL];
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(true.into()),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(kinds),
            ..CodeActionOptions::default()
        })),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: "\n".to_string(),
            more_trigger_character: None,
        }),
        ..ServerCapabilities::default()
    }
}

/// What the server must know of a client.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that a client can")]
pub struct Client {
    /// It understands versions in edits.
    pub versions: bool,
    /// It can be asked for its settings.
    pub configuration: bool,
    /// It tells of changed settings where that is asked for.
    pub registers_settings: bool,
    /// It tells of changed files where that is asked for.
    pub registers_files: bool,
}

impl Client {
    /// What it says.
    pub fn of(capabilities: &ClientCapabilities) -> Self {
        let Some(workspace) = &capabilities.workspace else { return Self::default() };
        let edit = workspace.workspace_edit.as_ref();
        let registers = |dynamic: Option<bool>| dynamic == Some(true);
        Self {
            versions: edit.and_then(|e| e.document_changes) == Some(true),
            configuration: workspace.configuration == Some(true),
            registers_settings: registers(
                workspace.did_change_configuration.and_then(|c| c.dynamic_registration),
            ),
            registers_files: registers(
                workspace.did_change_watched_files.and_then(|c| c.dynamic_registration),
            ),
        }
    }
}
