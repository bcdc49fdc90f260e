//! Layout, systematically: a comment, an empty line, a lone escape in every gap of texts that hold every construct.

use dfmt::config::Config;
use dfmt::syntax::parse;

use crate::support::laws;

/// Each text is one instruction; the gaps are where the tests break the line.
const TEXTS: &[&str] = &[
    "RUN apt-get update && apt-get install -y --no-install-recommends curl git make && rm -rf /var/lib/apt/lists/*",
    "RUN set -eux; echo a; test -f b || exit 1; echo c | sort | uniq > d 2>&1; server & wait",
    "RUN if [ -f a ]; then echo a; elif [ -f b ]; then echo b; else echo c; fi && echo d",
    "RUN for n in 1 2 3; do echo $n; done; while read -r l; do echo $l; done < f; until true; do false; done",
    "RUN case $a in x | y) echo a ;; (z) echo b; echo c ;; *) ;; esac && echo d",
    "RUN f() { echo a; echo b; }; (cd /a && f) && { f; } > log || ( ( f ) )",
    "RUN ! time A=1 B=\"two words\" cmd 'three  words' $(echo a | b) `c` ${d:-e f} $((1 + 2))",
    "RUN --mount=type=cache,target=/c --network=none make all && make install",
    "RUN --mount=type=cache,target=/c\tpip install a b c d",
    "ENV A=1 B=\"two words\" C=3",
    "ENV KEY value",
    "LABEL key two words",
    "ARG A B=2",
    "COPY --from=build --chown=a:b /one /two /three/",
    "ADD [\"a b\", \"c\"]",
    "CMD [\"a\", \"b c\"]",
    "CMD echo one && echo two",
    "ENTRYPOINT exec top -b",
    "HEALTHCHECK --interval=3s CMD curl -f http://localhost/ || exit 1",
    "HEALTHCHECK --interval=3s CMD [\"curl\", \"-f\"]",
    "EXPOSE 80 443/tcp",
    "VOLUME /a /b",
    "USER app:app",
    "WORKDIR /a/b",
    "ONBUILD RUN make all && echo",
    "SHELL [\"/bin/sh\", \"-c\"]",
    "STOPSIGNAL SIGTERM",
    "FROM --platform=linux/amd64 alpine AS build",
];

/// Constructs of bash alone.
const BASH: &[&str] = &[
    "RUN [[ -n $a && $b == c ]] && (( n += 1 )) && for ((i = 0; i < 3; i++)); do echo $i; done",
    "RUN a=(1 2 3) b+=(4) && diff <(sort a) <(sort b) && cat <<< here |& sort &> log",
    "RUN function f { echo a; }; select x in a b; do break; done; coproc f",
];

/// What is put in the place of a blank.
const BREAKS: &[&str] = &[
    " \\\n    ",
    "\\\n ",
    " \\\n    # a comment of its own\n    ",
    " \\\n# one \\\n\t# two\n  ",
    " \\\n\n    ",
    " \\\n \\\n   ",
    " \\\n\\\n\\\n   # behind two lone ones\n \n \\\n   ",
    "\t \\ \t\n\t",
];

/// A file that holds the text as one of its instructions.
fn file_with(text: &str, bash: bool) -> String {
    let shell = if bash { "SHELL [\"/bin/bash\", \"-c\"]\n" } else { "" };
    let name = if text.starts_with("FROM") { "" } else { "FROM debian:12\n" };
    format!("{name}{shell}{text}\nRUN true\n")
}

fn blanks(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.char_indices().filter(|(_, c)| matches!(c, ' ' | '\t')).map(|(at, _)| at)
}

fn configs() -> Vec<Config> {
    let mut without_align = laws::only(&["layout"]);
    without_align.rules.skip.push("align-backslashes".to_string());
    let narrow = Config { line_width: 30, ..laws::only(&["layout"]) };
    vec![laws::only(&["layout"]), without_align, narrow]
}

/// Lays out; the laws hold, and the instruction has the same tokens as the text on one line.
#[track_caller]
fn check(source: &str, config: &Config) {
    let output = laws::text(source.as_bytes(), config, &laws::no_context);
    let (before, after) = (parse(source.as_bytes()), parse(&output));
    assert_eq!(before.errors, [], "{source}");
    let words = |file: &dfmt::syntax::tree::Dockerfile| -> Vec<String> {
        let all = file.instructions().flat_map(|i| i.logical_text().to_vec()).collect::<Vec<u8>>();
        String::from_utf8(all).unwrap().chars().filter(|c| !c.is_whitespace()).map(String::from).collect()
    };
    let respelled =
        |words: Vec<String>| words.into_iter().filter(|c| !"=\"\\".contains(&**c)).collect::<String>();
    assert_eq!(respelled(words(&before)), respelled(words(&after)), "{source}");
}

fn all_texts() -> impl Iterator<Item = (&'static str, bool)> {
    TEXTS.iter().map(|t| (*t, false)).chain(BASH.iter().map(|t| (*t, true)))
}

