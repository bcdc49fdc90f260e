//! Go: `go mod download`, `go install NAME@VERSION`.
//!
//! A download reads go.mod and go.sum, the go.mod of each folder that a `replace` names, and in a workspace go.work,
//! go.work.sum and the same of each module that it uses. It looks for go.mod and go.work in the folder that it runs in
//! and above. It may mend a go.mod or a go.sum that is not as `go mod tidy` leaves it; what can be seen of that here is
//! looked at. `vendor` does not matter to it. Sources: go.dev/ref/mod, and `cmd/go/internal/modcmd/download.go`,
//! `modload/init.go` and `toolchain/select.go` of Go 1.26.

use super::words::{self, Options, Words};
use super::{Asked, Gather, Install, Manager, Obstacle};
use crate::model::command::Command;
use crate::model::context::path;
use crate::model::manifests::gomod::{self, GoFile};

/// Go.
pub const MANAGER: Manager =
    Manager { name: "go", programs: &["go"], read, heeds, home: &[".config/go", "go/pkg", "go/bin"] };

/// Settings that lead to no file of a project.
const HARMLESS: &[&str] = &[
    "GO111MODULE",
    "GOPROXY",
    "GOPRIVATE",
    "GONOPROXY",
    "GONOSUMDB",
    "GONOSUMCHECK",
    "GOSUMDB",
    "GOINSECURE",
    "GOOS",
    "GOARCH",
    "GOARM",
    "GOAMD64",
    "GOTOOLCHAIN",
    "GODEBUG",
    "GOMAXPROCS",
    "GOGC",
    "GOMEMLIMIT",
    "GO_VERSION",
    "GOLANG_VERSION",
    "GOEXPERIMENT",
];

fn heeds(name: &str) -> bool {
    name.starts_with("GO") && !HARMLESS.contains(&name)
}

fn read(command: &Command) -> Option<Asked> {
    let second = || command.args().iter().filter(|w| !w.text.starts_with(b"-")).nth(1)?.value.as_deref();
    match words::verb(command)? {
        "mod" if second()? == "download" => Some(download(command)),
        "mod" if second()? == "verify" => Some(download(command)),
        "install" if has_versions(command) => Some(install(command)),
        "version" => Some(Ok(Box::new(Tool))),
        _ => None,
    }
}

struct Download;

fn download(command: &Command) -> Asked {
    let words = Words::of(command, &Options { flags: &["-x", "-json"], values: &[] })?;
    match words.rest[..] {
        [_, _] => Ok(Box::new(Download)),
        _ => Err(Obstacle::new("`go mod download` of names may write go.sum")),
    }
}

impl Install for Download {
    fn reads_source(&self) -> bool {
        true
    }

    fn places(&self) -> Vec<String> {
        places_of_go()
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let folders = gather.folders_up();
        let mut work = None;
        for folder in &folders {
            let at = path::join(folder, "go.work");
            if gather.take_at(&at)? {
                work = work.or(Some(folder.clone()));
            }
        }
        let Some(work) = work else {
            let mut found = None;
            for folder in &folders {
                if found.is_none() && gather.take_at(&path::join(folder, "go.mod"))? {
                    found = Some(folder.clone());
                }
            }
            let folder = found.ok_or_else(|| Obstacle::new("go.mod is not in the build context"))?;
            return module(gather, &folder);
        };
        let at = path::join(&work, "go.work");
        let file = read_file(gather, &at)?;
        let sum = path::join(&work, "go.work.sum");
        if !gather.take_at(&sum)? {
            gather.leave_at(&sum);
        }
        folders_of(gather, &work, &file)?;
        for used in &file.uses {
            module(gather, &inside(gather, &work, used)?)?;
        }
        Ok(())
    }
}

