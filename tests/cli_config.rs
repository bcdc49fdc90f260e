//! Configuration: where it is found, what each key does, who wins, and what is said of a broken one.

use crate::support::Folder;

/// Two RUNs that no default joins, and one line with a backslash.
const SOURCE: &str = "FROM a\nRUN apt-get update && \\\n  apt-get install -y curl\nRUN mkdir /x\n";

/// The line that `dfmt config` shows for a key, without the blanks before the comment.
fn held(folder: &Folder, args: &[&str], key: &str) -> String {
    let ran = folder.dfmt(&[&["config"], args].concat()).run().status(0).stderr("");
    let out = String::from_utf8(ran.stdout.clone()).unwrap();
    let line = out.lines().find(|l| l.starts_with(&format!("{key} = "))).expect("a line of that key");
    let (value, from) = line.split_once("  #").expect("a comment");
    format!("{} #{from}", value.trim_end())
}

/// A repository, so that no search leads out of it.
fn repository() -> Folder {
    let folder = Folder::new().file("Dockerfile", SOURCE);
    std::fs::create_dir(folder.path(".git")).unwrap();
    folder
}

/// The message of a configuration that is broken; the file stays as it is.
#[track_caller]
fn broken(config: &str, want: &str) {
    let folder = repository().file("dfmt.toml", config);
    folder.dfmt(&["-w"]).run().status(2).stdout("").stderr(want);
    assert_eq!(folder.read("Dockerfile"), SOURCE.as_bytes());
    folder.dfmt(&["config"]).run().status(2).stdout("").stderr(want);
    folder.dfmt(&["-"]).stdin("from a\n").run().status(2).stdout("").stderr(want);
}

#[test]
fn the_nearest_one_upward_holds() {
    let folder = repository()
        .file("dfmt.toml", "line-width = 50\n")
        .file("a/b/Dockerfile", "FROM a\n")
        .file("c/.dfmt.toml", "line-width = 60\n")
        .file("c/d/Dockerfile", "FROM a\n");
    assert_eq!(held(&folder, &[], "line-width"), "line-width = 50 # dfmt.toml:1");
    assert_eq!(held(&folder, &["a/b/Dockerfile"], "line-width"), "line-width = 50 # dfmt.toml:1");
    assert_eq!(held(&folder, &["c/d/Dockerfile"], "line-width"), "line-width = 60 # c/.dfmt.toml:1");
    // a folder stands for a Dockerfile in it
    assert_eq!(held(&folder, &["c"], "line-width"), "line-width = 60 # c/.dfmt.toml:1");
    assert_eq!(held(&folder, &["."], "line-width"), "line-width = 50 # dfmt.toml:1");
}

#[test]
fn the_search_ends_at_a_repository() {
    let folder = Folder::new().file("dfmt.toml", "line-width = 50\n").file("repo/Dockerfile", SOURCE);
    assert_eq!(held(&folder, &["repo/Dockerfile"], "line-width"), "line-width = 50 # dfmt.toml:1");
    std::fs::create_dir(folder.path("repo/.git")).unwrap();
    assert_eq!(held(&folder, &["repo/Dockerfile"], "line-width"), "line-width = 100 # default");
    // one beside .git still holds
    let folder = folder.file("repo/dfmt.toml", "line-width = 60\n");
    assert_eq!(held(&folder, &["repo/x"], "line-width"), "line-width = 60 # repo/dfmt.toml:1");
}

#[test]
fn two_in_one_folder_are_one_too_many() {
    let folder = repository().file("dfmt.toml", "").file(".dfmt.toml", "");
    let want =
        "error: dfmt.toml: .dfmt.toml stands beside it: only one of dfmt.toml and .dfmt.toml can hold\n";
    folder.dfmt(&["-c"]).run().status(2).stdout("").stderr(want);
}

