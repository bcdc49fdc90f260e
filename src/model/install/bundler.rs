//! Bundler: `bundle install` from a Gemfile that is a plain list, `bundle config`.
//!
//! It reads the Gemfile with what that evaluates, Gemfile.lock, and `.bundle/config`; gems that lie in `vendor/cache` are
//! taken from there. Where it is not frozen it may write Gemfile.lock, if only for another platform. Sources:
//! bundler.io/man (bundle-install, bundle-config, gemfile).

use super::words::{self, Options, Words};
use super::{Asked, Gather, Install, Manager, Obstacle};
use crate::model::command::Command;
use crate::model::context::path;
use crate::model::manifests::gemfile;

/// Bundler.
pub const MANAGER: Manager = Manager {
    name: "bundler",
    programs: &["bundle", "bundler"],
    read,
    heeds,
    home: &[".bundle", ".gem", ".gemrc"],
};

/// Settings that name no file of the project, or are looked at here.
const HARMLESS: &[&str] = &[
    "BUNDLE_JOBS",
    "BUNDLE_RETRY",
    "BUNDLE_WITHOUT",
    "BUNDLE_WITH",
    "BUNDLE_FROZEN",
    "BUNDLE_DEPLOYMENT",
    "BUNDLE_SILENCE_ROOT_WARNING",
    "BUNDLE_FORCE_RUBY_PLATFORM",
    "BUNDLE_CLEAN",
    "BUNDLE_TIMEOUT",
    "BUNDLER_VERSION",
    "RUBY_VERSION",
    "RUBY_MAJOR",
];

fn heeds(name: &str) -> bool {
    ["BUNDLE", "RUBY", "GEM_"].iter().any(|p| name.starts_with(p)) && !HARMLESS.contains(&name)
}

fn read(command: &Command) -> Option<Asked> {
    match words::verb(command) {
        None | Some("install") => Some(install(command)),
        Some("config") => Some(config(command)),
        Some(_) => None,
    }
}

struct Bundle {
    is_frozen: bool,
    /// Where it is told to install: an absolute path.
    places: Vec<String>,
}

fn install(command: &Command) -> Asked {
    const INSTALL: Options = Options {
        flags: &[
            "--quiet",
            "--frozen",
            "--deployment",
            "--no-cache",
            "--clean",
            "--verbose",
            "--full-index",
            "--redownload",
            "--force",
            "--no-prune",
            "--prefer-local",
        ],
        values: &["-j", "--jobs", "-r", "--retry", "--without", "--with", "--path"],
    };
    let jobs = |w: &&str| w.strip_prefix("-j").is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()));
    let Some(values) = command.values() else {
        return Err(Obstacle::new("a word of `bundle` holds a variable"));
    };
    let joined = values.iter().any(|w| jobs(w) && w.len() > 2);
    let plain = Command {
        words: command
            .words
            .iter()
            .filter(|w| !joined || !w.value.as_deref().is_some_and(|v| jobs(&v)))
            .cloned()
            .collect(),
    };
    let words = Words::of(&plain, &INSTALL)?;
    // `--without a b` takes more than one word
    let more = words.rest.iter().skip_while(|w| **w == "install").count();
    if more > 0 && !words.has(&["--without", "--with"]) {
        return Err(Obstacle::new("`bundle install` takes no names"));
    }
    let paths: Vec<&str> = words.all(&["--path"]).collect();
    if let Some(path) =
        paths.iter().find(|p| !p.starts_with('/') && p.trim_start_matches("./") != "vendor/bundle")
    {
        return Err(Obstacle::new(format!("it installs to {path}, inside of the source")));
    }
    let places = paths.into_iter().filter(|p| p.starts_with('/')).map(str::to_string).collect();
    Ok(Box::new(Bundle { is_frozen: words.has(&["--frozen", "--deployment"]), places }))
}

impl Install for Bundle {
    fn reads_source(&self) -> bool {
        true
    }

    fn places(&self) -> Vec<String> {
        self.places.clone()
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let mut open = vec![gather.require("Gemfile")?];
        gather.must_be_free("gems.rb", "another Gemfile");
        let mut count = 0;
        while let Some(at) = open.pop() {
            count += 1;
            gather.require_at(&at)?;
            let file = gemfile::read(&gather.text(&at)?);
            let file =
                file.map_err(|line| Obstacle::new(format!("`{line}` in {at} may read more of the source")))?;
            for name in file.evaluated.iter().chain(&file.ruby_files) {
                if !path::is_clean(name) || count > 50 {
                    return Err(Obstacle::new(format!("`{name}` in {at} may lie elsewhere")));
                }
            }
            open.extend(file.evaluated.iter().map(|name| path::join(path::parent(&at), name)));
            for name in &file.ruby_files {
                gather.require_at(&path::join(path::parent(&at), name))?;
            }
        }
        let variables = gather.place.variables;
        let is_frozen =
            self.is_frozen || variables.is_on("BUNDLE_FROZEN") || variables.is_on("BUNDLE_DEPLOYMENT");
        if !gather.take("Gemfile.lock")? {
            gather.leave("Gemfile.lock");
        } else if !is_frozen {
            gather.obstacle(Obstacle::small(
                "`bundle install` may rewrite Gemfile.lock, and the source would put its own back; set ENV BUNDLE_FROZEN=1",
            ));
        }
        gather.leave(".bundle");
        gather.leave("vendor/bundle");
        gather.must_be_free("vendor/cache", "where bundler takes gems from");
        Ok(())
    }
}

/// `bundle config`: a setting of the user, or of the project in `.bundle`.
struct Config {
    places: Vec<String>,
}

fn config(command: &Command) -> Asked {
    const KEYS: &[&str] = &[
        "frozen",
        "deployment",
        "without",
        "with",
        "jobs",
        "retry",
        "silence_root_warning",
        "force_ruby_platform",
        "clean",
        "no-cache",
        "no_prune",
        "timeout",
    ];
    let unknown = || Obstacle::new("it is not known what `bundle config` leads to");
    let words = Words::of(command, &Options { flags: &["--global", "--local"], values: &[] })?;
    let words: Vec<&str> = words.rest.iter().copied().filter(|w| *w != "set").collect();
    match words[..] {
        [_, key, ..] if KEYS.contains(&key) => Ok(Box::new(Config { places: Vec::new() })),
        [_, "path" | "bin", place] if place.starts_with('/') => {
            Ok(Box::new(Config { places: vec![place.to_string()] }))
        }
        _ => Err(unknown()),
    }
}

impl Install for Config {
    fn reads_source(&self) -> bool {
        false
    }

    fn minds_folder(&self) -> bool {
        true
    }

    fn places(&self) -> Vec<String> {
        self.places.clone()
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        gather.leave(".bundle");
        Ok(())
    }
}
