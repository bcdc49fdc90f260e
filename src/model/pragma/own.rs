//! What comments say to dfmt: `# dfmt: off` and `on`, `# dfmt: skip`, `# dfmt: skip=RULE,RULE`.
//!
//! From `off` to `on`, or to the end of the file, nothing is changed or moved. `skip` speaks of the next instruction.
//! Whether a rule that is named exists is not known here.

use std::ops::Range;

use crate::syntax::join::{self, Inside};
use crate::syntax::tree::{Dockerfile, Id, Instruction, Item};

/// What a comment asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// `off`
    Off,
    /// `on`
    On,
    /// `skip`
    Skip,
    /// `skip=RULE,RULE`
    SkipRules(Vec<String>),
    /// Something else.
    Unknown(String),
}

impl Own {
    /// What a comment line asks for; `None` where it does not speak to dfmt.
    pub fn of(comment: &[u8]) -> Option<Self> {
        let rest = comment.trim_ascii().strip_prefix(b"#")?.trim_ascii_start();
        let rest = rest.strip_prefix(b"dfmt:")?.trim_ascii_start();
        let text = String::from_utf8_lossy(rest);
        let word = text.split_ascii_whitespace().next().unwrap_or_default();
        Some(match word {
            "off" => Self::Off,
            "on" => Self::On,
            "skip" => Self::Skip,
            _ => match text.strip_prefix("skip=") {
                Some(list) => Self::SkipRules(names(list)),
                None => Self::Unknown(word.to_string()),
            },
        })
    }
}

/// The names of a list: it ends at a blank that no comma stands beside, so that a reason can follow.
fn names(list: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = list;
    loop {
        let end = rest.find([',', ' ', '\t']).unwrap_or(rest.len());
        found.push(rest[..end].to_string());
        match rest[end..].trim_start().strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None => return found,
        }
    }
}

/// A comment that speaks to dfmt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pragma {
    /// Its line, from 1.
    pub line: usize,
    /// What it asks for.
    pub asks: Own,
    /// Why it has no effect, where it has none.
    pub void: Option<&'static str>,
}

/// What a rule may not do to an instruction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Whether it stands between `off` and `on`.
    pub off: bool,
    /// Whether all rules skip it.
    pub skip: bool,
    /// The rules, or kinds, that skip it.
    pub rules: Vec<String>,
}

impl Mark {
    /// The comment that keeps a rule from the instruction.
    pub fn against(&self, rule: &str, kind: &str) -> Option<&'static str> {
        if self.off {
            return Some("`# dfmt: off`");
        }
        let named = self.rules.iter().any(|r| r == rule || r == kind);
        (self.skip || named).then_some("`# dfmt: skip`")
    }
}

/// What a file's comments keep from being rewritten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Protected {
    /// The instructions that some rule may not touch, in the order of the file.
    pub marks: Vec<(Id, Mark)>,
    /// The items between each `off` and its `on`.
    pub regions: Vec<Range<usize>>,
    /// All comments that speak to dfmt.
    pub pragmas: Vec<Pragma>,
}

impl Protected {
    /// What the comments of `file` ask for.
    pub fn of(file: &Dockerfile) -> Self {
        let sign = memchr::memmem::Finder::new(b"dfmt:");
        if !file.items.iter().any(|item| sign.find(item.text()).is_some()) {
            return Self::default();
        }
        let mut reader =
            Reader { found: Self::default(), off: None, next: Mark::default(), waiting: Vec::new() };
        let mut line = 1;
        for (at, item) in file.items.iter().enumerate() {
            match item {
                Item::Comment(text) => reader.comment(at, line, text),
                Item::Instruction(i) => reader.instruction(line, i),
                Item::Directive(_) | Item::Blank(_) => {}
            }
            line += memchr::memchr_iter(b'\n', item.text()).count();
        }
        reader.end(file.items.len())
    }

    /// What keeps rules from an instruction.
    pub fn mark(&self, id: Id) -> Option<&Mark> {
        self.marks.iter().find(|(marked, _)| *marked == id).map(|(_, mark)| mark)
    }

    /// The comment that keeps this rule from an instruction.
    pub fn against(&self, id: Id, rule: &str, kind: &str) -> Option<&'static str> {
        self.mark(id).and_then(|mark| mark.against(rule, kind))
    }

    /// Whether an item stands between `off` and `on`.
    pub fn is_off(&self, item: usize) -> bool {
        self.regions.iter().any(|region| region.contains(&item))
    }
}

/// Reads the comments one after the other.
struct Reader {
    found: Protected,
    /// Where a region begins that is open.
    off: Option<usize>,
    /// What `skip` says of the next instruction.
    next: Mark,
    /// The pragmas that said so.
    waiting: Vec<usize>,
}

