//! Composer: `composer install` where nothing of the project runs and its classes are not read.
//!
//! It reads composer.json, composer.lock and auth.json. Scripts of the project run at many points, `--no-scripts` leaves
//! them out. The autoloader is made from the classes of the source where it is optimized or a `classmap` is asked for.
//! Plugins run as part of it. Where composer.json holds no version, it is asked of git. Sources: getcomposer.org/doc
//! (03-cli, 04-schema, 06-config, articles/scripts, articles/plugins).

use super::words::{self, Options, Words, is_remote};
use super::{Asked, Gather, Install, Manager, Obstacle};
use crate::model::command::Command;
use crate::model::manifests::document::{self, Node, Value};

/// Composer.
pub const MANAGER: Manager = Manager {
    name: "composer",
    programs: &["composer"],
    read,
    heeds,
    home: &[".composer", ".config/composer"],
};

fn heeds(name: &str) -> bool {
    const HARMLESS: &[&str] = &[
        "COMPOSER_ALLOW_SUPERUSER",
        "COMPOSER_NO_INTERACTION",
        "COMPOSER_MEMORY_LIMIT",
        "COMPOSER_PROCESS_TIMEOUT",
        "COMPOSER_NO_DEV",
        "COMPOSER_VERSION",
        "COMPOSER_DISABLE_XDEBUG_WARN",
        "COMPOSER_MAX_PARALLEL_HTTP",
        "COMPOSER_NO_AUDIT",
        "PHP_VERSION",
    ];
    ["COMPOSER", "PHP"].iter().any(|p| name.starts_with(p)) && !HARMLESS.contains(&name)
}

/// Events at which Composer runs a script; other names are commands that only somebody calls.
const EVENTS: &[&str] = &["pre-", "post-", "init", "command"];

const INSTALL: Options = Options {
    flags: &[
        "--no-scripts",
        "--no-autoloader",
        "--no-plugins",
        "--no-dev",
        "--dev",
        "--prefer-dist",
        "--prefer-source",
        "--no-interaction",
        "-n",
        "--no-progress",
        "-o",
        "--optimize-autoloader",
        "-a",
        "--classmap-authoritative",
        "--apcu-autoloader",
        "--ignore-platform-reqs",
        "--no-suggest",
        "--ansi",
        "--no-ansi",
        "--no-cache",
        "-q",
        "--quiet",
        "-v",
        "-vv",
        "-vvv",
        "--no-audit",
        "--audit",
        "--profile",
    ],
    values: &["--ignore-platform-req", "--prefer-install"],
};

/// What of the source Composer would call or read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Scripts,
    Plugins,
    Autoloader,
    OptimizedAutoloader,
}

struct Composer {
    /// What the command line does not leave out.
    parts: Vec<Part>,
}

fn read(command: &Command) -> Option<Asked> {
    matches!(words::verb(command)?, "install" | "i").then(|| install(command))
}

fn install(command: &Command) -> Asked {
    let words = Words::of(command, &INSTALL)?;
    if words.rest.len() != 1 {
        return Err(Obstacle::new("`composer install` takes no names"));
    }
    let left_out = [
        (Part::Scripts, words.has(&["--no-scripts"])),
        (Part::Plugins, words.has(&["--no-plugins"])),
        (Part::Autoloader, words.has(&["--no-autoloader"])),
        (
            Part::OptimizedAutoloader,
            !words.has(&["-o", "--optimize-autoloader", "-a", "--classmap-authoritative"]),
        ),
    ];
    let parts = left_out.into_iter().filter(|(_, is_left_out)| !is_left_out).map(|(part, _)| part).collect();
    Ok(Box::new(Composer { parts }))
}

impl Install for Composer {
    fn reads_source(&self) -> bool {
        true
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let at = gather.require("composer.json")?;
        let file = json(gather, &at)?;
        gather.take("auth.json")?;
        repositories_are_remote(&at, &file)?;
        self.runs_nothing(gather, &at, &file);
        self.reads_no_classes(gather, &at, &file);
        is_plain(gather, &at, &file);
        if gather.take("composer.lock")? {
            self.locked(gather)?;
        } else {
            gather.leave("composer.lock");
            if self.has(Part::Plugins) {
                return Err(Obstacle::new("there is no composer.lock that tells which plugins there are"));
            }
        }
        gather.leave("vendor");
        Ok(())
    }
}

