//! Which files are found.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dfmt::cli::files::{Search, Sieve, find};
use dfmt::settings::{Flags, Settings};

use crate::support::Folder;

fn tree(names: &[&str]) -> Folder {
    names.iter().fold(Folder::new(), |folder, name| folder.file(name, "FROM a\n"))
}

/// Where no settings leave anything out.
fn search(paths: &[PathBuf]) -> Search {
    let settings = Settings::new(Flags::default(), &[]).unwrap();
    find(paths, &Sieve { settings: Arc::new(settings), force: false })
}

/// The files that `paths` in `folder` stand for, without its own path.
fn found(folder: &Folder, paths: &[&str]) -> Vec<String> {
    let root = folder.path("");
    let paths: Vec<PathBuf> = paths.iter().map(|p| folder.path(p)).collect();
    let search = search(&paths);
    assert_eq!(search.problems, []);
    let name = |path: &Path| path.strip_prefix(&root).unwrap().to_str().unwrap().to_string();
    search.files.iter().map(|f| name(&f.path)).collect()
}

#[test]
fn by_name_in_folders_sorted() {
    let folder = tree(&[
        "web/Dockerfile",
        "Dockerfile",
        "Dockerfile.dev",
        "api/api.Dockerfile",
        "api/Containerfile",
        "dockerfile.LOWER",
        "README.md",
        "Dockerfile.j2",
        "Dockerfile.dockerignore",
        "compose.yml",
    ]);
    let want = [
        "Dockerfile",
        "Dockerfile.dev",
        "api/Containerfile",
        "api/api.Dockerfile",
        "dockerfile.LOWER",
        "web/Dockerfile",
    ];
    assert_eq!(found(&folder, &[""]), want);
}

#[test]
fn hidden_folders_but_not_git() {
    let folder = tree(&[".devcontainer/Dockerfile", ".git/Dockerfile", "sub/.git/hooks/Dockerfile"]);
    assert_eq!(found(&folder, &[""]), [".devcontainer/Dockerfile"]);
}

#[test]
fn gitignore_holds_without_a_repository_too() {
    let folder = tree(&["Dockerfile", "build/Dockerfile", "a/b/Dockerfile", "a/c/Dockerfile"])
        .file(".gitignore", "/build/\n")
        .file("a/.gitignore", "b\n");
    assert_eq!(found(&folder, &[""]), ["Dockerfile", "a/c/Dockerfile"]);
    assert_eq!(found(&folder, &["a"]), ["a/c/Dockerfile"]);
}

#[test]
fn what_other_tools_ignore_is_found() {
    let folder = tree(&["Dockerfile"]).file(".ignore", "*\n").file(".dockerignore", "*\n");
    assert_eq!(found(&folder, &[""]), ["Dockerfile"]);
}

#[test]
fn a_file_that_is_named_is_taken() {
    let folder = tree(&["Dockerfile.j2", "build/x.txt"]).file(".gitignore", "build\n");
    assert_eq!(found(&folder, &["build/x.txt", "Dockerfile.j2"]), ["Dockerfile.j2", "build/x.txt"]);
    let search = search(&[folder.path("build/x.txt"), folder.path("")]);
    assert!(search.files.iter().all(|f| f.named));
}

#[test]
fn the_same_file_is_taken_once() {
    let folder = tree(&["Dockerfile", "a/Dockerfile"]);
    let paths = ["", "a", "a/Dockerfile", "a/../a/Dockerfile", "a/./Dockerfile"];
    assert_eq!(found(&folder, &paths).len(), 2);
    let search = search(&[folder.path(""), folder.path("a/Dockerfile")]);
    let named: Vec<bool> = search.files.iter().map(|f| f.named).collect();
    assert_eq!(named, [false, true], "how it was named is kept");
}

