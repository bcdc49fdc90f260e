//! One wrong byte at each place of a right layout, and bytes without any sense.

use super::{RIGHT, Sides, same_shell};

fn is_right(before: &str, after: &[u8]) -> bool {
    same_shell(&Sides { before: before.as_bytes(), after, escape: b'\\' }, false).is_ok()
}

/// Bytes that stand for something: all but blanks and the ends of lines.
fn places(text: &str) -> impl Iterator<Item = usize> {
    (0..text.len()).filter(|&at| !text.as_bytes()[at].is_ascii_whitespace())
}

#[test]
fn a_changed_byte_is_seen() {
    for (before, after) in RIGHT {
        for at in places(after) {
            // The case of the keyword is free.
            for wrong in (0..=255_u8).filter(|wrong| !wrong.eq_ignore_ascii_case(&after.as_bytes()[at])) {
                let mut bytes = after.as_bytes().to_vec();
                bytes[at] = wrong;
                assert!(!is_right(before, &bytes), "{}", bytes.escape_ascii());
            }
        }
    }
}

#[test]
fn a_lost_byte_is_seen() {
    for (before, after) in RIGHT {
        for at in places(after) {
            let mut bytes = after.as_bytes().to_vec();
            bytes.remove(at);
            assert!(!is_right(before, &bytes), "{}", bytes.escape_ascii());
        }
    }
}

#[test]
fn an_added_byte_is_seen() {
    for (before, after) in RIGHT {
        for at in 0..=after.len() {
            for wrong in *b"x'\"#&;|()<>$`\\" {
                let mut bytes = after.as_bytes().to_vec();
                bytes.insert(at, wrong);
                assert!(!is_right(before, &bytes), "{}", bytes.escape_ascii());
            }
        }
    }
}

/// Between two bytes of a word no blank may come.
#[test]
fn a_blank_inside_a_word_is_seen() {
    let in_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_-=/.,:'\"`${}".contains(&byte);
    for (before, after) in RIGHT {
        let words = after.as_bytes().windows(2).enumerate();
        for (at, _) in words.filter(|(_, pair)| in_word(pair[0]) && in_word(pair[1])) {
            for blank in *b" \t\n" {
                let mut bytes = after.as_bytes().to_vec();
                bytes.insert(at + 1, blank);
                assert!(!is_right(before, &bytes), "{}", bytes.escape_ascii());
            }
        }
    }
}

/// Pieces that open, close, end and hide things.
const SHARDS: &[&str] = &[
    "RUN ", "a", "b ", " ", "\t", "\n", "\r\n", "\\", "\\\n", "\\ \r\n", "'", "\"", "`", "$", "$(", "$((",
    "${", "}", "(", ")", "((", "))", "[[ ", " ]]", "@(", "=(", "<(", "<<", "<<-", "<<<", "<<A\n", "A\n",
    "\tA\n", ">", "&", "&&", "|", ";", ";;", "#", "# c\n", "case ", " in ", " esac", "$'", "--x=", "\u{a0}",
    "\0", "2", "{", "! ", "\u{e9}",
];

/// A small generator of numbers, so that a failure can be repeated.
fn next(seed: &mut u64) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    (*seed >> 11) as usize
}

fn any_text(seed: &mut u64) -> Vec<u8> {
    let mut text = if next(seed).is_multiple_of(4) { Vec::new() } else { b"RUN <<A\n".to_vec() };
    text.truncate(if next(seed).is_multiple_of(2) { 4 } else { 8 });
    for _ in 0..next(seed) % 24 {
        match next(seed) % 32 {
            0 => text.push(next(seed) as u8),
            _ => text.extend_from_slice(SHARDS[next(seed) % SHARDS.len()].as_bytes()),
        }
    }
    text
}

#[test]
fn any_bytes_are_the_same_as_themselves() {
    let mut seed = 0x2545_f491_4f6c_dd1d;
    for _ in 0..40_000 {
        let text = any_text(&mut seed);
        let (escape, script) =
            (if next(&mut seed).is_multiple_of(4) { b'`' } else { b'\\' }, next(&mut seed).is_multiple_of(2));
        let sides = Sides { before: &text, after: &text, escape };
        let judged = same_shell(&sides, script);
        // What follows the line may be of another instruction.
        assert!(
            judged.is_ok_and(|()| true) || judged.is_err_and(|wrong| wrong.what == "text follows"),
            "{}",
            text.escape_ascii()
        );
    }
}

#[test]
fn any_two_texts_are_judged_alike_from_both_sides() {
    let mut seed = 0x9e37_79b9_7f4a_7c15;
    for _ in 0..40_000 {
        let before = any_text(&mut seed);
        let mut after = before.clone();
        let at = next(&mut seed) % (after.len() + 1);
        after.insert(at, b" \t\n\\;"[next(&mut seed) % 5]);
        let judge = |before: &[u8], after: &[u8]| same_shell(&Sides { before, after, escape: b'\\' }, true);
        let (there, back) = (judge(&before, &after), judge(&after, &before));
        let goes_on = |judged: Result<(), super::Difference>| {
            judged.is_err_and(|wrong| wrong.what == "the last line goes on")
        };
        let alike = there.is_ok() == back.is_ok() || goes_on(there) || goes_on(back);
        assert!(alike, "{} to {}", before.escape_ascii(), after.escape_ascii());
    }
}

#[test]
fn time_is_linear() {
    for shard in
        SHARDS.iter().chain(&["$(a ", "((", "a=(", "${a:-", "\"$(", "<<A ", "\\\n#\n", "$'\\'", "\"${a:-'"])
    {
        for start in ["RUN ", "RUN <<A\n"] {
            let text = [start.as_bytes(), shard.repeat(200_000).as_bytes(), b"\nA\n"].concat();
            let begin = std::time::Instant::now();
            let _ = same_shell(&Sides { before: &text, after: &text, escape: b'\\' }, true);
            assert!(begin.elapsed().as_secs() < 5, "{shard:?}");
        }
    }
}
