//! What BuildKit's check of instructions refuses after its parser: arity, flags, names.
//!
//! It reads the source as it stands, without variables; what BuildKit finds out only when it builds a stage is not
//! looked for here. Source: `frontend/dockerfile/instructions`, `parse.go` and `bflag.go`.

use super::args::{flag_value, word_value};
use super::node::{Kind, Node};
use super::tree::{Dockerfile, Instruction, Item, Keyword, SyntaxError};
use super::{exec, heredoc, lex};
use crate::source::Span;

/// Adds the errors of all instructions to the file.
pub(super) fn file(file: &mut Dockerfile) {
    let mut at = if file.bom { 3 } else { 0 };
    let mut in_stage = false;
    let mut errors = Vec::new();
    for item in &file.items {
        if let Item::Instruction(i) = item {
            let known =
                file.errors.iter().any(|e| (at..at + i.text.len()).contains(&(e.span.start as usize)));
            let check = Check { i, escape: file.escape };
            if !known && let Err(Wrong { node, message }) = check.all(&mut in_stage) {
                let range = i.source_range(node.start, node.end);
                let span = Span::new((at + range.start) as u32, (at + range.end) as u32);
                errors.push(SyntaxError { span, message, by_parser: false });
            }
        }
        at += item.text().len();
    }
    file.errors.append(&mut errors);
}

struct Wrong {
    node: Node,
    message: String,
}

type Result = std::result::Result<(), Wrong>;

struct Check<'a> {
    i: &'a Instruction<'a>,
    escape: u8,
}

/// What a flag takes.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// `--link`, `--link=false`
    Bool,
    /// `--chown=a`, once
    Value,
    /// `--mount=…`, as often as you like
    Values,
}

/// The flags of an instruction; `None` where they are ignored.
fn known_flags(keyword: Keyword) -> Option<&'static [(&'static str, Takes)]> {
    use Takes::{Bool, Value, Values};
    Some(match keyword {
        Keyword::From => &[("platform", Value)],
        Keyword::Run => &[("mount", Values), ("network", Value), ("security", Value), ("device", Values)],
        Keyword::Copy => &[
            ("from", Value),
            ("chown", Value),
            ("chmod", Value),
            ("link", Bool),
            ("parents", Bool),
            ("exclude", Values),
        ],
        Keyword::Add => &[
            ("chown", Value),
            ("chmod", Value),
            ("link", Bool),
            ("keep-git-dir", Bool),
            ("checksum", Value),
            ("unpack", Bool),
            ("exclude", Values),
        ],
        Keyword::Healthcheck => &[
            ("interval", Value),
            ("timeout", Value),
            ("start-period", Value),
            ("start-interval", Value),
            ("retries", Value),
        ],
        Keyword::Arg | Keyword::Stopsignal => return None,
        _ => &[],
    })
}