#[test]
fn flags_win() {
    let folder = repository().file("dfmt.toml", "only = [\"layout\"]\nskip = [\"space\"]\ncontext = \"x\"\n");
    assert_eq!(held(&folder, &[], "only"), "only = [\"layout\"] # dfmt.toml:1");
    assert_eq!(held(&folder, &["--only", "image"], "only"), "only = [\"image\"] # --only");
    assert_eq!(held(&folder, &["--only", "image"], "skip"), "skip = [\"space\"] # dfmt.toml:2");
    let both = "skip = [\"space\", \"upper-as\"] # dfmt.toml:2, --skip";
    assert_eq!(held(&folder, &["--skip", "upper-as"], "skip"), both);
    assert_eq!(held(&folder, &["--context", "y"], "context"), "context = \"y\" # --context");
    assert_eq!(held(&folder, &["--isolated"], "only"), "only = [] # default");
}

#[test]
fn the_file_of_a_flag_holds_for_all() {
    let folder = repository()
        .file("dfmt.toml", "line-width = 50\n")
        .file("etc/other.toml", "line-width = 60\nexclude = [\"/x\"]\ncontext = \"ctx\"\n");
    let with = |key| held(&folder, &["--config", "etc/other.toml"], key);
    assert_eq!(with("line-width"), "line-width = 60 # etc/other.toml:1");
    let context = with("context");
    assert!(context.contains("etc/ctx\" # etc/other.toml:3"), "{context}");
    let gone = folder.dfmt(&["--config", "gone.toml"]).run().status(2);
    gone.stderr("error: gone.toml: no such file or folder\n");
    folder.dfmt(&["--config", "x", "--isolated"]).run().status(2);
}

#[test]
fn overrides_hold_for_their_files_the_last_on_top() {
    let config = "line-width = 90\nalso = [\"heredoc-layout\"]\n\n\
        [[overrides]]\nfiles = [\"legacy/\"]\nline-width = 50\nalso = [\"image\"]\nmerge-runs = \"off\"\n\n\
        [[overrides]]\nfiles = [\"*.Dockerfile\", \"!b.Dockerfile\"]\nline-width = 60\n";
    let folder = repository().file("dfmt.toml", config);
    let width = |file: &str| held(&folder, &[file], "line-width");
    assert_eq!(width("Dockerfile"), "line-width = 90 # dfmt.toml:1");
    assert_eq!(width("legacy/x/Dockerfile"), "line-width = 50 # dfmt.toml:6");
    assert_eq!(width("legacy/a.Dockerfile"), "line-width = 60 # dfmt.toml:12");
    assert_eq!(width("legacy/b.Dockerfile"), "line-width = 50 # dfmt.toml:6");
    assert_eq!(held(&folder, &["legacy/x"], "merge-runs"), "merge-runs = \"off\" # dfmt.toml:8");
    let also = "also = [\"heredoc-layout\", \"image\"] # dfmt.toml:2, dfmt.toml:7";
    assert_eq!(held(&folder, &["legacy/x"], "also"), also);
}

#[test]
fn what_config_prints_is_a_configuration() {
    let folder =
        repository().file("dfmt.toml", "skip = [\"image\"]\nindent = \"tab\"\nexclude = [\"a\\\\b\"]\n");
    let ran = folder.dfmt(&["config", "src/Dockerfile"]).run().status(0);
    let text = String::from_utf8(ran.stdout.clone()).unwrap();
    assert!(text.starts_with("# src/Dockerfile: dfmt.toml\n"), "{text}");
    assert!(text.contains("\n# rules that run: upper-keywords, "), "{text}");
    let again = repository().file("dfmt.toml", &text);
    assert_eq!(held(&again, &[], "indent"), "indent = \"tab\" # dfmt.toml:8");
    assert_eq!(held(&again, &[], "exclude"), "exclude = [\"a\\\\b\"] # dfmt.toml:9");
}

