//! Whether a RUN may have a cache where it stands: who runs it, and what the rest of the file says and needs.

use super::managers::{Manager, Needs};
use super::{Candidate, around};
use crate::model::base_image;
use crate::model::calls::{self, Call};
use crate::model::stage::{self, Stage, Step};
use crate::model::{head, left_behind, variables};
use crate::rules::each_run::Place;
use crate::syntax::tree::{Instruction, Keyword};

/// Whether a word, or the text of an instruction, may name what a manager has its cache in.
pub(super) fn touches(text: &str, manager: &Manager) -> bool {
    manager.touches.iter().any(|what| names(text, what))
}

/// Whether a text holds this as a name, or as the part of a path; what ends in a sign may be the beginning of one.
fn names(text: &str, what: &str) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let ends = |at: usize| what.ends_with(['*', '{', ':']) || !text[at..].starts_with(goes_on);
    text.match_indices(what).any(|(at, found)| ends(at + found.len()))
}

/// Whether a RUN may have caches, whatever other RUNs get.
///
/// # Errors
/// Why it may not.
pub(super) fn allow(place: &Place, stages: &[Stage], managers: &[&Manager]) -> Result<(), String> {
    knows_mounts(place)?;
    for manager in managers {
        needs(place, stages, manager)?;
        links_nothing(place, manager)?;
        says_nothing(place, manager)?;
        no_other_mount(place, manager)?;
    }
    Ok(())
}

/// Holds that the frontend knows `RUN --mount`: the one that comes with the builder does, and that of Docker from 1.2 on.
fn knows_mounts(place: &Place) -> Result<(), String> {
    let above = place.site.file.items.iter().take_while(|i| i.instruction().is_none());
    let head: Vec<u8> = above.flat_map(|i| i.text().iter().copied()).collect();
    let Some((_, value)) = head::directives(&head).into_iter().find(|(name, _)| name == b"syntax") else {
        return Ok(());
    };
    let value = String::from_utf8_lossy(&value).into_owned();
    let image = value.split('@').next().unwrap_or_default();
    let image = image.strip_prefix("docker.io/").unwrap_or(image);
    let tag = image.strip_prefix("docker/dockerfile").map(|tag| tag.trim_start_matches(':'));
    let is_new = |tag: &str| {
        let mut parts = tag.split(['.', '-']);
        match (parts.next().unwrap_or_default(), parts.next().map(str::parse::<u32>)) {
            ("" | "latest" | "labs" | "experimental", _) | ("1", None | Some(Err(_))) => true,
            ("1", Some(Ok(minor))) => minor >= 2,
            _ => false,
        }
    };
    if tag.is_some_and(is_new) {
        return Ok(());
    }
    Err(format!("the frontend {value} may not know mounts"))
}

fn needs(place: &Place, stages: &[Stage], manager: &Manager) -> Result<(), String> {
    let (file, item) = (place.site.file, place.step.item);
    let base = || base_image::of(file, stages, item);
    if manager.needs != Needs::Nothing {
        base_image::runs_as_root(file, stages, item)?;
    }
    match manager.needs {
        Needs::Nothing => updates_first(place),
        Needs::Home => Ok(()),
        Needs::Gnu if base().is_some_and(|b| b.is_of_root() && !b.may_be_musl()) => Ok(()),
        Needs::Gnu => {
            Err("the base image may have another C library, and pip does not keep apart what it builds"
                .to_string())
        }
        Needs::Image(names) if base().is_some_and(|b| names.contains(&&*b.name)) => Ok(()),
        Needs::Image(names) => {
            Err(format!("where {} keeps things is only known in {}", manager.name, names.join(" and ")))
        }
        Needs::YarnClassic => is_yarn_classic(place),
    }
}

/// Holds that nothing in the image is a link into the cache, and nothing is fetched for the cache's sake.
fn links_nothing(place: &Place, manager: &Manager) -> Result<(), String> {
    let calls = calls::calls(place.run);
    let installs = || calls.iter().filter(|call| (manager.installs)(call));
    let has = |words: &[&str]| installs().any(|call| words.iter().any(|word| call.has(word)));
    match manager.name {
        "apt" if has(&["-d", "-yd", "-dy"]) => {
            Err("it fetches packages and does not install them".to_string())
        }
        // since pnpm 11
        "pnpm" if has(&["-g", "--global"]) => {
            Err("what pnpm installs for all projects may be links into its store".to_string())
        }
        "pnpm" if links_by_a_setting(place) => {
            Err("pnpm-workspace.yaml or .npmrc may ask for links into its store".to_string())
        }
        _ => Ok(()),
    }
}

