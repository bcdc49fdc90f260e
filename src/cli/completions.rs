//! `dfmt completions`: what a shell needs to complete the command line.

use anyhow::Result;
use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};

use super::args::Args;
use super::status::Status;
use super::streams::Streams;

/// Prints the completions of a shell.
///
/// # Errors
/// Where stdout cannot be written.
pub fn print(shell: Shell, streams: &mut Streams) -> Result<Status> {
    let mut text = Vec::new();
    generate(shell, &mut public(), "dfmt", &mut text);
    let text = String::from_utf8_lossy(&text);
    // behind a flag that still lacks its value, clap's function for fish gives up, and no value is offered
    let text = match shell {
        Shell::Fish => text.replacen("\n    or return\n", "\n    or return 0\n", 1),
        _ => text.into_owned(),
    };
    streams.print(text.as_bytes())?;
    Ok(Status::Done)
}

/// The command line without what is hidden: clap would complete that too.
pub fn public() -> Command {
    let whole = Args::command();
    let shown: Vec<Command> = whole.get_subcommands().filter(|c| !c.is_hide_set()).cloned().collect();
    let about = whole.get_about().cloned().unwrap_or_default();
    let after = whole.get_after_help().cloned().unwrap_or_default();
    let bare = Command::new("dfmt")
        .version(env!("CARGO_PKG_VERSION"))
        .about(about)
        .after_help(after)
        .disable_help_subcommand(true)
        .args_conflicts_with_subcommands(true);
    bare.args(whole.get_arguments().cloned()).subcommands(shown)
}
