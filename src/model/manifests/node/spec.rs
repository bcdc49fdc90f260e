//! The right side of a dependency: whether it names something of the source.
//!
//! Read as `npm-package-arg` reads it: what begins with a dot, a slash or `~/`, and what ends like a tarball, is a path;
//! `user/repo` is a repository of GitHub; the rest is a version, a range or a tag.

/// What a dependency stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spec {
    /// A registry, a repository or a server has it.
    Remote,
    /// A member of the workspace, by its name.
    Member,
    /// An archive of the source, as a path.
    Archive(String),
    /// A patch of the source on something remote, as a path from the root of the project.
    Patch(String),
    /// A folder of the source, or not understood.
    Other,
}

/// Reads one.
pub fn read(text: &str) -> Spec {
    let text = text.trim();
    match text.split_once(':') {
        Some(("file", path)) => archive(path),
        Some(("npm", rest)) => alias(rest),
        Some(("workspace", rest)) if !rest.contains("..") => Spec::Member,
        Some(("patch", rest)) => patch(rest),
        Some(("catalog" | "jsr", _)) => Spec::Remote,
        Some((scheme, _)) if is_remote(scheme) => Spec::Remote,
        Some(_) => Spec::Other,
        None if text.starts_with(['.', '/', '~']) && !is_range(text) => archive(text),
        None if is_archive(text) => archive(text),
        None if text.starts_with('$') || is_range(text) || is_repository(text) => Spec::Remote,
        None => Spec::Other,
    }
}

fn is_remote(scheme: &str) -> bool {
    const SCHEMES: &[&str] = &[
        "http",
        "https",
        "git",
        "git+https",
        "git+http",
        "git+ssh",
        "ssh",
        "github",
        "gitlab",
        "bitbucket",
        "gist",
    ];
    SCHEMES.contains(&scheme) || scheme.starts_with("git@")
}

/// What follows `npm:`: a name with a range, or a range alone.
fn alias(rest: &str) -> Spec {
    let (name, range) = rest.strip_prefix('@').unwrap_or(rest).split_once('@').unwrap_or((rest, ""));
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-/@".contains(c);
    let is_name = name.chars().all(fits) && !name.starts_with(['.', '/']);
    if is_range(rest) || is_name && is_range(range) { Spec::Remote } else { Spec::Other }
}

/// `patch:name@npm%3A1.0.0#~/.yarn/patches/x.patch`: the file stands behind the `#`.
fn patch(rest: &str) -> Spec {
    let Some((_, file)) = rest.split_once('#') else { return Spec::Other };
    let file = file.split_once("::").map_or(file, |(file, _)| file);
    // those that Yarn itself brings
    if file.starts_with("~builtin<") || file.starts_with("optional!builtin<") || file.starts_with("builtin<")
    {
        return Spec::Remote;
    }
    match file.strip_prefix("~/").or_else(|| file.strip_prefix("./")) {
        Some(path) if !path.contains("..") && !path.contains(['&', '!', '%']) => {
            Spec::Patch(path.to_string())
        }
        _ => Spec::Other,
    }
}

fn archive(path: &str) -> Spec {
    let path = path.strip_prefix("./").unwrap_or(path);
    let plain = !path.starts_with(['/', '~']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if is_archive(path) && plain { Spec::Archive(path.to_string()) } else { Spec::Other }
}

fn is_archive(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [".tgz", ".tar.gz", ".tar"].iter().any(|end| lower.ends_with(end))
}

fn is_range(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-+*^~<>=| _".contains(c);
    let is_path = text.starts_with('.') || text == "~" || is_archive(text);
    text.chars().all(fits) && !is_path
}

/// `user/repo`, perhaps with `#branch`.
fn is_repository(text: &str) -> bool {
    let (repository, branch) = text.split_once('#').unwrap_or((text, ""));
    let word = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let is_branch = branch.chars().all(|c| c.is_ascii_alphanumeric() || "._-/:^~".contains(c));
    let named = repository.split_once('/').is_some_and(|(user, name)| word(user) && word(name));
    named && is_branch && !repository.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_is_remote() {
        for text in [
            "",
            "*",
            "^1.2.3",
            "~1.2",
            ">=1 <2 || 3.x",
            "latest",
            "npm:foo@^1",
            "npm:@a/b@1.0.0",
            "npm:^1.2.3",
            "git+https://github.com/a/b.git#v1",
            "git@github.com:a/b.git",
            "github:a/b",
            "a/b#main",
            "https://example.com/a.tgz",
            "catalog:",
            "$foo",
            "patch:fsevents@npm%3A2#~builtin<compat/fsevents>",
        ] {
            assert_eq!(read(text), Spec::Remote, "{text:?}");
        }
    }

    #[test]
    fn knows_what_is_of_the_source() {
        assert_eq!(read("workspace:*"), Spec::Member);
        assert_eq!(read("file:vendor/a-1.0.tgz"), Spec::Archive("vendor/a-1.0.tgz".into()));
        assert_eq!(read("./a.tar.gz"), Spec::Archive("a.tar.gz".into()));
        let patch = "patch:a@npm%3A1.0.0#~/.yarn/patches/a.patch";
        assert_eq!(read(patch), Spec::Patch(".yarn/patches/a.patch".into()));
        for text in [
            "file:../lib",
            "file:lib",
            "link:lib",
            "portal:../x",
            "./lib",
            "../lib",
            "~/lib",
            "/lib",
            "exec:./gen.js",
            "git+file:///x",
            "file:../a.tgz",
            "workspace:../a",
            "patch:a@1#../a.patch",
            "npm:./x",
            "a b/c",
        ] {
            assert_eq!(read(text), Spec::Other, "{text:?}");
        }
    }
}