#[test]
fn a_break_in_any_gap() {
    let configs = configs();
    let mut checked = 0;
    for (text, bash) in all_texts() {
        for at in blanks(text) {
            for gap in BREAKS {
                let broken = format!("{}{gap}{}", &text[..at], &text[at + 1..]);
                for config in &configs {
                    check(&file_with(&broken, bash), config);
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 2000, "{checked}");
}

#[test]
fn a_break_in_all_gaps() {
    for (text, bash) in all_texts() {
        for gap in BREAKS {
            let broken = text.replace([' ', '\t'], gap);
            for config in &configs() {
                check(&file_with(&broken, bash), config);
            }
        }
    }
}

#[test]
fn breaks_in_two_gaps() {
    let config = laws::only(&["layout"]);
    for (text, bash) in all_texts() {
        let at: Vec<usize> = blanks(text).collect();
        for (n, one) in at.iter().enumerate() {
            for two in &at[n + 1..] {
                let gap = BREAKS[(one + two) % BREAKS.len()];
                let broken = [&text[..*one], gap, &text[one + 1..*two], gap, &text[two + 1..]].concat();
                check(&file_with(&broken, bash), &config);
            }
        }
    }
}

#[test]
fn a_comment_belongs_to_the_token_behind_it() {
    let config = laws::only(&["layout"]);
    let text = "RUN apt-get update && apt-get install -y curl && rm -rf /a; echo b | sort || exit 1";
    for at in blanks(text).skip(1) {
        let broken = format!("FROM a\n{} \\\n    # mine\n    {}\n", &text[..at], &text[at + 1..]);
        let output = String::from_utf8(laws::text(broken.as_bytes(), &config, &laws::no_context)).unwrap();
        let behind = output.split("# mine").nth(1).unwrap().trim_start_matches(|c: char| c.is_whitespace());
        let word =
            |text: &str| text.split([' ', ';', '\n', '\\']).find(|w| !w.is_empty()).unwrap().to_string();
        let mut wanted = word(&text[at + 1..]);
        // an operator that is set to the line's beginning comes to stand between
        if !behind.starts_with(&wanted) {
            let before = text[..at].rsplit(' ').next().unwrap();
            assert!(["&&", "||", "|"].contains(&before), "{output}");
            wanted = format!("{before} {wanted}");
        }
        assert!(behind.starts_with(&wanted), "{wanted:?} does not follow in\n{output}");
    }
}

#[test]
fn line_endings_stay_to_the_byte() {
    let config = laws::only(&["layout"]);
    let lf = b"FROM debian:12\nRUN apt-get update \\\n    # a\n    && apt-get install -y curl\nCMD [\"a\", \"b\"]\n";
    let crlf: Vec<u8> =
        lf.iter().flat_map(|b| if *b == b'\n' { vec![b'\r', b'\n'] } else { vec![*b] }).collect();
    let shout =
        |text: &[u8]| String::from_utf8(text.to_vec()).unwrap().replace("RUN", "run").replace(", ", ",");
    for text in [&lf[..], &crlf] {
        let want = laws::text(text, &config, &laws::no_context);
        assert_eq!(laws::text(shout(text).as_bytes(), &config, &laws::no_context), want);
        let count = |b: u8| memchr::memchr_iter(b, &want).count();
        assert_eq!(count(b'\r'), if text == lf { 0 } else { count(b'\n') });
    }
    let want: &[u8] = b"FROM debian:12\r\nRUN apt-get update \\\r\n    # a\r\n    && apt-get install -y curl\r\nCMD [\"a\", \"b\"]\r\n";
    assert_eq!(laws::text(&crlf, &config, &laws::no_context), want);
}

#[test]
fn a_byte_order_mark_stays_where_it_is() {
    let config = laws::only(&["layout"]);
    let output = laws::text(b"\xef\xbb\xbf# escape=`\nfrom a\nrun b `\n c", &config, &laws::no_context);
    assert_eq!(output, b"\xef\xbb\xbf# escape=`\nFROM a\nRUN b `\n    c\n");
}

#[test]
fn no_comment_becomes_a_directive_and_none_stops_being_one() {
    let config = laws::only(&["layout"]);
    let heads =
        ["# escape=`", "#escape = `", "# syntax=docker/dockerfile:1", "# check=skip=all", "# ESCAPE=\\"];
    let above =
        ["", "\n", "  \n", "\n\n", "# words\n", "#\n", "#!/bin/sh\n", "# syntax=a/b\n", "# other=1\n"];
    let margins = ["", " ", "\t"];
    for above in above {
        for head in heads {
            for margin in margins {
                let source = format!("{above}{margin}{head}  \n\n\nfrom alpine\nrun echo a\n");
                let before = laws::parsed(source.as_bytes());
                let output = laws::text(source.as_bytes(), &config, &laws::no_context);
                let after = laws::parsed(&output);
                assert_eq!(before.escape, after.escape, "{source}");
                let directives = |f: &dfmt::syntax::tree::Dockerfile| {
                    f.items.iter().filter(|i| matches!(i, dfmt::syntax::tree::Item::Directive(_))).count()
                };
                assert_eq!(directives(&before), directives(&after), "{source}");
            }
        }
    }
}
