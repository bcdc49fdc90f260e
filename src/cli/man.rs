//! `dfmt man`: the manual page, one for the program and its commands.

use anyhow::Result;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};

use super::completions;
use super::status::Status;
use super::streams::Streams;

/// Prints the page.
///
/// # Errors
/// Where stdout cannot be written.
pub fn print(streams: &mut Streams) -> Result<Status> {
    streams.print(&page()?)?;
    Ok(Status::Done)
}

fn page() -> Result<Vec<u8>> {
    let command = completions::public();
    let commands = commands(&command);
    let man = Man::new(command).manual("dfmt");
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    commands.to_writer(&mut out)?;
    man.render_extra_section(&mut out)?;
    man.render_version_section(&mut out)?;
    Ok(out)
}

/// The commands on this page, since there are no others.
fn commands(command: &Command) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["COMMANDS"]);
    for sub in command.get_subcommands() {
        let mut head = vec![bold(format!("dfmt {}", sub.get_name()))];
        for arg in sub.get_positionals() {
            let name =
                arg.get_value_names().and_then(|n| n.first()).map_or(arg.get_id().as_str(), |n| n.as_str());
            head.extend([roman(" "), italic(name.to_string())]);
        }
        roff.control("TP", []);
        roff.text(head);
        roff.text([roman(sub.get_about().cloned().unwrap_or_default().to_string())]);
    }
    roff
}