#[test]
fn layout_follows_the_configuration() {
    let check = |config: &str, want: &str| {
        let folder = repository().file("dfmt.toml", config);
        folder.dfmt(&["-w", "-q"]).run().status(0).stdout("").stderr("");
        assert_eq!(String::from_utf8(folder.read("Dockerfile")).unwrap(), want, "{config}");
        folder.dfmt(&["-c"]).run().status(0);
        // what an editor gets is the same
        let folder = repository().file("dfmt.toml", config);
        folder.dfmt(&["-"]).stdin(SOURCE).run().status(0).stdout(want);
    };
    let skip = "skip = [\"image\"]\n";
    check(
        &format!("{skip}indent = 2"),
        "FROM a\nRUN apt-get update \\\n  && apt-get install -y curl\nRUN mkdir /x\n",
    );
    check(
        &format!("{skip}indent = \"tab\""),
        "FROM a\nRUN apt-get update \\\n\t&& apt-get install -y curl\nRUN mkdir /x\n",
    );
}

#[test]
fn backslashes_are_aligned_or_not() {
    let source = "FROM a\nRUN aaa \\\n    && bbbbbbbbbbbbb \\\n    && c\n";
    let of = |config: &str, want: &str| {
        let folder = repository().file("dfmt.toml", config);
        folder.dfmt(&["-"]).stdin(source).run().status(0).stdout(want);
    };
    of("align-backslashes = true", "FROM a\nRUN aaa              \\\n    && bbbbbbbbbbbbb \\\n    && c\n");
    of("align-backslashes = false", source);
    // a column that goes is put down to the rule that is left
    let folder = repository()
        .file("dfmt.toml", "align-backslashes = false")
        .file("Dockerfile", "FROM a\nRUN b    \\\n    && c\n");
    folder.dfmt(&["-c", "-q", "--diff"]).run().status(1).stdout_has("@@ space\n");
    folder.dfmt(&["-c"]).run().status(1).stdout("Dockerfile: would change: space\n");
}

#[test]
fn lines_are_as_wide_as_the_configuration_says() {
    let source = "FROM a\nRUN echo aaaaaaaaaa && echo bbbbbbbbbb\n";
    let folder = repository().file("dfmt.toml", "line-width = 30");
    let want = "FROM a\nRUN echo aaaaaaaaaa \\\n    && echo bbbbbbbbbb\n";
    folder.dfmt(&["-"]).stdin(source).run().status(0).stdout(want);
}

#[test]
fn runs_are_joined_as_the_configuration_says() {
    let source = "FROM a\nRUN apt-get update\nRUN apt-get install -y curl\n";
    let folder = Folder::new().file("Dockerfile", source).file("dfmt.toml", "merge-runs = \"off\"\n");
    folder.dfmt(&["-c"]).run().status(0);
    let folder = folder.file("dfmt.toml", "");
    folder.dfmt(&["-c"]).run().status(1).stdout_has("merge-runs");
}

#[test]
fn stdin_has_the_configuration_of_its_path() {
    let folder = repository()
        .file("a/dfmt.toml", "indent = 2\nalso = [\"image\"]\n")
        .file("dfmt.toml", "indent = 8\n");
    let source = "FROM a\nRUN apt-get update\nRUN apt-get install -y curl\n";
    let of = |args: &[&str], want: &str| folder.dfmt(args).stdin(source).run().status(0).stdout(want);
    // layout only, unless the configuration asks for more
    of(&["-"], source);
    of(
        &["--stdin-filepath", "a/Dockerfile"],
        "FROM a\nRUN apt-get update \\\n  && apt-get install -y curl\n",
    );
    of(&["--stdin-filepath", "a/new/folder/Dockerfile", "--isolated"], source);
    of(
        &["--stdin-filepath", "a/new/folder/Dockerfile"],
        "FROM a\nRUN apt-get update \\\n  && apt-get install -y curl\n",
    );
}

