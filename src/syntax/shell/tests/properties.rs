//! What holds for any text: tokens tile it, nothing overflows, time grows linearly.

use serde_json::json;

use super::super::shape;
use super::{nodes, reads, refuses, shape_of};

const SEEDS: [&str; 12] = [
    "set -eux; apt-get update && apt-get install -y a b=1.* || exit 1",
    "if [ \"$(uname -m)\" = \"x\" ]; then a=`b \\`c\\` \\\"d\\\"`; else (c | d) 2>&1 >/e; fi",
    "case \"${a:-$(b)}\" in x|'y') ;; *) f \\\n g;; esac",
    "for i in 1 2 3; do echo $((i + 1)) \"`c`\"; done < <(d)",
    "cat <<E <<-'F' > a && b # c\nx $(y)\nE\n\tz\n\tF\nd",
    "f() { local a=(b c); [[ $a =~ ^(x|y)$ ]] && return; }; f &",
    "while ! read -r x; do (( x++ )); done; time a |& b",
    "a[1]=2 b+=3 c=\"d ${e%%\\}*} $'f'\" g",
    "(( a = (1 + 2) )) && ((b) | c) ; { d; } >&2\r\n",
    "echo @(a|b) ${a[@]:1:2} $[1+2] {a,b} 'x\\' \"\\\"\"",
    "coproc n { a; }; until a\ndo\nb\ndone\nselect x in y; do z; done",
    "function g\n(\n# a\nb <<< \"c\"\n)",
];

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        const LIKELY: &[u8] = b" \n\t\r\\'\"`$(){}[]<>;&|#!=aE1\xff";
        if self.below(8) == 0 { self.below(256) as u8 } else { LIKELY[self.below(LIKELY.len())] }
    }

    fn mutated(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut text = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            let at = self.below(text.len() + 1);
            let to = (at + self.below(8)).min(text.len());
            let other = &seeds[self.below(seeds.len())];
            match self.below(4) {
                0 => drop(text.drain(at..to)),
                1 => text.insert(at, self.byte()),
                2 => drop(text.splice(at..to, other[self.below(other.len())..].iter().copied())),
                _ => drop(text.splice(at..at, text[at..to].to_vec())),
            }
        }
        text
    }
}

#[test]
fn tokens_tile_any_text() {
    let seeds: Vec<Vec<u8>> = SEEDS.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    let mut random = Random(11);
    for seed in SEEDS {
        assert_eq!(shape_of(seed).1, 0, "{seed}");
    }
    for _ in 0..20_000 {
        let text = random.mutated(&seeds);
        shape(&text, &nodes(&text), 0);
        let noise: Vec<u8> = (0..random.below(40)).map(|_| random.byte()).collect();
        shape(&noise, &nodes(&noise), 0);
    }
}

#[test]
fn deep_nesting_is_refused() {
    let nested = |open: &str, close: &str, depth| open.repeat(depth) + "a" + &close.repeat(depth);
    for (open, close) in [
        ("(", ")"),
        ("( ", " )"),
        ("$(", ")"),
        ("\"$(", ")\""),
        ("${a:-", "}"),
        ("$((", "))"),
        ("<(", ")"),
        ("{ ", ";}"),
        ("if ", "; then b; fi"),
        ("while a; do ", "; done"),
        ("case a in b) ", ";; esac"),
        ("f() {", ";}"),
        ("coproc ", ""),
        ("a=(", ")"),
        ("@(", ")"),
        ("[[ ( ", " ) ]]"),
        ("`", "`"),
        ("a[", "]"),
    ] {
        for depth in [1, 10, 90, 101, 10_000] {
            let text = nested(open, close, depth);
            shape(text.as_bytes(), &nodes(text.as_bytes()), 0);
        }
        nodes(open.repeat(10_000).as_bytes());
    }
    reads(&nested("$(", ")", 1), json!(["cmd", "$()", ["sub", ["cmd", "a"]]]));
    assert_eq!(shape_of(&nested("( ", " )", 90)).1, 0);
    refuses(&nested("( ", " )", 101));
}

#[test]
fn long_texts_are_read() {
    for part in [
        "a ",
        "a && ",
        "a | ",
        "a;",
        "a\n",
        "'b' ",
        "\"$(c)\" ",
        "<d ",
        "a=b ",
        "$((1)) ",
        "`x` ",
        "a \\\n",
        "# a\n",
        "a || b && ",
    ] {
        let text = part.repeat(100_000) + "a";
        assert!(nodes(text.as_bytes()).len() > 5, "{part}");
    }
    let arms = "a) b;; ".repeat(100_000);
    assert_eq!(shape_of(&format!("case x in {arms} esac")).1, 0);
    let bodies = "a <<E\nb\nE\n".repeat(30_000);
    assert_eq!(shape_of(&bodies).1, 0);
    let many = "<<E ".repeat(30_000) + "\n" + &"E\n".repeat(30_000);
    assert_eq!(shape_of(&many).1, 0);
    // too much to be said as nested arrays
    let alternating = "a || b && ".repeat(100_000) + "a";
    assert_eq!(shape_of(&alternating).1, 1);
    let clauses = "a; then b; elif ".repeat(100_000);
    assert_eq!(shape_of(&format!("if {clauses} a; then b; fi")).1, 1);
    for opened in
        ["a[ ; ", "(( ; ", "$[ ; ", "a['", "!(", "<<a\n", "`a\\`", "${a:-'", "\\\n", "\r", "[[ a ; "]
    {
        nodes(opened.repeat(100_000).as_bytes());
    }
}
