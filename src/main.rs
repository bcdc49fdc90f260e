//! The `dfmt` program.

use std::process::ExitCode;

use clap::Parser;
use dfmt::cli;

fn main() -> ExitCode {
    cli::run(&cli::Args::parse())
}