fn links_by_a_setting(place: &Place) -> bool {
    let Ok(context) = (place.site.context)() else { return false };
    let texts = ["pnpm-workspace.yaml", ".npmrc"].map(|name| context.read(name).unwrap_or_default());
    let has = |text: &[u8], what: &str| memchr::memmem::find(text, what.as_bytes()).is_some();
    texts.iter().any(|text| {
        ["hardlink", "lobalVirtualStore", "lobal-virtual-store"].iter().any(|what| has(text, what))
    })
}

/// Holds that apt fetches its lists in this RUN: those of the image are hidden by the mount.
fn updates_first(place: &Place) -> Result<(), String> {
    let calls = calls::calls(place.run);
    let first = calls.iter().filter_map(calls::apt).find(|ask| matches!(*ask, "update" | "install"));
    if first != Some("update") {
        return Err(
            "it installs from lists that a RUN above has fetched; a mount would hide them".to_string()
        );
    }
    if calls::list(place.run).is_none() {
        return Err("its commands are joined by more than `&&`".to_string());
    }
    match left_behind::who_needs_apt_lists(place.site.file, place.step.item) {
        Some((line, why)) => Err(format!("line {line} {why}, from the lists that this RUN leaves behind")),
        None => Ok(()),
    }
}

fn is_yarn_classic(place: &Place) -> Result<(), String> {
    let lock = (place.site.context)()?.read("yarn.lock");
    let is_classic = |lock: Vec<u8>| memchr::memmem::find(&lock, b"# yarn lockfile v1").is_some();
    if lock.is_some_and(is_classic) {
        return Ok(());
    }
    Err("it is not known which Yarn this is: no yarn.lock of the first Yarn stands in the build context"
        .to_string())
}

