//! The flags and arguments of an instruction, as BuildKit's parser hands them on.
//!
//! Quotes are gone from flags and kept in words, exec forms are lists of their strings, shell text is one argument.
//! It must not know what an instruction does with them.

use super::view;
use crate::syntax::args::{Line, flag_value};
use crate::syntax::lex;
use crate::syntax::node::{Builder, Kind};
use crate::syntax::tree::Instruction;

/// Flags and arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// Name and value of each flag, up to the `--` that ends them.
    pub flags: Vec<(String, String)>,
    /// The arguments: words, strings, or one text. A pair of ENV or LABEL is three: name, value, `=` (or nothing in
    /// the old form).
    pub list: Vec<Vec<u8>>,
    /// Whether they were an exec form.
    pub exec: bool,
}

impl Arguments {
    /// Those of `instruction`, read with this escape byte.
    pub fn of(instruction: &Instruction, escape: u8) -> Self {
        let line = Line { text: instruction.line(), escape };
        // the tree holds a shell's structure where BuildKit has one text: the line alone is read again
        let mut builder = Builder::default();
        let (head, _) = line.parse(&mut builder);
        let nodes = &builder.nodes;
        let flags = nodes.iter().filter(|n| n.kind == Kind::Flag);
        let flags = flags.map(|n| flag_value(&line.text[n.start as usize..n.end as usize], escape));
        Self {
            flags: flags.take_while(|f| f != b"--").map(|f| flag(&f)).collect(),
            list: view::values(&line, nodes, head.keyword),
            exec: nodes.iter().any(|n| n.kind == Kind::Exec),
        }
    }

    /// The value of the first flag of that name.
    pub fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The argument at `index`, as text.
    pub fn text(&self, index: usize) -> Option<String> {
        self.list.get(index).map(|a| lex::lossy(a))
    }

    /// The arguments as texts.
    pub fn texts(&self) -> Vec<String> {
        self.list.iter().map(|a| lex::lossy(a)).collect()
    }

    /// Name and value of each pair of ENV or LABEL.
    pub fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.list.chunks_exact(3).map(|c| (&c[0][..], &c[1][..]))
    }
}

fn flag(text: &[u8]) -> (String, String) {
    let text = lex::lossy(text);
    let bare = text.strip_prefix("--").unwrap_or(&text);
    let (name, value) = bare.split_once('=').unwrap_or((bare, ""));
    (name.to_string(), value.to_string())
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use crate::syntax;

    fn of(line: &str) -> Arguments {
        let file = syntax::parse(line.as_bytes());
        let first = file.instructions().next().expect("an instruction");
        Arguments::of(first, file.escape)
    }

    #[test]
    fn arguments_are_read_by_the_grammar_of_the_instruction() {
        let table: &[(&str, &[&str])] = &[
            ("RUN  a   b ", &["a   b"]),
            ("RUN [\"a\", \"\\u0062\"]", &["a", "b"]),
            ("RUN", &[]),
            ("COPY a  b c", &["a", "b", "c"]),
            ("ENV a=\"b c\" d=e", &["a", "\"b c\"", "=", "d", "e", "="]),
            ("ENV a b  c", &["a", "b  c", ""]),
            ("ARG a b=c", &["a", "b=c"]),
            ("HEALTHCHECK cmd  a b", &["cmd", "a b"]),
            ("USER a b", &["a b"]),
        ];
        for (line, list) in table {
            assert_eq!(of(line).texts(), *list, "{line}");
        }
    }

    #[test]
    fn flags_end_at_two_hyphens() {
        let found = of("RUN --mount=type=cache,target='/a b' -- --network=none");
        assert_eq!(found.flags, [("mount".to_string(), "type=cache,target=/a b".to_string())]);
        assert_eq!(found.texts(), ["--network=none"]);
        assert_eq!(found.flag("network"), None);
    }
}