#[test]
fn the_context_is_seen_from_the_configuration() {
    let source = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n";
    let folder = Folder::new()
        .file("docker/Dockerfile", source)
        .file("requirements.txt", "flask==3\n")
        .file("main.py", "");
    folder.dfmt(&["-c"]).run().status(0);
    let folder = folder.file("dfmt.toml", "[[overrides]]\nfiles = [\"docker/\"]\ncontext = \".\"\n");
    folder.dfmt(&["-c"]).run().status(1).stdout_has("copy-manifests-first");
    folder.dfmt(&["-c", "--context", "docker"]).run().status(0);
    let stdin = ["--only", "image", "--stdin-filepath", "docker/Dockerfile"];
    folder.dfmt(&stdin).stdin(source).run().status(0).stdout_has("COPY requirements.txt");
}

#[test]
fn editorconfig_speaks_where_the_configuration_is_silent() {
    let editor = "root = true\n[*]\nindent_style = space\nindent_size = 2\n[*.Dockerfile]\nindent_style = tab\n\
        max_line_length = 70\n[off/**]\nmax_line_length = off\nindent_size = 99\n";
    let folder = repository().file(".editorconfig", editor).file("sub/x", "");
    assert_eq!(held(&folder, &[], "indent"), "indent = 2 # .editorconfig:4");
    assert_eq!(held(&folder, &[], "line-width"), "line-width = 100 # default");
    assert_eq!(held(&folder, &["sub/a.Dockerfile"], "indent"), "indent = \"tab\" # .editorconfig:6");
    assert_eq!(held(&folder, &["sub/a.Dockerfile"], "line-width"), "line-width = 70 # .editorconfig:7");
    assert_eq!(held(&folder, &["off/Dockerfile"], "line-width"), "line-width = 1000 # .editorconfig:9");
    assert_eq!(held(&folder, &["off/Dockerfile"], "indent"), "indent = 4 # default");
    let folder = folder
        .file("sub/.editorconfig", "[Dockerfile]\nindent_size = 3\n")
        .file("dfmt.toml", "line-width = 80\n");
    assert_eq!(held(&folder, &["sub/Dockerfile"], "indent"), "indent = 3 # sub/.editorconfig:2");
    assert_eq!(held(&folder, &["sub/a.Dockerfile"], "line-width"), "line-width = 80 # dfmt.toml:1");
    assert_eq!(held(&folder, &["--isolated"], "indent"), "indent = 4 # default");
}

#[test]
fn unknown_keys_are_refused_with_what_was_meant() {
    broken(
        "# ours\nlinewidth = 80\n",
        "error: dfmt.toml: line 2: unknown key `linewidth`: did you mean `line-width`?\n  |\n\
         2 | linewidth = 80\n  | ^^^^^^^^^\n",
    );
    broken(
        "x = 1\n[[overrides]]\nfiles = [\"a\"]\nexclude = [\"b\"]\n",
        "error: dfmt.toml: line 1: unknown key `x`\n  |\n1 | x = 1\n  | ^\n\
         error: dfmt.toml: line 4: `exclude` holds for all files: it cannot stand in an override\n  |\n\
         4 | exclude = [\"b\"]\n  | ^^^^^^^\n",
    );
    broken(
        "files = [\"a\"]\n",
        "error: dfmt.toml: line 1: `files` stands in [[overrides]]\n  |\n1 | files = [\"a\"]\n  | ^^^^^\n",
    );
    broken(
        "[[overrides]]\nskip = [\"image\"]\n",
        "error: dfmt.toml: line 1: an override wants `files`: the globs that it is for\n  |\n\
         1 | [[overrides]]\n  | ^^^^^^^^^^^^^\n",
    );
}

/// What is said of one line.
#[track_caller]
fn says(line: &str, mark: &str, what: &str) {
    let (before, after) = (line.find(mark).unwrap(), mark.len());
    let carets = format!("{}{}", " ".repeat(before), "^".repeat(after));
    broken(line, &format!("error: dfmt.toml: line 1: {what}\n  |\n1 | {line}\n  | {carets}\n"));
}