/// Holds that the file does not say itself where the cache is, and that nobody else reaches it.
fn says_nothing(place: &Place, manager: &Manager) -> Result<(), String> {
    let file = place.site.file;
    let line = |i: &Instruction| file.line_of(i.id).unwrap_or_default();
    for i in file.instructions() {
        let text = String::from_utf8_lossy(i.logical_text());
        if let Some(what) = manager.never.iter().find(|what| names(&text, what)) {
            return Err(format!("`{what}` on line {} needs what {} keeps", line(i), manager.name));
        }
        match i.keyword {
            Keyword::Env | Keyword::Arg => {
                let names = variables::names(i);
                if let Some(name) = manager.variables.iter().find(|v| names.contains(&v.as_bytes())) {
                    return Err(format!(
                        "{name} on line {} says where {} keeps things",
                        line(i),
                        manager.name
                    ));
                }
            }
            Keyword::Run => {
                run_says_nothing(i, &text, manager).map_err(|what| {
                    format!("{what} on line {} says something of what {} keeps", line(i), manager.name)
                })?;
                let is_other = i.id != place.run.id;
                let wants = if is_other { around::in_run(i, &text, manager) } else { Ok(()) };
                wants.map_err(|what| {
                    format!("{what} on line {} may want what {} keeps", line(i), manager.name)
                })?;
            }
            Keyword::Cmd | Keyword::Entrypoint if around::is_run(&text, manager) => {
                return Err(format!("line {} runs {}, which may want what it keeps", line(i), manager.name));
            }
            Keyword::Copy | Keyword::Add if around::is_copied(i, &text, manager) => {
                return Err(format!("line {} takes along what {} has its cache in", line(i), manager.name));
            }
            Keyword::Copy | Keyword::Add | Keyword::Volume | Keyword::Workdir | Keyword::Onbuild
                if touches(&text, manager) =>
            {
                return Err(format!("line {} names what {} has its cache in", line(i), manager.name));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Holds it of a RUN. What it removes is removed from a layer, where the cache is not.
fn run_says_nothing(i: &Instruction, text: &str, manager: &Manager) -> Result<(), String> {
    let names = |v: &&&str| {
        let is_end = |rest: &str| rest.starts_with(['=', ' ', '"', '\'']) && **v != "HOME";
        text.match_indices(**v).any(|(at, found)| is_end(&text[at + found.len()..]))
    };
    if let Some(name) = manager.variables.iter().find(names) {
        return Err((*name).to_string());
    }
    let assigns_home = text.split([' ', '\t', ';', '(', '\n']).any(|w| w.starts_with("HOME="));
    if assigns_home && manager.variables.contains(&"HOME") {
        return Err("HOME".to_string());
    }
    if text.replace("--prefer-offline", "").contains("--offline") {
        return Err("an install without network".to_string());
    }
    let calls = calls::calls(i);
    let sets = |call: &Call| {
        let is_its = call.name().starts_with(manager.name) || call.name().starts_with("python");
        let of_place = |word: &str| ["cache", "store", "path", "home"].iter().any(|part| word.contains(part));
        is_its && call.has("config") && call.words.iter().any(|(_, word)| of_place(word))
    };
    calls.iter().find(|call| sets(call)).map_or(Ok(()), |call| Err(format!("`{} config`", call.name())))
}

/// Holds that no other mount of the RUN lies over the cache, or in it.
fn no_other_mount(place: &Place, manager: &Manager) -> Result<(), String> {
    let over = |at: &str| {
        let lies = |a: &str, b: &str| {
            a == "/" || a == b || b.strip_prefix(a).is_some_and(|rest| rest.starts_with('/'))
        };
        manager.paths.iter().any(|path| lies(at, path) || lies(path, at))
    };
    for flag in place.run.flags().filter(|flag| flag.starts_with(b"--mount")) {
        let flag = String::from_utf8_lossy(flag);
        let fields = flag.trim_start_matches("--mount=").split(',').filter_map(|field| field.split_once('='));
        let mut targets = fields.filter(|(key, _)| matches!(*key, "target" | "dst" | "destination"));
        let is_free = |(_, target): (&str, &str)| {
            let at = stage::resolve(place.step.cwd.as_deref(), target);
            !target.contains('$') && at.is_some_and(|at| !over(&at))
        };
        if flag.contains('"') || !targets.all(is_free) {
            return Err(format!("another mount may lie where {} has its cache", manager.name));
        }
    }
    Ok(())
}

/// Whether a RUN may have caches beside what the others get: `all` are those that would.
///
/// # Errors
/// Why it may not.
pub(super) fn others(one: &Candidate, all: &[Candidate], stages: &[Stage]) -> Result<(), String> {
    let heirs = stage::heirs(one.place.site.file, stages, one.place.step.item);
    let gets = |step: &Step, name: &str| all.iter().any(|c| c.place.step.id == step.id && c.has(name));
    if one.has("apt") {
        let alone = heirs.iter().find(|step| !gets(step, "apt") && installs_with_apt(&one.place, step));
        if let Some(step) = alone {
            return Err(format!(
                "line {} installs with apt without a cache, and would keep its packages",
                step.line
            ));
        }
    }
    if one.has("go") {
        modules_are_not_missed(one, &heirs, |step| gets(step, "go"))?;
    }
    Ok(())
}

/// Whether a step may install with apt, by a RUN or an ONBUILD.
fn installs_with_apt(place: &Place, step: &Step) -> bool {
    let Some(i) = place.site.file.instruction_at(step.item) else { return false };
    let has = |what: &[u8]| memchr::memmem::find(i.logical_text(), what).is_some();
    let is_run = matches!(i.keyword, Keyword::Run | Keyword::Onbuild);
    is_run && (has(b"apt") && has(b"install") || has(b"aptitude"))
}

/// Programs that have nothing to do with the modules of Go.
const WITHOUT_MODULES: &[&str] = &[
    "apk",
    "apt",
    "apt-get",
    "cat",
    "chmod",
    "chown",
    "cp",
    "echo",
    "git",
    "ln",
    "ls",
    "mkdir",
    "mv",
    "rm",
    "strip",
    "touch",
    "true",
    "update-ca-certificates",
    "upx",
    "adduser",
    "addgroup",
    "useradd",
    "groupadd",
];

/// Holds that nobody needs the modules of Go in a layer.
fn modules_are_not_missed(
    one: &Candidate,
    heirs: &[&Step],
    gets: impl Fn(&Step) -> bool,
) -> Result<(), String> {
    let file = one.place.site.file;
    let last =
        file.instructions().filter(|i| i.keyword == Keyword::From).last().and_then(|i| file.position(i.id));
    if last.is_none_or(|last| one.place.step.item > last) {
        return Err("it is in the last stage: what is run there may want the modules".to_string());
    }
    for step in heirs {
        let Some(i) = file.instruction_at(step.item) else { continue };
        let calls = calls::calls(i);
        let is_harmless =
            !calls.is_empty() && calls.iter().all(|call| WITHOUT_MODULES.contains(&call.name()));
        let is_fine = match i.keyword {
            Keyword::Run => gets(step) || is_harmless,
            Keyword::Cmd | Keyword::Entrypoint | Keyword::Onbuild => false,
            _ => true,
        };
        if !is_fine {
            return Err(format!("line {} may want the modules, which would be in no layer", step.line));
        }
    }
    Ok(())
}