impl Reader {
    fn comment(&mut self, at: usize, line: usize, text: &[u8]) {
        let Some(asks) = Own::of(text) else { return };
        let mut void = None;
        match &asks {
            Own::Off => self.off = self.off.or(Some(at + 1)),
            Own::On => match self.off.take() {
                Some(start) => self.found.regions.push(start..at),
                None => void = Some("no `# dfmt: off` stands above it"),
            },
            Own::Skip => self.next.skip = true,
            Own::SkipRules(rules) => self.next.rules.extend(rules.iter().cloned()),
            Own::Unknown(_) => void = Some("dfmt knows off, on, skip and skip=RULES"),
        }
        if matches!(asks, Own::Skip | Own::SkipRules(_)) {
            self.waiting.push(self.found.pragmas.len());
        }
        self.found.pragmas.push(Pragma { line, asks, void });
    }

    fn instruction(&mut self, line: usize, i: &Instruction) {
        self.waiting.clear();
        let mark = Mark { off: self.off.is_some(), ..std::mem::take(&mut self.next) };
        if mark != Mark::default() {
            self.found.marks.push((i.id, mark));
        }
        let end = i.heredocs.first().map_or(i.text.len(), |doc| i.logical.start(doc.body.start) as usize);
        for (n, text) in i.text[..end].split(|b| *b == b'\n').enumerate().skip(1) {
            let asks = if join::inside(text) == Inside::Comment { Own::of(text) } else { None };
            let void = Some("it stands inside of an instruction: it is heard above one");
            self.found.pragmas.extend(asks.map(|asks| Pragma { line: line + n, asks, void }));
        }
    }

    fn end(mut self, items: usize) -> Protected {
        if let Some(start) = self.off {
            self.found.regions.push(start..items);
        }
        for at in self.waiting {
            self.found.pragmas[at].void = Some("no instruction stands below it");
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax;

    #[test]
    fn comments_are_read() {
        let of = |text: &str| Own::of(text.as_bytes());
        assert_eq!(of("# dfmt: off"), Some(Own::Off));
        assert_eq!(of("  #dfmt:off  # for now\r\n"), Some(Own::Off));
        assert_eq!(of("# dfmt: on"), Some(Own::On));
        assert_eq!(of("# dfmt: skip the table below"), Some(Own::Skip));
        let rules = |names: &[&str]| Some(Own::SkipRules(names.iter().map(ToString::to_string).collect()));
        assert_eq!(of("# dfmt: skip=space"), rules(&["space"]));
        assert_eq!(of("# dfmt: skip=space, image ,x  since it is so"), rules(&["space", "image", "x"]));
        assert_eq!(of("# dfmt: skip="), rules(&[""]));
        assert_eq!(of("# dfmt: disable"), Some(Own::Unknown("disable".to_string())));
        assert_eq!(of("# dfmt:"), Some(Own::Unknown(String::new())));
        assert_eq!(of("# see dfmt: off"), None);
        assert_eq!(of("# dfmt off"), None);
    }

    #[test]
    fn regions_and_marks() {
        let source = b"FROM a\n# dfmt: off\nRUN b\n# dfmt: off\n# dfmt: on\n# dfmt: skip\n\n# dfmt: skip=x\nRUN c\nRUN d\n# dfmt: off\nRUN e\n";
        let found = Protected::of(&syntax::parse(source));
        let marks: Vec<u32> = found.marks.iter().map(|(id, _)| id.0).collect();
        assert_eq!(marks, [1, 2, 4]);
        assert_eq!(found.marks[1].1, Mark { off: false, skip: true, rules: vec!["x".to_string()] });
        assert_eq!(found.regions, [2..4, 11..12]);
        assert!(found.pragmas.iter().all(|p| p.void.is_none()));
        assert_eq!(found.against(Id(1), "space", "layout"), Some("`# dfmt: off`"));
        assert_eq!(found.against(Id(3), "space", "layout"), None);
    }

    #[test]
    fn comments_without_effect_say_why() {
        let source =
            b"# dfmt: on\nFROM a\nRUN b \\\n  # dfmt: skip\n  && c\nRUN <<E\n# dfmt: off\nE\n# dfmt: skip\n";
        let found = Protected::of(&syntax::parse(source));
        let void: Vec<(usize, bool)> = found.pragmas.iter().map(|p| (p.line, p.void.is_some())).collect();
        assert_eq!(void, [(1, true), (4, true), (9, true)]);
        assert!(found.marks.is_empty() && found.regions.is_empty());
    }
}
