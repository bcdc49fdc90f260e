//! `gem`: `gem install NAME`.
//!
//! It looks for archives of the name in the folder that it runs in first. Source: guides.rubygems.org/command-reference.

use super::words::{self, Options, Words};
use super::{Asked, Gather, Install, Manager, Obstacle};
use crate::model::command::Command;

/// The package manager of Ruby.
pub const MANAGER: Manager =
    Manager { name: "gem", programs: &["gem"], read, heeds, home: &[".gem", ".gemrc", ".local/share/gem"] };

fn heeds(name: &str) -> bool {
    ["RUBY", "GEM"].iter().any(|p| name.starts_with(p)) && !matches!(name, "RUBY_VERSION" | "RUBY_MAJOR")
}

struct Gem {
    names: Vec<String>,
}

fn read(command: &Command) -> Option<Asked> {
    (words::verb(command)? == "install").then(|| install(command))
}

fn install(command: &Command) -> Asked {
    const INSTALL: Options = Options {
        flags: &[
            "--no-document",
            "-N",
            "--no-ri",
            "--no-rdoc",
            "--conservative",
            "--force",
            "-f",
            "--quiet",
            "-q",
            "--no-doc",
        ],
        values: &["-v", "--version", "--platform"],
    };
    let words = Words::of(command, &INSTALL)?;
    let names = words.rest.get(1..).unwrap_or_default();
    words::are_names(names)?;
    Ok(Box::new(Gem {
        names: names.iter().map(|n| n.split(':').next().unwrap_or_default().to_string()).collect(),
    }))
}

impl Install for Gem {
    fn reads_source(&self) -> bool {
        false
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let listing = gather.place.context.list(gather.place.cwd).filter(|l| l.complete);
        let listing =
            listing.ok_or_else(|| Obstacle::new("it is not known which archives of gems there are"))?;
        if let Some((name, _)) =
            listing.entries.iter().find(|(name, _)| name.rsplit('.').next() == Some("gem"))
        {
            return Err(Obstacle::small(format!("gem may take {name}; name it in .dockerignore")));
        }
        for name in &self.names {
            gather.must_be_free(&format!("{name}-1.0.0.gem"), "an archive that gem would take");
        }
        Ok(())
    }
}