#[test]
#[cfg(unix)]
fn links_to_folders_are_not_followed_unless_named() {
    let folder = tree(&["real/Dockerfile", "search/Dockerfile"]);
    std::os::unix::fs::symlink("../real", folder.path("search/link")).unwrap();
    assert_eq!(found(&folder, &["search"]), ["search/Dockerfile"]);
    assert_eq!(found(&folder, &["search/link"]), ["search/link/Dockerfile"]);
}

#[test]
#[cfg(unix)]
fn links_to_files_are_taken_where_they_do_not_lead_out() {
    use std::os::unix::fs::symlink;
    let folder = tree(&["outside", "in/docker/prod", "in/docker/dev.Dockerfile"]);
    symlink("../outside", folder.path("in/Dockerfile.out")).unwrap();
    symlink("docker/prod", folder.path("in/Dockerfile")).unwrap();
    symlink("docker/dev.Dockerfile", folder.path("in/Dockerfile.twice")).unwrap();
    symlink("gone", folder.path("in/Dockerfile.gone")).unwrap();
    symlink("Dockerfile.loop", folder.path("in/Dockerfile.loop")).unwrap();
    assert_eq!(found(&folder, &["in"]), ["in/Dockerfile", "in/Dockerfile.twice"]);
}

#[test]
#[cfg(unix)]
fn hard_links_are_files_of_their_own() {
    let folder = tree(&["Dockerfile"]);
    fs::hard_link(folder.path("Dockerfile"), folder.path("Dockerfile.b")).unwrap();
    assert_eq!(found(&folder, &["", "Dockerfile"]), ["Dockerfile", "Dockerfile.b"]);
}

#[test]
#[cfg(unix)]
fn what_is_no_file_is_not_found() {
    let folder = tree(&["Dockerfile/Dockerfile"]);
    let _socket = std::os::unix::net::UnixListener::bind(folder.path("Dockerfile.sock")).unwrap();
    assert_eq!(found(&folder, &[""]), ["Dockerfile/Dockerfile"]);
}

/// The names that dfmt prints with these arguments.
#[track_caller]
fn lists(folder: &Folder, args: &[&str], want: &[&str]) {
    let ran = folder.dfmt(&[&["-l", "-q"], args].concat()).run().status(0).stderr("");
    let want: String = want.iter().flat_map(|name| [name, "\n"]).collect();
    ran.stdout(want);
}

/// Files that would change.
fn untidy(names: &[&str]) -> Folder {
    names.iter().fold(Folder::new(), |folder, name| folder.file(name, "from a\n"))
}

#[test]
fn list_names_what_would_change_and_nothing_else() {
    let folder = untidy(&["b/Dockerfile", "a/Dockerfile"]).file("Dockerfile", "FROM a\n");
    lists(&folder, &[], &["a/Dockerfile", "b/Dockerfile"]);
    folder.dfmt(&["--list", "--check"]).run().status(1).stdout("a/Dockerfile\nb/Dockerfile\n").stderr("");
    folder.dfmt(&["--list", "--write"]).run().status(0).stdout("a/Dockerfile\nb/Dockerfile\n").stderr("");
    lists(&folder, &[], &[]);
}

#[test]
fn exclude_leaves_out_what_is_found_but_not_what_is_named() {
    let folder = untidy(&["Dockerfile", "vendor/a/Dockerfile", "x/vendor/Dockerfile", "x/gen.Dockerfile"]);
    lists(&folder, &["--exclude", "vendor"], &["Dockerfile", "x/gen.Dockerfile"]);
    lists(&folder, &["--exclude", "/vendor", "--exclude", "gen.*"], &["Dockerfile", "x/vendor/Dockerfile"]);
    lists(&folder, &["--exclude", "*", "x/gen.Dockerfile"], &["x/gen.Dockerfile"]);
    // a folder that is named is searched, what is excluded in it is not found
    lists(&folder, &["--exclude", "vendor", "vendor"], &["vendor/a/Dockerfile"]);
    lists(&folder, &["--exclude", "vendor/a", "vendor"], &[]);
    let bad = folder.dfmt(&["--exclude", "{a"]).run().status(2).stdout("");
    bad.stderr_has("error: --exclude: `{a` is no glob: unclosed alternate group");
}