impl Check<'_> {
    fn all(&self, in_stage: &mut bool) -> Result {
        use Keyword as K;
        let keyword = self.i.keyword;
        match keyword {
            K::Unknown => {
                return self.fail(format!("unknown instruction `{}`", lex::lossy(self.text(self.first()))));
            }
            K::From => *in_stage = true,
            K::Arg => {}
            _ if !*in_stage => {
                return self.fail("expected FROM, or ARG before it: no stage has begun".to_string());
            }
            _ => {}
        }
        self.arity()?;
        if !self.is_health_none() {
            self.flags()?;
        }
        match keyword {
            K::From => self.from(),
            K::Copy | K::Add => self.copy(),
            K::Env | K::Label | K::Arg => self.names(),
            K::Volume => self.volume(),
            K::Healthcheck => self.health(),
            K::Onbuild => self.onbuild(),
            K::Shell if !self.i.is_exec_form() => self.fail("SHELL needs a JSON array".to_string()),
            _ => Ok(()),
        }
    }

    fn text(&self, node: Node) -> &[u8] {
        self.i.node_text(node)
    }

    fn first(&self) -> Node {
        self.i.nodes[0]
    }

    fn fail(&self, message: String) -> Result {
        self.fail_at(self.first(), message)
    }

    #[expect(clippy::unused_self, reason = "a method beside `fail`")]
    fn fail_at(&self, node: Node, message: String) -> Result {
        Err(Wrong { node, message })
    }

    /// The arguments: words, pairs, the strings of an exec form.
    fn args(&self) -> Vec<Node> {
        let mut out = Vec::new();
        for (index, node) in self.i.top() {
            match node.kind {
                Kind::Keyword | Kind::Flag => {}
                Kind::Exec => {
                    out.extend(self.i.children(index).map(|(_, n)| n).filter(|n| n.kind == Kind::JsonString));
                }
                _ => out.push(node),
            }
        }
        out
    }

    fn value(&self, node: Node) -> Vec<u8> {
        match node.kind {
            Kind::JsonString => exec::value(self.text(node)).into_bytes(),
            _ => self.text(node).to_vec(),
        }
    }

    fn arity(&self) -> Result {
        use Keyword as K;
        let count = self.args().len();
        let name = self.i.keyword.upper();
        match self.i.keyword {
            K::Env | K::Label | K::Arg | K::Expose | K::Volume | K::Onbuild | K::Healthcheck | K::Shell
                if count < 1 =>
            {
                self.fail(format!("{name} needs at least one argument"))
            }
            K::User | K::Workdir | K::Stopsignal | K::Maintainer if count != 1 => {
                self.fail(format!("{name} needs one argument"))
            }
            K::Copy | K::Add if count < 2 => self.fail(format!("{name} needs a source and a destination")),
            _ => Ok(()),
        }
    }

    fn flags(&self) -> Result {
        let Some(known) = known_flags(self.i.keyword) else { return Ok(()) };
        let mut seen: Vec<&str> = Vec::new();
        for (_, node) in self.i.top().filter(|(_, n)| n.kind == Kind::Flag) {
            let flag = String::from_utf8_lossy(&flag_value(self.text(node), self.escape)).into_owned();
            if flag == "--" {
                return Ok(());
            }
            let (name, value) = match flag[2..].split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (&flag[2..], None),
            };
            let Some((name, takes)) = known.iter().find(|(n, _)| *n == name) else {
                return self.fail_at(node, self.unknown_flag(name, known));
            };
            if *takes != Takes::Values && seen.contains(name) {
                return self.fail_at(node, format!("the flag --{name} stands here a second time"));
            }
            seen.push(name);
            if let Err(message) = flag_takes(name, *takes, value).and_then(|()| flag_holds(name, value)) {
                return self.fail_at(node, message);
            }
        }
        Ok(())
    }

    fn unknown_flag(&self, name: &str, known: &[(&str, Takes)]) -> String {
        let keyword = self.i.keyword.upper();
        let names: Vec<String> = known.iter().map(|(n, _)| format!("--{n}")).collect();
        match &names[..] {
            [] => format!("unknown flag --{name}: {keyword} has none"),
            _ => format!("unknown flag --{name}: {keyword} has {}", names.join(", ")),
        }
    }

    fn from(&self) -> Result {
        let args = self.args();
        match &args[..] {
            [_] => Ok(()),
            [_, by, name] if by.kind == Kind::As => {
                let lower = lex::lossy(self.text(*name)).to_lowercase();
                let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
                if lower.starts_with(|c: char| c.is_ascii_lowercase()) && lower.chars().all(fits) {
                    return Ok(());
                }
                self.fail_at(
                    *name,
                    format!("`{lower}` cannot name a stage: expected a letter, then letters, digits, - _ ."),
                )
            }
            _ => self.fail("FROM needs an image, or an image AS a name".to_string()),
        }
    }

    fn copy(&self) -> Result {
        let args = self.args();
        let last = args[args.len() - 1];
        if matches!(heredoc::of_word(&self.value(last)), Ok(Some(_))) {
            return self.fail_at(last, format!("{} cannot write to a heredoc", self.i.keyword.upper()));
        }
        Ok(())
    }

    fn names(&self) -> Result {
        for (index, node) in self.i.top().filter(|(_, n)| matches!(n.kind, Kind::Pair | Kind::Word)) {
            let key = if node.kind == Kind::Pair {
                self.i.children(index).next().map_or(node, |(_, n)| n)
            } else {
                node
            };
            if word_value(self.text(key), self.escape).is_empty() && node.kind == Kind::Pair {
                return self.fail_at(node, format!("a name of {} is empty", self.i.keyword.upper()));
            }
        }
        Ok(())
    }

    fn volume(&self) -> Result {
        for node in self.args() {
            let value = self.value(node);
            if lex::trim(&value).is_empty() {
                return self.fail_at(node, "a path of VOLUME is empty".to_string());
            }
        }
        Ok(())
    }

    fn health_type(&self) -> String {
        self.i.find(Kind::HealthType).map_or(String::new(), |(_, n)| lex::lossy(self.text(n)).to_uppercase())
    }

    /// HEALTHCHECK NONE takes any flag and ignores it.
    fn is_health_none(&self) -> bool {
        self.i.keyword == Keyword::Healthcheck && self.health_type() == "NONE"
    }

    fn health(&self) -> Result {
        let args = self.args();
        let command = args.len() > 1;
        match &self.health_type()[..] {
            "NONE" if command || self.i.is_exec_form() => {
                self.fail_at(args[0], "HEALTHCHECK NONE takes nothing more".to_string())
            }
            "NONE" => Ok(()),
            "CMD" if !command => self.fail_at(args[0], "HEALTHCHECK CMD needs a command".to_string()),
            "CMD" => Ok(()),
            other => {
                self.fail_at(args[0], format!("`{other}` is no kind of HEALTHCHECK: expected CMD or NONE"))
            }
        }
    }

    fn onbuild(&self) -> Result {
        let node = self.args()[0];
        let word = lex::word(self.text(node)).map_or(&[][..], |(_, w)| w);
        match Keyword::of(word) {
            k @ (Keyword::Onbuild | Keyword::From | Keyword::Maintainer) => {
                self.fail_at(node, format!("{} cannot be a trigger of ONBUILD", k.upper()))
            }
            _ => Ok(()),
        }
    }
}

