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
