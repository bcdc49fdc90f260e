//! The structure of a shell text as nested arrays, to compare it with what another parser makes of it.
//!
//! ```text
//! ["cmd", W...]                                assignments, words and redirections in source order
//! ["and"|"or"|"pipe"|"pipe&", S, S...]         a run of the same operator is one array
//! ["not"|"bg"|"time", S]   ["list", S...]   ["()", S...]   ["{}", S...]
//! ["if", [S...], [S...], [S...]]               an elif is an "if" alone in the else
//! ["while"|"until", [S...], [S...]]   ["for"|"select", W..., [S...]]
//! ["case", W, [[W...], S...]...]   ["func", NAME, S]   ["[[", TEXT]   ["((", TEXT]   ["redir", S, W...]
//! ```
//!
//! A word is its text without continuations; a substitution in it is written `$()`, `<()` or `>()`, and follows the
//! words as `["sub", S...]`, as the body of a heredoc does as `["doc", TEXT]`. Opaque text is `["?", TEXT]`.
//!
//! Invariants: the value depends on tokens alone, never on gaps. It must not decide anything about the text.

use std::cell::Cell;
use std::iter::Peekable;
use std::vec::IntoIter;

use serde_json::{Value, json};

use super::heredoc::heredocs;
use crate::syntax::node::{Kind, Node};

/// How many arrays may nest beyond what the grammar nests: `a && b || c && d …`, `elif`. Dropping a value recurses.
const MAX_NESTED: usize = 1000;

/// The shape of the script at index `script` of `nodes`, and how many opaque nodes it holds.
pub fn shape(text: &[u8], nodes: &[Node], script: usize) -> (Value, usize) {
    let mut bodies = heredocs(text, nodes);
    bodies.sort_unstable();
    let shaper = Shaper { text, nodes, bodies, nested: Cell::new(0) };
    let mut all: Vec<Value> = shaper.children(script).flat_map(|list| shaper.statements(list)).collect();
    let shape = if all.len() == 1 { all.remove(0) } else { headed("list", all) };
    if shaper.nested.get() > MAX_NESTED {
        return (json!(["?", shaper.source(script, script)]), 1);
    }
    let opaque =
        nodes[script..nodes[script].next as usize].iter().filter(|node| node.kind == Kind::Opaque).count();
    (shape, opaque)
}

struct Shaper<'t> {
    text: &'t [u8],
    nodes: &'t [Node],
    /// Redirections and their bodies, sorted.
    bodies: Vec<(usize, usize)>,
    nested: Cell<usize>,
}

/// One command of an and-or list, with what stands before it.
struct Step {
    operator: &'static str,
    negated: bool,
    timed: bool,
    command: Option<usize>,
}

type Steps = Peekable<IntoIter<Step>>;