fn flag_takes(name: &str, takes: Takes, value: Option<&str>) -> std::result::Result<(), String> {
    match (takes, value) {
        (Takes::Bool, None) => Ok(()),
        (Takes::Bool, Some(v)) if v.eq_ignore_ascii_case("true") || v.eq_ignore_ascii_case("false") => Ok(()),
        (Takes::Bool, Some(v)) => Err(format!("--{name} is true or false, not `{v}`")),
        (_, None) => Err(format!("--{name} needs a value: --{name}=…")),
        (_, Some(_)) => Ok(()),
    }
}

/// What a value must be, where BuildKit looks at it this early.
fn flag_holds(name: &str, value: Option<&str>) -> std::result::Result<(), String> {
    let value = value.unwrap_or_default();
    match name {
        "network" if !matches!(value, "default" | "none" | "host") => {
            Err(format!("--network is default, none or host, not `{value}`"))
        }
        "security" if !matches!(value, "insecure" | "sandbox") => {
            Err(format!("--security is insecure or sandbox, not `{value}`"))
        }
        "mount" => mount(value),
        "interval" | "timeout" | "start-period" | "start-interval" => duration(name, value),
        "retries" if !value.is_empty() && !value.parse::<i32>().is_ok_and(|n| n >= 0) => {
            Err(format!("--retries is a number, not `{value}`"))
        }
        _ => Ok(()),
    }
}

fn mount(value: &str) -> std::result::Result<(), String> {
    if value.is_empty() {
        return Err("--mount is empty".to_string());
    }
    let dollar = |v: &str| v.find('$').is_some_and(|at| at + 1 != v.len());
    let from =
        value.split(',').filter_map(|f| f.split_once('=')).find(|(k, _)| k.eq_ignore_ascii_case("from"));
    match from {
        Some((_, v)) if dollar(v) => {
            Err("from of --mount takes no variable: name a stage instead".to_string())
        }
        _ => Ok(()),
    }
}

/// A duration as Go writes it, `1h2m3.5s`: none, or at least a millisecond.
fn duration(name: &str, value: &str) -> std::result::Result<(), String> {
    let units = [
        ("ns", 1e-9),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("μs", 1e-6),
        ("ms", 1e-3),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3600.0),
    ];
    let wrong = || Err(format!("--{name} is a duration such as 30s or 1m30s, not `{value}`"));
    let mut rest = value.strip_prefix(['+', '-']).unwrap_or(value);
    let mut seconds = 0.0;
    if matches!(value, "" | "0" | "+0" | "-0") {
        return Ok(());
    }
    if rest.is_empty() {
        return wrong();
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let (Ok(number), Some((_, size))) = (number.parse::<f64>(), units.iter().find(|(u, _)| *u == unit))
        else {
            return wrong();
        };
        seconds += number * size;
        rest = after;
    }
    let negative = value.starts_with('-') && seconds > 0.0;
    if negative || (seconds > 0.0 && seconds < 0.001) {
        return Err(format!("--{name} is at least a millisecond, not `{value}`"));
    }
    Ok(())
}
