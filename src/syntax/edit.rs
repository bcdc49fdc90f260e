//! The only mutators of the tree.
//!
//! An instruction is never patched in place: a mutator moves whole items, or writes new bytes for an instruction and
//! reads them again, so that a tree is always what parsing its own text gives. Ids survive; a merged instruction keeps
//! the id of its first part. Blank lines and comments go where [`Dockerfile::block`] says that they belong.

mod merge;

use std::borrow::Cow;
use std::ops::Range;

use super::file;
use super::tree::{Dockerfile, Id, Instruction, Item, Keyword, Shell};

pub use self::merge::{By, Joint, Wrap, fits};

/// A change to the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The instruction goes, with the comments that belong to it, to right above `before` and its comments.
    MoveBefore {
        /// What moves.
        what: Id,
        /// What it then stands above.
        before: Id,
    },
    /// The instruction goes, with its comments, to right below `after`.
    MoveAfter {
        /// What moves.
        what: Id,
        /// What it then stands below.
        after: Id,
    },
    /// A new instruction, one line of text without its ending, right above `before` and its comments.
    InsertBefore {
        /// The text.
        text: Vec<u8>,
        /// What it then stands above.
        before: Id,
    },
    /// RUN `second`, which follows `first`, goes to its end; the comments between become lines inside.
    Merge {
        /// Keeps its id.
        first: Id,
        /// Goes.
        second: Id,
        /// What stands between them.
        joint: Joint,
    },
    /// The instruction goes. No comment may belong to it.
    Remove {
        /// What goes.
        what: Id,
    },
    /// The instruction gets another text; what trails it stays.
    Replace {
        /// Keeps its id.
        what: Id,
        /// The text, from its keyword to its last token.
        text: Vec<u8>,
    },
}

impl Edit {
    /// The instruction whose text it changes.
    pub fn changes(&self) -> Option<Id> {
        match self {
            Self::Merge { first, .. } => Some(*first),
            Self::Replace { what, .. } => Some(*what),
            _ => None,
        }
    }
}

/// An edit that does not fit the tree: a bug of whoever planned it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit(pub &'static str);

impl<'s> Dockerfile<'s> {
    /// Makes the edits, in order.
    ///
    /// # Errors
    /// The first that does not fit; the tree is then to be thrown away.
    pub fn apply(&mut self, edits: &[Edit]) -> Result<(), Misfit> {
        edits.iter().try_for_each(|edit| match edit {
            Edit::MoveBefore { what, before } => self.move_before(*what, *before),
            Edit::MoveAfter { what, after } => self.move_after(*what, *after),
            Edit::InsertBefore { text, before } => self.insert_before(text, *before).map(|_| ()),
            Edit::Merge { first, second, joint } => self.merge(*first, *second, *joint),
            Edit::Remove { what } => self.remove(*what),
            Edit::Replace { what, text } => self.replace(*what, text),
        })
    }

    /// Where an instruction stands among the items.
    pub fn position(&self, id: Id) -> Option<usize> {
        self.items.iter().position(|i| i.instruction().is_some_and(|i| i.id == id))
    }

    /// The items that belong together: the comment lines directly above the instruction, and itself. Comments that a
    /// blank line divides from it are a heading, and stay where they are.
    pub fn block(&self, position: usize) -> Range<usize> {
        let comments =
            self.items[..position].iter().rev().take_while(|i| matches!(i, Item::Comment(_))).count();
        position - comments..position + 1
    }

    fn at(&self, id: Id) -> Result<usize, Misfit> {
        self.position(id).ok_or(Misfit("there is no such instruction"))
    }

    fn move_before(&mut self, what: Id, before: Id) -> Result<(), Misfit> {
        let block: Vec<Item> = self.take(what)?;
        let to = self.block(self.at(before)?).start;
        self.put(to, block);
        Ok(())
    }

    fn move_after(&mut self, what: Id, after: Id) -> Result<(), Misfit> {
        let block: Vec<Item> = self.take(what)?;
        let to = self.at(after)? + 1;
        self.put(to, block);
        Ok(())
    }