#[test]
fn force_exclude_leaves_out_what_is_named_too() {
    let folder =
        untidy(&["Dockerfile", "vendor/a/Dockerfile"]).file("dfmt.toml", "exclude = [\"vendor/\"]\n");
    lists(&folder, &[], &["Dockerfile"]);
    let both = ["Dockerfile", "vendor/a/Dockerfile"];
    lists(&folder, &both, &both);
    lists(&folder, &["--force-exclude", both[0], both[1]], &both[..1]);
    lists(&folder, &["--isolated"], &both);
    folder
        .dfmt(&["--force-exclude", "vendor/a/Dockerfile"])
        .run()
        .status(0)
        .stderr("warning: nothing to do: vendor/a/Dockerfile is excluded\n");
    folder.dfmt(&["--force-exclude", "-w", "vendor"]).run().status(0).stderr_has("vendor is excluded");
    // stdin that stands for such a file comes out as it is
    let stdin = ["--force-exclude", "--stdin-filepath", "vendor/x/Dockerfile"];
    folder.dfmt(&stdin).stdin("from a\n").run().status(0).stdout("from a\n").stderr("");
    folder.dfmt(&stdin[1..]).stdin("from a\n").run().status(0).stdout("FROM a\n");
}

#[test]
fn exclude_of_a_configuration_is_seen_from_its_folder() {
    let folder = untidy(&["a/Dockerfile", "a/b/Dockerfile", "b/Dockerfile", "c/b/Dockerfile"])
        .file("a/dfmt.toml", "exclude = [\"/b\"]\n")
        .file("dfmt.toml", "exclude = [\"/a/Dockerfile\", \"/c/*\", \"!/c/b\"]\n");
    lists(&folder, &[], &["a/Dockerfile", "b/Dockerfile", "c/b/Dockerfile"]);
    lists(&folder, &["a/../a"], &["a/../a/Dockerfile"]);
}

#[test]
#[cfg(unix)]
fn a_file_and_a_link_to_it_are_one() {
    let folder = untidy(&["real/Dockerfile"]);
    std::os::unix::fs::symlink("real/Dockerfile", folder.path("Dockerfile")).unwrap();
    lists(&folder, &["real/Dockerfile", "Dockerfile", "./real/../Dockerfile"], &["Dockerfile"]);
    folder.dfmt(&["-w"]).run().status(0).stderr("1 file rewritten\n");
    assert_eq!(folder.read("real/Dockerfile"), b"FROM a\n");
}

#[test]
fn containerfiles_that_buildah_reads_otherwise_are_left_alone() {
    let source = "from a\ncmd [\"a\"] # b\n";
    let folder = Folder::new()
        .file("Containerfile", source)
        .file("Dockerfile", source)
        .file("ok/Containerfile", "from a\n")
        .file("Containerfile.in", "from a\n");
    let why = "left as it is: Buildah, which usually builds it, reads it otherwise than BuildKit: to it a JSON array \
        may have text behind it\n";
    let said = format!("warning: Containerfile: line 2: {why}");
    folder.dfmt(&["-l"]).run().status(0).stdout("Dockerfile\nok/Containerfile\n").stderr(&said);
    folder.dfmt(&["-w", "-q", "Containerfile"]).run().status(0).stderr("");
    assert_eq!(folder.read("Containerfile"), source.as_bytes());
    let stdin = folder.dfmt(&["--stdin-filepath", "x/Containerfile"]).stdin(source).run().status(0);
    stdin.stdout(source).stderr(&said.replace("Containerfile", "x/Containerfile"));
    let cpp = folder.dfmt(&["-l", "Containerfile.in"]).run().status(0).stdout("");
    cpp.stderr_has("Containerfile.in: left as it is: Buildah hands it to the C preprocessor first");
}