#[test]
fn wrong_values_are_refused_with_what_is_wanted() {
    says(
        "line-width = \"wide\"",
        "\"wide\"",
        "`line-width` wants a number from 20 to 1000, and this is a string",
    );
    says("line-width = 5", "5", "`line-width` wants a number from 20 to 1000, and this is 5");
    says("line-width = -5", "-5", "`line-width` wants a number from 20 to 1000, and this is -5");
    says(
        "indent = \"two\"",
        "\"two\"",
        "`indent` wants a number from 1 to 16, or \"tab\", and this is a string",
    );
    says("indent = 0", "0", "`indent` wants a number from 1 to 16, or \"tab\", and this is 0");
    says("align-backslashes = 1", "1", "`align-backslashes` wants true or false, and this is a number");
    let policies = "`merge-runs` wants one of \"related\", \"all\", \"off\", and this is";
    says("merge-runs = \"none\"", "\"none\"", &format!("{policies} \"none\""));
    says("merge-runs = false", "false", &format!("{policies} true or false"));
    says(
        "only = \"layout\"",
        "\"layout\"",
        "`only` wants a list of names of rules or kinds, and this is a string",
    );
    says("skip = [\"merge-run\"]", "\"merge-run\"", "unknown rule `merge-run`: did you mean `merge-runs`?");
    says("exclude = [3]", "3", "`exclude` wants a list of globs, and this is a number");
    says(
        "exclude = [\"a\", \"{b\"]",
        "\"{b\"",
        "`{b` is no glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)",
    );
    says("context = [\".\"]", "[\".\"]", "`context` wants the path of a folder, and this is a list");
    says("overrides = 1", "1", "`overrides` wants tables: [[overrides]], and this is a number");
    says(
        "required-version = 1",
        "1",
        "`required-version` wants a requirement such as \">=0.2\" or \"1.4\", and this is a number",
    );
}

#[test]
fn what_is_no_toml_is_shown() {
    broken(
        "skip = [\"image\"\n",
        "error: dfmt.toml: line 1: unclosed array, expected `]`\n  |\n1 | skip = [\"image\"\n  |                ^\n",
    );
    let folder = repository().file("dfmt.toml", b"skip = [\"\xff\"]\n");
    folder.dfmt(&["-c"]).run().status(2).stderr("error: dfmt.toml: it is no UTF-8 text\n");
}

#[test]
fn another_version_refuses() {
    says(
        "required-version = \">=7\"",
        "\">=7\"",
        concat!("this is dfmt ", env!("CARGO_PKG_VERSION"), ", and the configuration asks for >=7"),
    );
    // nothing else is said: another version may know other keys
    let own = concat!("this is dfmt ", env!("CARGO_PKG_VERSION"), ", and the configuration asks for ^7.1");
    broken(
        "from-the-future = 1\nrequired-version = \"7.1\"\n",
        &format!(
            "error: dfmt.toml: line 2: {own}\n  |\n2 | required-version = \"7.1\"\n  |                    ^^^^^\n"
        ),
    );
    says(
        "required-version = \"new\"",
        "\"new\"",
        "`new` is no requirement on a version: unexpected character 'n' while parsing major version number",
    );
    let folder =
        repository().file("dfmt.toml", concat!("required-version = \"", env!("CARGO_PKG_VERSION"), "\"\n"));
    folder.dfmt(&["config"]).run().status(0);
}

#[test]
fn a_broken_one_is_told_once_and_the_others_are_done() {
    let folder = Folder::new()
        .file("a/dfmt.toml", "x = 1\n")
        .file("a/Dockerfile", "from a\n")
        .file("a/b/Dockerfile", "from a\n")
        .file("c/Dockerfile", "from a\n");
    folder.dfmt(&["-w"]).run().status(2).stderr(
        "error: a/dfmt.toml: line 1: unknown key `x`\n  |\n1 | x = 1\n  | ^\n1 file rewritten, 2 could not be done\n",
    );
    assert_eq!(folder.read("c/Dockerfile"), b"FROM a\n");
    assert_eq!(folder.read("a/b/Dockerfile"), b"from a\n");
}

