//! docs/rules is what `dfmt rules` prints, and the examples on its pages are what the rules do.

use std::fmt::Write as _;
use std::fs;

use crate::readme::{dfmt, hold, path};
use crate::support::Folder;

const HEAD: &str = "\
# Rules

Made from `dfmt rules`, each page from `dfmt rules NAME`; `UPDATE_DOCS=1 cargo test` writes them anew. The order is that
in which the rules run.

A rule of the kind **image** keeps the image the same, and does something only where dfmt has proved that for the file. A
rule of the kind **layout** keeps the instructions that BuildKit reads the same. Both kinds run by default, but for rules
that run only when they are asked for by their own name: `--also NAME`. A rule of the kind **content** may change the
image, as its page says, and runs when it is asked for: `--also NAME`, or `--also content` for all of them.

| rule | kind | runs | what it does |
|---|---|---|---|
";

/// Name, kind, when it runs, and summary of each rule.
fn rules() -> Vec<[String; 4]> {
    let line = |line: &str| {
        let (name, rest) = line.split_once("  ").expect("a name");
        let (kind, rest) = rest.trim_start().split_once("  ").expect("a kind");
        let (runs, summary) = rest.trim_start().split_once("  ").expect("when it runs");
        [name, kind, runs, summary].map(|part| part.trim().to_string())
    };
    dfmt(&["rules"]).lines().map(line).collect()
}

/// Whether the title of its page says that it runs only when it is named.
fn is_alone(name: &str) -> bool {
    dfmt(&["rules", name]).lines().next().is_some_and(|title| title.contains("only by its own name"))
}

#[test]
fn the_index_lists_all_rules() {
    let mut page = HEAD.to_string();
    for [name, kind, runs, summary] in rules() {
        // a bar ends a cell of the table, even in code
        let summary = summary.replace('|', "\\|");
        assert_eq!(is_alone(&name), runs == "--also NAME", "{name}: page and list");
        let runs = if runs == "by default" { runs } else { format!("`{runs}`") };
        writeln!(page, "| [{name}]({name}.md) | {kind} | {runs} | {summary} |").unwrap();
    }
    hold("docs/rules/README.md", &page);
}

#[test]
fn a_page_is_what_the_program_prints() {
    for [name, ..] in rules() {
        hold(&format!("docs/rules/{name}.md"), &dfmt(&["rules", &name]));
    }
}

#[test]
fn no_page_is_left_over() {
    let mut known: Vec<String> = rules().into_iter().map(|[name, ..]| format!("{name}.md")).collect();
    known.push("README.md".to_string());
    for entry in fs::read_dir(path("docs/rules")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(&name), "docs/rules/{name} is the page of no rule");
    }
}

#[test]
fn what_stands_before_becomes_what_stands_after() {
    for [name, ..] in rules() {
        let page = dfmt(&["rules", &name]);
        let (Some(before), Some(after)) = (example(&page, "Before"), example(&page, "After")) else {
            continue;
        };
        let folder = Folder::new()
            .file("Dockerfile", before)
            .file("requirements.txt", "flask==3.0.3\n")
            .file("package.json", "{\"dependencies\": {}}")
            .file("package-lock.json", "{\"lockfileVersion\": 3, \"packages\": {\"\": {}}}")
            .file("app.py", "");
        folder.dfmt(&["--write", "--only", &format!("{name},layout")]).run().status(0);
        assert_eq!(String::from_utf8_lossy(&folder.read("Dockerfile")), after, "{name}");
    }
}

/// The Dockerfile under a heading.
fn example<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let (_, rest) = page.split_once(&format!("# {heading}\n\n```dockerfile\n"))?;
    rest.split_once("```").map(|(text, _)| text)
}
