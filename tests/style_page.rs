//! docs/style.md shows what the program does: its Dockerfiles come in pairs, before and after.

use crate::readme::{hold, read};
use crate::support::Folder;

const OPEN: &str = "```dockerfile\n";
const CLOSE: &str = "```\n";
const FROM: &str = "FROM alpine\n";

#[test]
fn each_example_becomes_what_stands_below_it() {
    let page = read("docs/style.md");
    let mut parts = page.split(OPEN);
    let mut wanted = parts.next().unwrap_or_default().to_string();
    let mut before = None;
    for part in parts {
        let (text, rest) = part.split_once(CLOSE).expect("the block ends");
        wanted += OPEN;
        match before.take() {
            None => {
                wanted += text;
                before = Some(text);
            }
            Some(before) => wanted += &laid_out(before),
        }
        wanted += CLOSE;
        wanted += rest;
    }
    assert_eq!(before, None, "the last example has no answer");
    hold("docs/style.md", &wanted);
}

/// What layout makes of an example; its FROM is left out where it says nothing.
fn laid_out(text: &str) -> String {
    let has_from = text.lines().any(|line| line.to_ascii_lowercase().starts_with("from "));
    let head = if has_from { "" } else { FROM };
    let run = Folder::new().dfmt(&["-"]).stdin(format!("{head}{text}")).run().status(0);
    let out = String::from_utf8(run.stdout).unwrap();
    out.strip_prefix(head).expect("its FROM stays").to_string()
}
