//! Every mutator at every place where it fits: the edited tree is what parsing its own text gives.

use dfmt::syntax::edit::{self, Edit, Joint, Misfit};
use dfmt::syntax::tree::{Dockerfile, Id, Instruction, Item, Keyword};
use dfmt::syntax::{parse, print};

use crate::support::fixtures::{self, Fixture};
use crate::support::laws;

/// The fixtures that `BuildKit` takes and that are short enough to be edited everywhere.
fn files() -> Vec<Fixture> {
    let fits = |f: &Fixture| f.bytes.len() < 4000 && parse(&f.bytes).errors.is_empty();
    let found: Vec<Fixture> = fixtures::all().into_iter().filter(fits).collect();
    assert!(found.len() > 150, "{}", found.len());
    found
}

fn ids(file: &Dockerfile) -> Vec<Id> {
    file.instructions().map(|i| i.id).collect()
}

/// The instructions between two, both included, whichever comes first.
fn between<'a>(file: &'a Dockerfile, one: Id, two: Id) -> Vec<&'a Instruction<'a>> {
    let all: Vec<&Instruction> = file.instructions().collect();
    let at = |id: Id| all.iter().position(|i| i.id == id).unwrap();
    let (from, to) = (at(one).min(at(two)), at(one).max(at(two)));
    all[from..=to].to_vec()
}

/// Whether one may go where the other stands: no stage and no shell changes on the way, and what would swallow the
/// lines that come to stand below it stays.
fn may_meet(file: &Dockerfile, one: Id, two: Id) -> bool {
    let stays = |i: &&Instruction| matches!(i.keyword, Keyword::From | Keyword::Shell) || i.trails_anything();
    !between(file, one, two).iter().any(stays)
}

/// The edit on a copy; the copy prints and is read again as itself.
#[track_caller]
fn edited<'s>(name: &str, file: &Dockerfile<'s>, edit: &Edit) -> Dockerfile<'s> {
    let mut copy = file.clone();
    assert_eq!(copy.apply(std::slice::from_ref(edit)), Ok(()), "{name}: {edit:?}");
    is_what_its_text_gives(name, &copy, edit);
    copy
}

#[track_caller]
fn is_what_its_text_gives(name: &str, file: &Dockerfile, edit: &Edit) {
    let text = print(file);
    let again = laws::parsed(&text);
    let shown = || format!("{name}: {edit:?}\n{}", String::from_utf8_lossy(&text));
    assert_eq!(again.errors, [], "{}", shown());
    let pieces =
        |f: &Dockerfile| -> Vec<_> { f.items.iter().map(|i| (kind(i), i.text().to_vec())).collect() };
    assert_eq!(pieces(file), pieces(&again), "{}", shown());
    assert_eq!((file.bom, file.escape), (again.bom, again.escape), "{}", shown());
    for (made, read) in file.instructions().zip(again.instructions()) {
        assert_eq!((made.keyword, made.shell), (read.keyword, read.shell), "{}", shown());
        assert_eq!(made.nodes, read.nodes, "{}", shown());
        assert_eq!((&made.logical, &made.heredocs), (&read.logical, &read.heredocs), "{}", shown());
    }
}

const fn kind(item: &Item) -> &'static str {
    match item {
        Item::Directive(_) => "directive",
        Item::Comment(_) => "comment",
        Item::Blank(_) => "blank",
        Item::Instruction(_) => "instruction",
    }
}

/// The comment lines directly above an instruction.
fn own_comments(file: &Dockerfile, id: Id) -> Vec<Vec<u8>> {
    let block = file.block(file.position(id).unwrap());
    file.items[block].iter().filter(|i| i.instruction().is_none()).map(|i| i.text().to_vec()).collect()
}

#[track_caller]
fn nothing_is_lost(name: &str, before: &Dockerfile, after: &Dockerfile) {
    assert_eq!(laws::comments(before), laws::comments(after), "{name}");
    for i in before.instructions() {
        let now = after.instruction(i.id).unwrap();
        assert_eq!(i.text[..i.end()], now.text[..now.end()], "{name}");
        assert_eq!(own_comments(before, i.id), own_comments(after, i.id), "{name}");
    }
}