impl Composer {
    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    fn runs_nothing(&self, gather: &mut Gather, at: &str, file: &Value) {
        let is_event = |name: &str| EVENTS.iter().any(|e| name.starts_with(e));
        let script = file.at(&["scripts"]).entries().find(|(name, _)| is_event(name));
        if let Some((name, _)) = script.filter(|_| self.has(Part::Scripts)) {
            gather.obstacle(Obstacle::small(format!(
                "composer runs the script {name} of {at}; add --no-scripts, and call it in a RUN below the source"
            )));
        }
    }

    /// The classes of the source are read for a classmap, and for an autoloader that is optimized.
    fn reads_no_classes(&self, gather: &mut Gather, at: &str, file: &Value) {
        let config = ["optimize-autoloader", "classmap-authoritative"];
        let optimizes = self.has(Part::OptimizedAutoloader)
            || config.iter().any(|key| file.at(&["config", key]).is(true));
        let maps = ["autoload", "autoload-dev"].iter().any(|key| file.at(&[key, "classmap"]).is_there());
        let names = ["autoload", "autoload-dev"].map(|key| file.at(&[key]));
        let has_own = names.into_iter().any(|n| n.entries().next().is_some());
        if self.has(Part::Autoloader) && (maps || optimizes && has_own) {
            gather.obstacle(Obstacle::small(format!(
                "composer reads the classes of the source, by {at}; add --no-autoloader, and a RUN `composer \
                 dump-autoload` with its options below the source"
            )));
        }
    }

    fn locked(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let at = gather.at("composer.lock");
        let file = json(gather, &at)?;
        for package in ["packages", "packages-dev"].iter().flat_map(|key| file.at(&[key]).items()) {
            let name = package.get("name").text().unwrap_or_default();
            if self.has(Part::Plugins) && package.get("type").text() == Some("composer-plugin") {
                return Err(Obstacle::new(format!(
                    "{name} is a plugin of composer, which may read the source"
                )));
            }
            for key in ["dist", "source"] {
                let from = package.get(key);
                let url = from.get("url").text().unwrap_or("https://");
                let is_ssh = url.starts_with("git@") || url.starts_with("ssh://");
                if from.get("type").text() == Some("path") || !(is_remote(url) || is_ssh && key == "source") {
                    return Err(Obstacle::new(format!("{name} in {at} comes from `{url}`")));
                }
            }
        }
        Ok(())
    }
}

fn json(gather: &Gather, at: &str) -> Result<Value, Obstacle> {
    document::json(&gather.text(at)?).map_err(|e| Obstacle::new(format!("{at} cannot be read: {e}")))
}

fn repositories_are_remote(at: &str, file: &Value) -> Result<(), Obstacle> {
    let all = file.at(&["repositories"]);
    for repository in all.items().chain(all.entries().map(|(_, r)| r)) {
        let kind = repository.get("type").text();
        let is_known = matches!(kind, Some("composer" | "vcs" | "git" | "github" | "gitlab") | None);
        let urls = [repository.get("url"), repository.get("package")].into_iter().flat_map(Node::texts);
        if !is_known || urls.into_iter().any(|url| !is_remote(url)) {
            return Err(Obstacle::new(format!("a repository in {at} may be a folder of the source")));
        }
    }
    Ok(())
}

/// Whether packages go to `vendor`, and the version of the project is not asked of git.
fn is_plain(gather: &mut Gather, at: &str, file: &Value) {
    let places = ["vendor-dir", "bin-dir", "cache-dir", "home", "data-dir", "archive-dir"];
    if let Some(key) = places.iter().find(|key| file.at(&["config", key]).is_there()) {
        gather.obstacle(Obstacle::new(format!("{at} has composer write elsewhere, by {key}")));
    }
    if !file.at(&["version"]).is_there() {
        for name in [".git", "HEAD", ".hg", ".svn", ".fslckout", "_FOSSIL_"] {
            gather.must_be_free(name, "of which composer asks the version of the project");
        }
    }
}
