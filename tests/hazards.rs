//! What can make a split unsafe, as a checklist: each hazard with the fixtures that hold it.
//!
//! The fixtures are of `copy-manifests-first`. What is called `refuses-…` stays; the others split, or say that they are
//! silent. A fixture that goes away takes its line along, and this test says so.

use crate::support::fixtures;

type Hazard = (&'static str, &'static [&'static str]);

/// Two instructions that change places.
const ORDER: &[Hazard] = &[
    ("a stage is a scope", &["in-the-second-stage"]),
    (
        "a variable in the words of the COPY",
        &["refuses-env-that-the-copy-names", "refuses-variable-in-a-flag"],
    ),
    ("a variable that a tool hears", &["refuses-pip-configuration", "refuses-python-path", "refuses-home"]),
    ("a variable that it does not hear", &["variables-between"]),
    ("a PATH into the source", &["refuses-path-into-the-source", "refuses-path-into-usr-src"]),
    ("WORKDIR says where", &["refuses-unknown-destination", "refuses-workdir-between"]),
    ("WORKDIR makes a folder", &["refuses-workdir-that-is-a-link"]),
    (
        "packages that write where projects have their folders",
        &[
            "usr-src-beside-packages-above",
            "refuses-sources-of-the-kernel-in-the-run",
            "refuses-web-server-in-the-run",
            "refuses-web-server-between",
        ],
    ),
    (
        "links and settings from a folder above",
        &["path-beside-usr-src", "refuses-link-from-usr-src", "refuses-copy-above-usr-src"],
    ),
    ("USER stands between", &["user-between", "refuses-home-of-a-user"]),
    (
        "SHELL stands between, or above",
        &["refuses-shell-between", "refuses-inherited-shell", "refuses-powershell"],
    ),
    ("a RUN between reads the source", &["refuses-run-between"]),
    (
        "another COPY lies over the first",
        &[
            "refuses-another-copy-over-it",
            "past-another-content",
            "past-another-owner",
            "past-another-stage",
            "past-an-archive",
            "past-the-network",
            "past-a-file-of-some-checkouts",
            "refuses-past-a-link",
            "refuses-past-another-name",
        ],
    ),
    (
        "another COPY brings the same, or goes elsewhere",
        &["once-more", "once-more-by-add", "once-more-of-a-folder", "other-copies-elsewhere"],
    ),
    ("another COPY brings settings", &["refuses-settings-by-another-copy"]),
    (
        "who makes a folder gives it its owner",
        &["past-a-folder-above-both", "once-more-behind-a-workdir", "once-more-behind-a-folder-that-is-made"],
    ),
    (
        "the destination is a file or a folder",
        &["absolute-destination", "single-file", "past-a-file-or-a-folder"],
    ),
    ("clean-up in the same RUN", &["refuses-to-clear-in-the-source", "clears-a-cache-elsewhere"]),
    ("VOLUME", &["refuses-volume-between"]),
    ("ONBUILD", &["refuses-onbuild-between", "onbuild-copy"]),
    ("COPY of another stage", &["copy-from-another-stage"]),
    (".dockerignore", &["refuses-unclear-ignore-file", "ignored-files-do-not-matter"]),
    ("ADD unpacks", &["add-of-a-folder"]),
    ("heredocs", &["heredoc"]),
    ("comments that belong to an instruction", &["comments-stay-with-what-they-are-about"]),
    ("comments that tools read", &["refuses-pragma-that-would-move"]),
    ("mounts", &["cache-mount", "refuses-bind-mount", "refuses-a-secret-in-the-source"]),
    ("the network of a RUN", &["refuses-network-flag"]),
];

/// What a RUN may do beside its install.
const SHELL: &[Hazard] = &[
    ("`||`", &["refuses-or-list"]),
    ("`&`", &["refuses-background"]),
    ("cd", &["runs-in-a-folder-by-cd", "refuses-cd-to-an-unknown-folder"]),
    ("exec form", &["refuses-exec-form"]),
    ("other commands", &["refuses-other-command-in-the-run", "packages-and-install-in-one-run"]),
    ("an open continuation", &["open-continuation-at-the-end", "refuses-comments-in-an-open-continuation"]),
];

/// The predicates that make a split a proof.
const PREDICATES: &[Hazard] = &[
    ("P0: a local context, as .dockerignore leaves it", &["refuses-unclear-ignore-file"]),
    ("P1: the install is the first that reads it", &["refuses-run-between", "flags-are-repeated"]),
    ("P1: flags mean the same on a part", &["refuses-flag-that-cannot-be-repeated"]),
    ("P2: every word of the command is understood", &["refuses-variable", "refuses-find-links-option"]),
    (
        "P2: all files are there, in every checkout",
        &["refuses-missing-file", "refuses-ignored-file", "refuses-untracked-file"],
    ),
    ("P2: none is a link", &["refuses-link"]),
    (
        "P3: nothing of the source is installed",
        &["refuses-editable-install", "refuses-local-path", "refuses-source-as-package"],
    ),
    (
        "P3: nothing of the source runs",
        &[
            "refuses-maven-extension",
            "refuses-dotnet-target-in-a-restore",
            "refuses-mix-alias",
            "refuses-gradle-script-that-reads",
        ],
    ),
    (
        "P3: a lock is not rewritten",
        &["refuses-dotnet-lock-that-may-be-rewritten", "refuses-mix-lock-that-may-be-rewritten"],
    ),
    (
        "P4: the source brings nothing that the install leaves",
        &[
            "refuses-dotnet-obj-in-the-source",
            "refuses-dotnet-obj-that-git-ignores",
            "refuses-mix-deps-that-git-ignores",
            "refuses-gradle-output-that-git-ignores",
        ],
    ),
    (
        "P5: the folders are the same",
        &["refuses-workdir-that-is-a-link", "refuses-root", "refuses-system-folder", "usr-src-app"],
    ),
];

/// The manifests of each kind, all that belong to it, and what is not enough.
const KINDS: &[Hazard] = &[
    ("pip", &["nested-requirements", "refuses-missing-nested-file", "refuses-editable", "refuses-file-url"]),
    (
        "maven: parents, modules, .mvn, settings",
        &["maven-wrapper-with-modules", "maven-settings-and-file", "maven-in-a-folder-below"],
    ),
    ("maven: package needs the source", &["refuses-maven-package"]),
    (
        "gradle: scripts read anything",
        &[
            "refuses-gradle-script-that-reads",
            "refuses-gradle-unknown-plugin",
            "refuses-gradle-build-of-the-build",
        ],
    ),
    ("gradle: wrapper, catalog, locks", &["gradle-wrapper"]),
    (
        ".NET: references, imports, central versions",
        &["dotnet-restore-of-a-solution", "refuses-dotnet-missing-reference"],
    ),
    (
        "mix: config, umbrellas, paths",
        &["mix-deps-get-and-compile", "mix-do-in-an-umbrella", "refuses-mix-dependency-by-path"],
    ),
    ("cargo: no install of dependencies alone", &["refuses-cargo-build", "refuses-cargo-fetch"]),
];

#[test]
fn each_hazard_is_held_by_fixtures() {
    let there: Vec<String> =
        fixtures::in_folder("rules/copy-manifests-first").iter().map(|f| f.stem().to_string()).collect();
    for (hazard, names) in [ORDER, SHELL, PREDICATES, KINDS].into_iter().flatten() {
        assert!(!names.is_empty(), "{hazard}");
        for name in *names {
            assert!(there.iter().any(|t| t == name), "{hazard}: the fixture {name} is gone");
        }
    }
}
