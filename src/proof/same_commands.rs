//! The relation of merges: every stage runs the same commands, in the same order and in the same state.
//!
//! A stage is flattened: each instruction is itself, a RUN that is a plain list is its commands. What stands between
//! two RUNs stands between their commands too, so folder, user, shell and variables are the same where the sequences
//! are. A RUN that took in another holds nothing but commands that the table knows: none leaves anything in the shell.

use crate::model::command::{Run, table};
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// Whether `after` runs what `before` runs.
///
/// # Errors
/// What differs.
pub fn same(before: &Dockerfile, after: &Dockerfile) -> Result<(), &'static str> {
    let (mut a, mut b) = (Atoms::default(), Atoms::default());
    a.read(before);
    b.read(after);
    if a.atoms != b.atoms {
        return Err("the commands are not the same in the same order");
    }
    let own: std::collections::HashSet<&[u8]> = before.instructions().map(Instruction::line).collect();
    for i in after.instructions().filter(|i| i.keyword == Keyword::Run && !own.contains(i.line())) {
        let run = Run::of(i).map_err(|_| "a merged RUN is no plain list")?;
        if run.commands.iter().any(|c| table::concern(c).is_none()) {
            return Err("a merged RUN holds a command that is not known");
        }
    }
    Ok(())
}

/// What a file does, piece by piece.
#[derive(Default)]
struct Atoms<'a> {
    atoms: Vec<Vec<&'a [u8]>>,
}

impl<'a> Atoms<'a> {
    fn read(&mut self, file: &'a Dockerfile) {
        for i in file.instructions() {
            match Run::of(i) {
                Ok(run) if i.keyword == Keyword::Run => {
                    for command in run.commands {
                        let words = command.words.iter().map(|w| w.text);
                        self.atoms.push(i.flags().chain(words).collect());
                    }
                }
                _ => self.atoms.push(vec![i.logical_text()]),
            }
        }
    }
}