impl Shaper<'_> {
    fn kind(&self, node: usize) -> Kind {
        self.nodes[node].kind
    }

    fn children(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let (mut next, end) = (node + 1, self.nodes[node].next as usize);
        std::iter::from_fn(move || {
            let child = next;
            next = if child < end { self.nodes[child].next as usize } else { end };
            (child < end).then_some(child)
        })
    }

    fn children_of(&self, node: usize, kind: Kind) -> impl Iterator<Item = usize> + '_ {
        self.children(node).filter(move |child| self.kind(*child) == kind)
    }

    fn bytes(&self, node: usize) -> &[u8] {
        &self.text[self.nodes[node].start as usize..self.nodes[node].end as usize]
    }

    /// The source from the beginning of one node to the end of another, without continuations.
    fn source(&self, first: usize, last: usize) -> String {
        lossy(&self.text[self.nodes[first].start as usize..self.nodes[last].end as usize]).replace("\\\n", "")
    }

    /// The statements of a list, or of what stands for one.
    fn statements(&self, list: usize) -> Vec<Value> {
        if self.kind(list) == Kind::Opaque {
            return vec![json!(["?", self.source(list, list)])];
        }
        let mut out = Vec::new();
        for child in self.children(list) {
            match self.kind(child) {
                Kind::AndOr => out.push(self.and_or(child)),
                Kind::Separator if self.bytes(child) == b"&" => {
                    let statement = out.pop();
                    out.push(json!(["bg", statement]));
                }
                _ => {}
            }
        }
        out
    }

    fn lists(&self, node: usize) -> Vec<Value> {
        self.children_of(node, Kind::List).map(|list| Value::Array(self.statements(list))).collect()
    }

    fn and_or(&self, node: usize) -> Value {
        let mut steps = self.steps(node).into_iter().peekable();
        let first = self.pipeline(&mut steps);
        self.joined(first, &mut steps)
    }

    fn steps(&self, node: usize) -> Vec<Step> {
        let (mut steps, mut operator) = (Vec::new(), "");
        for child in self.children(node) {
            match self.kind(child) {
                Kind::AndOrOp => operator = if self.bytes(child) == b"&&" { "and" } else { "or" },
                Kind::Pipeline => self.pipeline_steps(child, operator, &mut steps),
                _ => {}
            }
        }
        steps
    }

    fn pipeline_steps(&self, pipeline: usize, operator: &'static str, steps: &mut Vec<Step>) {
        let empty = |operator| Step { operator, negated: false, timed: false, command: None };
        let mut step = empty(operator);
        for child in self.children(pipeline) {
            match self.kind(child) {
                Kind::Bang => step.negated = true,
                Kind::Time => step.timed = true,
                Kind::PipeOp => {
                    let operator = if self.bytes(child) == b"|" { "pipe" } else { "pipe&" };
                    steps.push(std::mem::replace(&mut step, empty(operator)));
                }
                Kind::Comment | Kind::HeredocBody => {}
                _ => step.command = Some(child),
            }
        }
        steps.push(step);
    }

    fn pipeline(&self, steps: &mut Steps) -> Value {
        let negated = steps.peek().is_some_and(|step| step.negated);
        let first = self.step(steps);
        let value = self.piped(first, steps);
        if negated { json!(["not", value]) } else { value }
    }

    /// Joins what follows by `&&` and `||` to `first`.
    fn joined(&self, mut first: Value, steps: &mut Steps) -> Value {
        while let Some(operator) = next_operator(steps, ["and", "or"]) {
            let right = self.pipeline(steps);
            first = self.join(operator, first, right);
        }
        first
    }

    /// Joins what follows by `|` and `|&` to `first`.
    fn piped(&self, mut first: Value, steps: &mut Steps) -> Value {
        while let Some(operator) = next_operator(steps, ["pipe", "pipe&"]) {
            let right = self.step(steps);
            first = self.join(operator, first, right);
        }
        first
    }

    fn join(&self, operator: &str, mut first: Value, right: Value) -> Value {
        match &mut first {
            Value::Array(items) if items.first().is_some_and(|head| head == operator) => items.push(right),
            _ if self.may_nest() => first = json!([operator, first, right]),
            _ => {}
        }
        first
    }

    fn may_nest(&self) -> bool {
        self.nested.set(self.nested.get() + 1);
        self.nested.get() <= MAX_NESTED
    }

    fn step(&self, steps: &mut Steps) -> Value {
        match steps.next() {
            Some(Step { timed: false, command: Some(command), .. }) => self.command(command, steps),
            Some(Step { timed: true, command: Some(command), .. }) => {
                let first = self.command(command, steps);
                json!(["time", self.piped(first, steps)])
            }
            _ => json!(["time"]),
        }
    }

    fn command(&self, node: usize, steps: &mut Steps) -> Value {
        let value = match self.kind(node) {
            Kind::Simple => headed("cmd", self.words(self.children(node))),
            Kind::Function => return self.function(node, steps),
            Kind::Coproc => self.coproc(node),
            _ => self.compound(node),
        };
        let redirects = self.words(self.children_of(node, Kind::Redirect));
        if self.kind(node) == Kind::Simple || redirects.is_empty() {
            return value;
        }
        headed("redir", std::iter::once(value).chain(redirects).collect())
    }

    /// The parser that this is compared with takes what follows a function in the and-or list for its body.
    fn function(&self, node: usize, steps: &mut Steps) -> Value {
        let name = self.children_of(node, Kind::ShellWord).next().map(|name| self.source(name, name));
        let body = self.children(node).last().map(|body| self.command(body, steps)).unwrap_or_default();
        let body = self.piped(body, steps);
        json!(["func", name, self.joined(body, steps)])
    }

    fn coproc(&self, node: usize) -> Value {
        let command = self.children(node).last().unwrap_or(node);
        json!(["bg", self.command(command, &mut Vec::new().into_iter().peekable())])
    }

    fn compound(&self, node: usize) -> Value {
        let head = self.source(node + 1, node + 1);
        match self.kind(node) {
            Kind::Subshell => {
                headed("()", self.children_of(node, Kind::List).flat_map(|l| self.statements(l)).collect())
            }
            Kind::Brace => {
                headed("{}", self.children_of(node, Kind::List).flat_map(|l| self.statements(l)).collect())
            }
            Kind::If => self.if_clause(self.lists(node)),
            Kind::Loop => headed(&head, self.lists(node)),
            Kind::For => self.for_clause(node, &head),
            Kind::Case => self.case(node),
            Kind::Test | Kind::Arith => json!([head, self.bracketed(node)]),
            _ => json!(["?", self.source(node, node)]),
        }
    }

    /// From the brackets that open to those that close.
    fn bracketed(&self, node: usize) -> String {
        let texts = self.children_of(node, Kind::Text).next().unwrap_or(node);
        self.source(texts - 1, texts + 1)
    }

    /// Conditions and bodies in turn, perhaps one more for the else.
    fn if_clause(&self, mut lists: Vec<Value>) -> Value {
        let mut otherwise = if lists.len() % 2 == 1 { lists.pop() } else { None };
        while let (Some(body), Some(condition)) = (lists.pop(), lists.pop()) {
            let mut clause = vec![condition, body];
            clause.extend(otherwise.filter(|_| self.may_nest()));
            let clause = headed("if", clause);
            if lists.is_empty() {
                return clause;
            }
            otherwise = Some(json!([clause]));
        }
        Value::Null
    }

    fn for_clause(&self, node: usize, head: &str) -> Value {
        let mut out = self.words(self.children_of(node, Kind::ShellWord));
        if self.children_of(node, Kind::Text).next().is_some() {
            out.push(self.bracketed(node).into());
        }
        out.extend(self.lists(node));
        headed(head, out)
    }

    fn case(&self, node: usize) -> Value {
        let mut out = self.words(self.children_of(node, Kind::ShellWord));
        for item in self.children_of(node, Kind::CaseItem) {
            let patterns = self.words(self.children_of(item, Kind::ShellWord));
            let mut value = vec![Value::Array(patterns)];
            value.extend(self.children_of(item, Kind::List).flat_map(|list| self.statements(list)));
            out.push(Value::Array(value));
        }
        headed("case", out)
    }

    /// Words, assignments and redirections; behind them what stands in their substitutions and heredocs.
    fn words(&self, nodes: impl Iterator<Item = usize>) -> Vec<Value> {
        let (mut words, mut after) = (Vec::new(), Vec::new());
        for node in nodes {
            let text = match self.kind(node) {
                Kind::Redirect => self.redirect(node, &mut after),
                Kind::Assignment | Kind::ShellWord => self.word(node, &mut after),
                _ => continue,
            };
            words.push(Value::String(text));
        }
        words.append(&mut after);
        words
    }

    fn redirect(&self, node: usize, after: &mut Vec<Value>) -> String {
        let operator = self.source(node + 1, node + 1);
        let target = self.children_of(node, Kind::ShellWord).next();
        let text = operator + &target.map(|word| self.word(word, after)).unwrap_or_default();
        if let Ok(index) = self.bodies.binary_search_by_key(&node, |(redirect, _)| *redirect) {
            after.push(json!(["doc", self.heredoc(self.bodies[index].1)]));
        }
        text
    }

    /// The text of a body without the line that ends it.
    fn heredoc(&self, body: usize) -> String {
        let bytes = self.bytes(body);
        let lines = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        lossy(&bytes[..memchr::memrchr(b'\n', lines).map_or(0, |newline| newline + 1)])
    }

    fn word(&self, node: usize, after: &mut Vec<Value>) -> String {
        if self.children(node).next().is_none() {
            return self.source(node, node);
        }
        let mut text = String::new();
        for part in self.children(node) {
            if self.kind(part) == Kind::Text {
                text += &self.source(part, part);
                continue;
            }
            text += match self.bytes(part + 1) {
                b"<(" => "<()",
                b">(" => ">()",
                _ => "$()",
            };
            after.push(headed("sub", self.children(part).flat_map(|list| self.statements(list)).collect()));
        }
        text
    }
}

fn next_operator(steps: &mut Steps, wanted: [&str; 2]) -> Option<&'static str> {
    steps.peek().map(|step| step.operator).filter(|operator| wanted.contains(operator))
}

fn headed(head: &str, items: Vec<Value>) -> Value {
    std::iter::once(Value::from(head)).chain(items).collect()
}

/// Text where each byte that is no UTF-8 is a replacement character.
fn lossy(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    out
}