#[test]
fn moves() {
    let mut count = 0;
    for fixture in files() {
        let file = parse(&fixture.bytes);
        let all = ids(&file);
        let pairs = all.iter().flat_map(|a| all.iter().map(move |b| (*a, *b)));
        for (what, other) in pairs.filter(|(a, b)| a != b && may_meet(&file, *a, *b)) {
            for down in [false, true] {
                let edit = if down {
                    Edit::MoveAfter { what, after: other }
                } else {
                    Edit::MoveBefore { what, before: other }
                };
                let after = edited(&fixture.name, &file, &edit);
                let mut want: Vec<Id> = all.iter().copied().filter(|id| *id != what).collect();
                let at = want.iter().position(|id| *id == other).unwrap();
                want.insert(at + usize::from(down), what);
                assert_eq!(ids(&after), want, "{}: {edit:?}", fixture.name);
                nothing_is_lost(&fixture.name, &file, &after);
                count += 1;
            }
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn a_move_there_and_back_gives_the_instructions_back() {
    for fixture in files() {
        let file = parse(&fixture.bytes);
        let all = ids(&file);
        for pair in all.windows(2).filter(|pair| may_meet(&file, pair[0], pair[1])) {
            let mut copy = file.clone();
            let there = Edit::MoveBefore { what: pair[1], before: pair[0] };
            let back = Edit::MoveAfter { what: pair[1], after: pair[0] };
            assert_eq!(copy.apply(&[there, back.clone()]), Ok(()));
            assert_eq!(ids(&copy), all);
            is_what_its_text_gives(&fixture.name, &copy, &back);
            nothing_is_lost(&fixture.name, &file, &copy);
        }
    }
}

#[test]
fn insertions() {
    let texts: [&[u8]; 2] = [b"COPY a b", b"LABEL \xff=1"];
    for fixture in files() {
        let file = parse(&fixture.bytes);
        for before in file.instructions().filter(|i| i.keyword != Keyword::From && i.keyword != Keyword::Arg)
        {
            for text in texts {
                let edit = Edit::InsertBefore { text: text.to_vec(), before: before.id };
                let after = edited(&fixture.name, &file, &edit);
                let fresh: Vec<Id> =
                    ids(&after).into_iter().filter(|id| file.instruction(*id).is_none()).collect();
                assert_eq!(fresh.len(), 1);
                let order = ids(&after);
                let at = order.iter().position(|id| *id == before.id).unwrap();
                assert_eq!(order[at - 1], fresh[0], "{}", fixture.name);
                nothing_is_lost(&fixture.name, &file, &after);
                assert!(after.instruction(fresh[0]).unwrap().text.starts_with(text));
            }
        }
    }
}

/// Whether a RUN has shell text that can be joined to another.
fn is_plain(i: &Instruction) -> bool {
    i.keyword == Keyword::Run && edit::fits(i).is_ok()
}

#[test]
fn merges() {
    let mut count = 0;
    for fixture in files() {
        let file = parse(&fixture.bytes);
        let all: Vec<&Instruction> = file.instructions().collect();
        for pair in all.windows(2).filter(|pair| is_plain(pair[0]) && is_plain(pair[1])) {
            let (first, second) = (pair[0].id, pair[1].id);
            let after = edited(&fixture.name, &file, &Edit::Merge { first, second, joint: Joint::default() });
            let mut want = ids(&file);
            want.retain(|id| *id != second);
            assert_eq!(ids(&after), want, "{}", fixture.name);
            assert_eq!(laws::comments(&file), laws::comments(&after), "{}", fixture.name);
            assert_eq!(own_comments(&file, first), own_comments(&after, first), "{}", fixture.name);
            joined_text_is_both(pair[0], pair[1], after.instruction(first).unwrap());
            count += 1;
        }
    }
    assert!(count > 80, "{count}");
}

/// The merged text is the first one's, `&&`, and the second one's behind its flags; blanks between may be any.
#[track_caller]
fn joined_text_is_both(first: &Instruction, second: &Instruction, merged: &Instruction) {
    let text =
        |i: &Instruction| String::from_utf8_lossy(i.line()).trim().trim_end_matches([';', ' ']).to_string();
    let command = |i: &Instruction| {
        let (_, script) = i.find(dfmt::syntax::node::Kind::Script).unwrap();
        String::from_utf8_lossy(i.node_text(script)).into_owned()
    };
    let merged = text(merged);
    let rest = merged.strip_prefix(&text(first)).unwrap().trim_start();
    assert_eq!(rest.strip_prefix("&& ").unwrap(), command(second).trim_end_matches([';', ' ']));
}

/// The instructions below the first FROM whose text decides nothing about others.
fn inner<'a>(file: &'a Dockerfile) -> Vec<&'a Instruction<'a>> {
    let below = file.instructions().skip_while(|i| i.keyword != Keyword::From);
    let is_inner = |i: &&Instruction| {
        !matches!(i.keyword, Keyword::From | Keyword::Shell) && !i.trails_anything() && i.heredocs.is_empty()
    };
    below.filter(is_inner).collect()
}

#[test]
fn removals() {
    let mut count = 0;
    for fixture in files() {
        let file = parse(&fixture.bytes);
        for i in inner(&file) {
            let edit = Edit::Remove { what: i.id };
            if !own_comments(&file, i.id).is_empty() {
                let answer = file.clone().apply(std::slice::from_ref(&edit));
                assert!(matches!(answer, Err(Misfit(_))), "{}: {edit:?}", fixture.name);
                continue;
            }
            let after = edited(&fixture.name, &file, &edit);
            let mut want = ids(&file);
            want.retain(|id| *id != i.id);
            assert_eq!(ids(&after), want, "{}", fixture.name);
            for id in want {
                assert_eq!(own_comments(&file, id), own_comments(&after, id), "{}", fixture.name);
            }
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn replacements() {
    let mut count = 0;
    for fixture in files() {
        let file = parse(&fixture.bytes);
        for i in inner(&file) {
            let same = Edit::Replace { what: i.id, text: i.text[..i.end()].to_vec() };
            assert_eq!(print(&edited(&fixture.name, &file, &same)), fixture.bytes, "{}", fixture.name);
            let other = Edit::Replace { what: i.id, text: b"LABEL a=b".to_vec() };
            let after = edited(&fixture.name, &file, &other);
            assert_eq!(ids(&after), ids(&file), "{}", fixture.name);
            let made = after.instruction(i.id).unwrap();
            assert_eq!(&made.text[..made.end()], b"LABEL a=b", "{}", fixture.name);
            assert_eq!(own_comments(&file, i.id), own_comments(&after, i.id), "{}", fixture.name);
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn what_does_not_fit_is_refused() {
    for fixture in files() {
        let file = parse(&fixture.bytes);
        let all: Vec<&Instruction> = file.instructions().collect();
        let nobody = Id(1_000_000);
        let first = all[0].id;
        let mut edits = vec![
            Edit::MoveBefore { what: nobody, before: first },
            Edit::MoveBefore { what: first, before: nobody },
            Edit::MoveAfter { what: first, after: nobody },
            Edit::InsertBefore { text: b"RUN a".to_vec(), before: nobody },
            Edit::Merge { first, second: nobody, joint: Joint::default() },
            Edit::Remove { what: nobody },
            Edit::Replace { what: nobody, text: b"RUN a".to_vec() },
            Edit::Merge { first, second: first, joint: Joint::default() },
        ];
        for (at, one) in all.iter().enumerate() {
            for (to, two) in all.iter().enumerate() {
                if to != at + 1 || !is_plain(one) || !is_plain(two) {
                    edits.push(Edit::Merge { first: one.id, second: two.id, joint: Joint::default() });
                }
            }
        }
        for edit in edits {
            let answer = file.clone().apply(std::slice::from_ref(&edit));
            assert!(matches!(answer, Err(Misfit(_))), "{}: {edit:?}", fixture.name);
        }
    }
}