#[test]
#[cfg(unix)]
fn one_that_cannot_be_read_is_no_silent_default() {
    let folder = repository().file("dfmt.toml", "");
    crate::support::chmod(&folder.path("dfmt.toml"), 0);
    let Some(run) = folder.dfmt_as_nobody(&["-c"]) else { return };
    run.run().status(2).stderr_has("error: dfmt.toml: permission denied\n");
}

#[test]
fn rules_that_contradict_each_other_are_an_error() {
    let says = "`pip-no-cache` contradicts `cache-mounts`: name one of them, or skip the other";
    broken(
        "also = [\"cache-mounts\", \"pip-no-cache\"]\n",
        &format!(
            "error: dfmt.toml: line 1: {says}\n  |\n\
             1 | also = [\"cache-mounts\", \"pip-no-cache\"]\n  |                         ^^^^^^^^^^^^^^\n"
        ),
    );
    broken(
        "[[overrides]]\nfiles = [\"*\"]\nonly = [\"cache-mounts\"]\nalso = [\"layout\", \"pip-no-cache\"]\n",
        &format!(
            "error: dfmt.toml: line 4: {says}\n  |\n\
             4 | also = [\"layout\", \"pip-no-cache\"]\n  |                   ^^^^^^^^^^^^^^\n"
        ),
    );
    let folder = repository();
    let want = format!("error: {says}\n");
    folder.dfmt(&["--also", "cache-mounts,pip-no-cache"]).run().status(2).stdout("").stderr(&want);
    folder
        .dfmt(&["config", "--only", "cache-mounts", "--also", "pip-no-cache"])
        .run()
        .status(2)
        .stderr(&want);
}

/// The rules that run, of the two that contradict each other.
fn cache_rules(folder: &Folder, args: &[&str]) -> Vec<String> {
    let ran = folder.dfmt(&[&["config"], args].concat()).run().status(0).stderr("");
    let out = String::from_utf8(ran.stdout.clone()).unwrap();
    let line = out.lines().find_map(|l| l.strip_prefix("# rules that run: ")).expect("the rules that run");
    let of_caches = |name: &&str| ["cache-mounts", "pip-no-cache", "apt-clean-lists"].contains(name);
    line.split(", ").filter(of_caches).map(String::from).collect()
}

#[test]
fn of_rules_that_contradict_the_nearer_choice_wins() {
    let folder = repository();
    // a kind brings what the name of another leaves of it
    assert_eq!(cache_rules(&folder, &["--also", "content,cache-mounts"]), ["cache-mounts"]);
    assert_eq!(cache_rules(&folder, &["--also", "content"]), ["pip-no-cache", "apt-clean-lists"]);
    assert_eq!(
        cache_rules(&folder, &["--also", "cache-mounts,pip-no-cache", "--skip", "cache-mounts"]),
        ["pip-no-cache"]
    );
    // a flag over the configuration, an override over what stands above it
    let folder = folder.file(
        "dfmt.toml",
        "also = [\"pip-no-cache\"]\n[[overrides]]\nfiles = [\"b/\"]\nalso = [\"cache-mounts\"]\n",
    );
    assert_eq!(cache_rules(&folder, &[]), ["pip-no-cache"]);
    assert_eq!(cache_rules(&folder, &["b/Dockerfile"]), ["cache-mounts"]);
    assert_eq!(cache_rules(&folder, &["--also", "cache-mounts"]), ["cache-mounts"]);
    assert_eq!(cache_rules(&folder, &["b/Dockerfile", "--also", "pip-no-cache"]), ["pip-no-cache"]);
}