/// Takes go.mod and go.sum of a module, and the go.mod of each folder that stands in for another module.
fn module(gather: &mut Gather, folder: &str) -> Result<(), Obstacle> {
    let at = path::join(folder, "go.mod");
    gather.require_at(&at)?;
    let file = read_file(gather, &at)?;
    if file.go.is_none() {
        let why = format!(
            "go writes its version into {at}, and the source would put its own back; run `go mod tidy`"
        );
        gather.obstacle(Obstacle::small(why));
    }
    folders_of(gather, folder, &file)?;
    let sum = path::join(folder, "go.sum");
    if gather.take_at(&sum)? {
        let text = gather.text(&sum)?;
        if let Some(missing) = missing_sum(&file, &text) {
            let why = format!("{sum} has no sum of {missing}, so go would write it; run `go mod tidy`");
            gather.obstacle(Obstacle::small(why));
        }
    } else {
        gather.leave_at(&sum);
    }
    Ok(())
}

/// A module that is fetched and whose sum is not known.
fn missing_sum(file: &GoFile, sums: &str) -> Option<String> {
    let known: Vec<(&str, &str)> = gomod::sums(sums).collect();
    file.requires.iter().find_map(|(path, version)| {
        let is_for = |r: &&gomod::Replace| r.path == *path && r.version.as_ref().is_none_or(|v| v == version);
        let (path, version) = match file.replaces.iter().find(is_for) {
            Some(replace) => (&replace.with, replace.with_version.as_ref()?),
            None => (path, version),
        };
        (!known.contains(&(path.as_str(), version.as_str()))).then(|| format!("{path} {version}"))
    })
}

/// Takes the go.mod of each folder that a `replace` names.
fn folders_of(gather: &mut Gather, folder: &str, file: &GoFile) -> Result<(), Obstacle> {
    for replace in file.replaces.iter().filter(|r| r.is_folder()) {
        let to = inside(gather, folder, &replace.with)?;
        gather.require_at(&path::join(&to, "go.mod"))?;
    }
    Ok(())
}

/// The folder that `word` names from `folder`, inside of what is copied.
fn inside(gather: &Gather, folder: &str, word: &str) -> Result<String, Obstacle> {
    let out = || Obstacle::new(format!("`{word}` leads out of what is copied"));
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in word.split('/').filter(|p| !matches!(*p, "" | ".")) {
        match part {
            ".." => drop(parts.pop().ok_or_else(out)?),
            part => parts.push(part),
        }
    }
    let found = parts.join("/");
    let top = gather.place.top;
    let is_inside = top.is_empty() || found == top || found.starts_with(&format!("{top}/"));
    if word.starts_with('/') || !is_inside { Err(out()) } else { Ok(found) }
}

fn read_file(gather: &Gather, at: &str) -> Result<GoFile, Obstacle> {
    gomod::read(&gather.text(at)?)
        .map_err(|line| Obstacle::new(format!("`{line}` in {at} is not understood")))
}

/// Modules and tools go to /go where nothing else is said: the images of Go set it.
fn places_of_go() -> Vec<String> {
    vec!["/go/pkg".to_string(), "/go/bin".to_string()]
}

/// Whether each package is named with a version: then go looks at no module of the folder that it runs in.
fn has_versions(command: &Command) -> bool {
    let mut names = command.args().iter().filter(|w| !w.text.starts_with(b"-")).skip(1).peekable();
    names.peek().is_some() && names.all(|w| w.value.as_deref().is_some_and(|v| v.contains('@')))
}

/// A tool for the machine; which Go builds it may hang on go.mod and go.work.
struct Tool;

fn install(command: &Command) -> Asked {
    const INSTALL: Options = Options { flags: &["-v", "-x", "-trimpath"], values: &["-tags", "-ldflags"] };
    let words = Words::of(command, &INSTALL)?;
    match words.rest.iter().skip(1).find(|name| name.starts_with(['.', '/'])) {
        Some(name) => Err(Obstacle::new(format!("`{name}` is a path of the source"))),
        None => Ok(Box::new(Tool)),
    }
}

impl Install for Tool {
    fn reads_source(&self) -> bool {
        false
    }

    fn places(&self) -> Vec<String> {
        places_of_go()
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        for folder in gather.folders_up() {
            gather.take_at(&path::join(&folder, "go.mod"))?;
            gather.take_at(&path::join(&folder, "go.work"))?;
        }
        Ok(())
    }
}
