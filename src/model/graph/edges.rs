//! All dependencies of a file as pairs of instructions.
//!
//! An edge says that the two may not change places, because the build could fail or the image be another. What is not
//! known to be independent has an edge. Nothing crosses a FROM, so pairs are looked for inside stages, and beside them
//! only where a stage is named.

use super::super::place;
use super::super::stage::{self, Copy, Stage, Step};
use super::super::variables;
use super::runs::Runs;
use crate::syntax::args::flag_value;
use crate::syntax::node::Kind;
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

/// Every pair (earlier, later) of instructions, counted from 0 in file order, that may not change places.
pub fn edges(file: &Dockerfile) -> Vec<(u32, u32)> {
    let stages = stage::stages(file);
    let runs = Runs::of(file, &stages);
    let mut found = Vec::new();
    for (n, stage) in stages.iter().enumerate() {
        if let Some(from) = stage.from {
            found.extend(global_arguments(file, &stages[0], from));
            found.extend(stage.steps.iter().map(|s| (from.0, s.id.0)));
        }
        for (m, later) in stage.steps.iter().enumerate() {
            let pairs = stage.steps[..m].iter().filter(|earlier| depends(file, &runs, earlier, later));
            found.extend(pairs.map(|earlier| (earlier.id.0, later.id.0)));
        }
        let users = stage.from.into_iter().chain(stage.steps.iter().map(|s| s.id));
        for id in users {
            for used in file.instruction(id).into_iter().flat_map(|i| used_stages(file, &stages[..n], i)) {
                let all = used.from.into_iter().chain(used.steps.iter().map(|s| s.id));
                found.extend(all.map(|earlier| (earlier.0, id.0)));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// ARGs before the first FROM that a FROM names.
fn global_arguments(file: &Dockerfile, before: &Stage, from: Id) -> Vec<(u32, u32)> {
    let Some(line) = file.instruction(from).map(Instruction::line) else { return Vec::new() };
    let named = |s: &&Step| {
        let names = file.instruction_at(s.item).map(variables::names).unwrap_or_default();
        names.iter().any(|n| variables::is_named(n, line))
    };
    before.steps.iter().filter(named).map(|s| (s.id.0, from.0)).collect()
}

/// The earlier stages that an instruction takes something from, by name or by number.
fn used_stages<'a>(file: &Dockerfile, earlier: &'a [Stage], i: &Instruction) -> Vec<&'a Stage> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    if i.keyword == Keyword::From {
        names.extend(i.words().next().map(<[u8]>::to_ascii_lowercase));
    }
    for flag in i.flags().map(|f| flag_value(f, file.escape).to_ascii_lowercase()) {
        let from = memchr::memmem::find(&flag, b"from=").map(|at| &flag[at + 5..]);
        names.extend(from.map(|f| f.split(|b| *b == b',').next().unwrap_or_default().to_vec()));
    }
    let is_named = |stage: &&Stage, n: usize| {
        let name = stage.from.and_then(|id| file.instruction(id)).and_then(|i| i.words().nth(2));
        let number = n.checked_sub(1).map(|n| n.to_string().into_bytes());
        names.iter().any(|x| name.is_some_and(|n| n.eq_ignore_ascii_case(x)) || number.as_ref() == Some(x))
    };
    earlier.iter().enumerate().filter(|(n, s)| is_named(s, *n)).map(|(_, s)| s).collect()
}

/// Whether two instructions of a stage may not change places.
pub fn depends(file: &Dockerfile, runs: &Runs, earlier: &Step, later: &Step) -> bool {
    use Keyword as K;
    let (Some(a), Some(b)) = (file.instruction_at(earlier.item), file.instruction_at(later.item)) else {
        return true;
    };
    if names_a_variable_of(a, b) || names_a_variable_of(b, a) {
        return true;
    }
    match (a.keyword, b.keyword) {
        // metadata that a later one of its kind replaces
        (x, y)
            if x == y
                && matches!(x, K::Cmd | K::Entrypoint | K::Healthcheck | K::Stopsignal | K::Maintainer) =>
        {
            true
        }
        (K::Label, K::Label) => variables::names(a).iter().any(|n| variables::names(b).contains(n)),
        (K::Label | K::Expose | K::Maintainer | K::Stopsignal, _)
        | (_, K::Label | K::Expose | K::Maintainer | K::Stopsignal) => false,
        // a shell form takes in the shell at its place, but that of HEALTHCHECK is looked up when it is run
        (K::Shell, K::Cmd | K::Entrypoint) => !b.is_exec_form(),
        (K::Cmd | K::Entrypoint, K::Shell) => !a.is_exec_form(),
        (K::Cmd | K::Entrypoint | K::Healthcheck, _) | (_, K::Cmd | K::Entrypoint | K::Healthcheck) => false,
        (K::Onbuild, y) | (y, K::Onbuild) => y == K::Onbuild,
        (K::Run, K::Run) => true,
        (K::Run, _) => runs.depends(earlier, later),
        (_, K::Run) => runs.depends(later, earlier),
        (K::Env, K::Env) => true,
        (K::Env | K::Arg, K::Env | K::Arg) => {
            variables::names(a).iter().any(|n| variables::names(b).contains(n))
        }
        (K::Env | K::Arg, _) | (_, K::Env | K::Arg) => false,
        (K::Shell, y) | (y, K::Shell) => y == K::Shell,
        (K::User, y) | (y, K::User) => matches!(y, K::User | K::Workdir),
        (K::Volume, y) | (y, K::Volume) => y != K::Volume,
        (K::Workdir, K::Workdir) => true,
        _ => touch(file, (earlier, a), (later, b)),
    }
}

/// Whether `b` expands a variable that `a` sets.
fn names_a_variable_of(a: &Instruction, b: &Instruction) -> bool {
    let sets = matches!(a.keyword, Keyword::Env | Keyword::Arg);
    let expands = !matches!(
        b.keyword,
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell | Keyword::Healthcheck
    );
    sets && expands
        && b.line().contains(&b'$')
        && variables::names(a).iter().any(|n| variables::is_named(n, b.line()))
}

/// COPY, ADD and WORKDIR: whether one lies in the other, or it is not known.
fn touch(file: &Dockerfile, earlier: (&Step, &Instruction), later: (&Step, &Instruction)) -> bool {
    let is_relative =
        |i: &Instruction| Copy::of(i, file.escape).is_none_or(|c| !c.destination.starts_with('/'));
    let is_workdir = |i: &Instruction| i.keyword == Keyword::Workdir;
    let pairs = [(earlier.1, later.1), (later.1, earlier.1)];
    if pairs.into_iter().any(|(folder, copy)| is_workdir(folder) && is_relative(copy)) {
        return true;
    }
    let place = |(step, i)| target(file, step, i);
    let (Some(one), Some(other)) = (place(earlier), place(later)) else { return true };
    place::below(&one, &other).is_some() || place::below(&other, &one).is_some()
}

/// Where COPY and ADD write, or the folder that WORKDIR makes.
fn target(file: &Dockerfile, step: &Step, i: &Instruction) -> Option<String> {
    if i.keyword != Keyword::Workdir {
        return Copy::of(i, file.escape)?.target(step.cwd.as_deref());
    }
    let raw = i.find(Kind::Raw).map(|(_, n)| i.node_text(n))?;
    stage::resolve(step.cwd.as_deref(), &stage::literal(raw, file.escape)?)
}
