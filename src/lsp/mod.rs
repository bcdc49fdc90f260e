//! `dfmt lsp`: the language server that editors speak to, over stdin and stdout.
//!
//! A front end as the command line is one: values of the protocol in and out, what becomes of a text is decided by
//! `proof::engine`. It reads no file but those of the configuration (through `settings`); what else it must know of the
//! disk it is handed in [`Host`]. lsp-server, lsp-types and ropey are used here and nowhere else.
//!
//! Stdout holds the protocol and nothing else. Whatever a client sends, it gets an answer: a panic in a rule ends the
//! request, not the server.

mod actions;
mod capabilities;
mod diagnostics;
mod document;
mod edits;
mod hover;
mod options;
mod part;
mod position;
mod requests;
mod server;
mod uri;
mod work;

use std::path::Path;

use lsp_server::Connection;

use crate::model::context::Context;

/// What the server must know of the disk.
#[derive(Clone, Copy)]
pub struct Host {
    /// The build context of the Dockerfile at a path, where this folder was named for it; the error is the end of a
    /// sentence.
    pub context: fn(&Path, Option<&Path>) -> Result<Context, String>,
    /// Why a file is left alone, whatever is in it.
    pub left_alone: fn(&Path, &[u8]) -> Option<String>,
}

/// Serves one client over stdin and stdout; whether it took its leave as the protocol asks for.
pub fn serve(host: Host) -> bool {
    let (connection, threads) = Connection::stdio();
    let left = server::run(connection, host);
    let written = threads.join().is_ok();
    left && written
}