    /// Takes an instruction out with its comments. Of blank lines on both sides of it those above go too.
    fn take(&mut self, what: Id) -> Result<Vec<Item<'s>>, Misfit> {
        let range = self.block(self.at(what)?);
        let blank = |i: Option<&Item>| matches!(i, Some(Item::Blank(_)));
        let start = range.start;
        let doubled = start > 0 && blank(self.items.get(start - 1)) && blank(self.items.get(range.end));
        let block: Vec<Item> = self.items.drain(range).collect();
        if doubled {
            let above = self.items[..start].iter().rev().take_while(|i| matches!(i, Item::Blank(_))).count();
            self.items.drain(start - above..start);
        }
        Ok(block)
    }

    fn remove(&mut self, what: Id) -> Result<(), Misfit> {
        match self.take(what)?.len() {
            1 => Ok(()),
            _ => Err(Misfit("a comment belongs to what goes")),
        }
    }

    fn replace(&mut self, what: Id, text: &[u8]) -> Result<(), Misfit> {
        let (at, escape) = (self.at(what)?, self.escape);
        let Item::Instruction(i) = &mut self.items[at] else {
            return Err(Misfit("there is no such instruction"));
        };
        let whole = [text, &i.text[i.end()..]].concat();
        **i = read(whole, escape, i.shell, i.id);
        Ok(())
    }

    fn put(&mut self, at: usize, block: Vec<Item<'s>>) {
        self.end_line_before(at);
        self.items.splice(at..at, block);
        let last = self.items.len() - 1;
        (0..last).for_each(|n| self.end_line(n));
    }

    fn end_line_before(&mut self, at: usize) {
        if at > 0 {
            self.end_line(at - 1);
        }
    }

    /// Gives the item a line ending where it has none, and closes a continuation: the last of a file may lack the one
    /// and leave open the other.
    fn end_line(&mut self, at: usize) {
        let item = &self.items[at];
        let end = item.instruction().map_or(item.text().len(), Instruction::end);
        let is_open = !item.text()[end..].trim_ascii().is_empty();
        if item.text().ends_with(b"\n") && !is_open {
            return;
        }
        let mut text = if is_open { item.text()[..end].to_vec() } else { item.text().to_vec() };
        text.extend_from_slice(self.ending.bytes());
        let escape = self.escape;
        match &mut self.items[at] {
            Item::Directive(t) | Item::Comment(t) | Item::Blank(t) => *t = Cow::Owned(text),
            Item::Instruction(i) => **i = read(text, escape, i.shell, i.id),
        }
    }

    /// Adds an instruction; gives its id.
    ///
    /// # Errors
    /// Where `before` is not there.
    pub fn insert_before(&mut self, text: &[u8], before: Id) -> Result<Id, Misfit> {
        let position = self.at(before)?;
        let shell = self.instruction_at(position).map_or(Shell::Posix, |i| i.shell);
        let at = self.block(position).start;
        let mut text = text.to_vec();
        text.extend_from_slice(self.ending.bytes());
        let id = Id(self.next_id);
        self.next_id += 1;
        let made = read(text, self.escape, shell, id);
        self.put(at, vec![Item::Instruction(Box::new(made))]);
        Ok(id)
    }

    fn merge(&mut self, first: Id, second: Id, joint: Joint) -> Result<(), Misfit> {
        let (a, b) = (self.at(first)?, self.at(second)?);
        if a >= b || self.items[a + 1..b].iter().any(|i| i.instruction().is_some()) {
            return Err(Misfit("the RUNs do not follow each other"));
        }
        let (Item::Instruction(one), Item::Instruction(two)) = (&self.items[a], &self.items[b]) else {
            return Err(Misfit("there is no such instruction"));
        };
        if [one, two].iter().any(|i| i.keyword != Keyword::Run) {
            return Err(Misfit("only RUNs are joined"));
        }
        let text = merge::merged(one, &self.items[a + 1..b], two, joint, self.escape, self.ending)?;
        let merged = read(text, self.escape, one.shell, first);
        self.items.drain(a + 1..=b);
        self.items[a] = Item::Instruction(Box::new(merged));
        Ok(())
    }
}

/// Reads an instruction of our own making.
fn read<'s>(text: Vec<u8>, escape: u8, shell: Shell, id: Id) -> Instruction<'s> {
    let parsed = file::read(&text, escape, shell);
    debug_assert_eq!(parsed.len, text.len(), "a made instruction is one instruction");
    parsed.shape.into_instruction(id, Cow::Owned(text))
}
