//! Random Dockerfiles, seeded: what failed once can be seen again.

/// Xorshift: small, and good enough to choose among alternatives.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        // seeds that differ little must not begin alike, and zero would stay zero
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        (0..8).for_each(|_| _ = random.next());
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Less than `end`, which is not zero.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// A Dockerfile, of `size` instructions; most of them are taken by `BuildKit`.
pub fn dockerfile(random: &mut Random, size: usize) -> Vec<u8> {
    let escape = if random.one_in(8) { '`' } else { '\\' };
    let mut file = Writer { random, escape, out: Vec::new(), tab: false };
    file.head();
    for _ in 0..size {
        file.between();
        file.instruction();
    }
    let Writer { random, mut out, .. } = file;
    if random.one_in(8) {
        out = String::from_utf8_lossy(&out).replace('\n', "\r\n").into_bytes();
    }
    if random.one_in(6) {
        out.pop();
    }
    out
}

struct Writer<'r> {
    random: &'r mut Random,
    escape: char,
    out: Vec<u8>,
    /// Whether the body of a `<<-` heredoc is written.
    tab: bool,
}

const WORDS: &[&str] = &[
    "a",
    "curl",
    "-y",
    "/etc/passwd",
    "$HOME",
    "${A:-b}",
    "\"two  words\"",
    "'it is'",
    "a\"b\"c",
    "--flag=v",
    "x=1",
    "*.txt",
    "~",
    "é",
    "\"$(date)\"",
    "$(a | b)",
    "`c`",
    "$((1 + 2))",
    "{a,b}",
    "#no-comment",
    "a#b",
    "[",
    "]",
    "\"\"",
    "1",
    "2>&1",
    ">log",
    "<in",
    "a\\ b",
    "\"a\\\"b\"",
    "!",
    "-",
];

const COMMANDS: &[&str] = &[
    "apt-get update",
    "apt-get install -y a b c",
    "apt-get install -y curl",
    "rm -rf /var/lib/apt/lists/*",
    "mkdir -p /a",
    "chmod 700 /a",
    "ln -s /a /b",
    "pip install flask",
    "pip install -r requirements.txt",
    "pip install --upgrade pip",
    "make all",
    "cd /srv",
    "export A=1",
    "set -eux",
    "true",
    "A=1 b",
    "echo a > /b",
];

const PLAIN: &[&str] = &[
    "ADD a /b/",
    "ARG A",
    "ARG B=1 C",
    "CMD [\"a\",\"b c\"]",
    "CMD a   b",
    "COPY . .",
    "COPY a b /c/",
    "COPY --from=0 --chown=a:b /a  /b",
    "COPY [\"a b\", \"/c\"]",
    "COPY . /usr/",
    "ENTRYPOINT [\"a\"]",
    "ENTRYPOINT a",
    "ENV A=1 B=\"two words\"",
    "ENV KEY value",
    "ENV KEY two  words",
    "ENV PATH /a:$PATH",
    "ENV K it's",
    "EXPOSE 80  443",
    "HEALTHCHECK NONE",
    "HEALTHCHECK --interval=3s CMD a  b",
    "HEALTHCHECK CMD [ \"a\" ]",
    "LABEL a=b  c=\"d e\"",
    "LABEL a b c",
    "MAINTAINER a b",
    "ONBUILD RUN a  b",
    "ONBUILD COPY . .",
    "SHELL [\"/bin/bash\",\"-c\"]",
    "STOPSIGNAL 9",
    "USER app",
    "VOLUME /a /b",
    "VOLUME [\"/a\"]",
    "WORKDIR /app",
    "WORKDIR sub",
    "FROM b",
    "FROM c as d",
    "FROM --platform=linux/amd64 e AS f",
    "SHELL [\"pwsh\",\"-c\"]",
    "run",
    "copy a b",
];

const COMMENTS: &[&str] = &[
    "# a comment",
    "#",
    "#  two  blanks ",
    "# hadolint ignore=DL3008",
    "# check=skip=all",
    "# escape=`",
    "# é",
    "## \\",
];

impl Writer<'_> {
    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn head(&mut self) {
        if self.random.one_in(12) {
            self.text("\u{feff}");
        }
        if self.random.one_in(6) {
            self.text("# syntax=docker/dockerfile:1\n");
        }
        if self.escape == '`' {
            self.text("# escape=`\n");
        }
        self.between();
        self.text("FROM a\n");
    }

    /// Comments and blank lines.
    fn between(&mut self) {
        while self.random.one_in(3) {
            let line = match self.random.below(3) {
                0 => "",
                1 => self.random.pick(&["", "  ", "\t"]),
                _ => self.random.pick(COMMENTS),
            };
            let margin = self.random.pick(&["", "", "", " "]);
            self.text(margin);
            self.text(line);
            self.text("\n");
        }
    }

    fn instruction(&mut self) {
        match self.random.below(10) {
            0..4 => self.plain(),
            4 => self.heredoc(),
            _ => self.run(),
        }
    }

    fn plain(&mut self) {
        let text = self.random.pick(PLAIN);
        for part in text.split_inclusive(' ') {
            let word = part.trim_end_matches(' ');
            self.text(word);
            if word.len() < part.len() {
                self.gap();
            }
        }
        self.text("\n");
    }

    /// A blank, or something that means as much.
    fn gap(&mut self) {
        if !self.random.one_in(4) {
            let blank = self.random.pick(&[" ", " ", " ", "  ", "\t"]);
            return self.text(blank);
        }
        self.text(" ");
        let lines = 1 + self.random.below(2);
        for _ in 0..lines {
            let escape = self.escape.to_string();
            self.text(&escape);
            let blank = self.random.pick(&["", "", " "]);
            self.text(blank);
            self.text("\n");
            while self.random.one_in(4) {
                let line = if self.random.one_in(2) { "" } else { self.random.pick(COMMENTS) };
                let margin = self.random.pick(&["", "  ", "\t"]);
                self.text(margin);
                self.text(line);
                self.text("\n");
            }
        }
        let margin = self.random.pick(&["", "  ", "    ", "\t"]);
        self.text(margin);
    }

    fn run(&mut self) {
        self.text("RUN");
        self.gap();
        if self.random.one_in(6) {
            self.text("--mount=type=cache,target=/c");
            self.gap();
        }
        self.list(3);
        self.text("\n");
    }

    fn heredoc(&mut self) {
        let opener =
            self.random.pick(&["RUN <<EOF", "RUN <<-'EOF' cat", "COPY <<EOF /a", "RUN cat <<EOF && b"]);
        self.text(opener);
        self.tab = opener.contains("<<-");
        self.text("\n");
        for _ in 0..self.random.below(4) {
            let line = match self.random.below(4) {
                0 => "# a comment",
                1 => "",
                2 => self.random.pick(COMMANDS),
                _ => self.random.pick(WORDS),
            };
            let margin = if self.tab { "\t" } else { self.random.pick(&["", "  "]) };
            self.text(margin);
            self.text(line);
            self.text("\n");
        }
        self.text("EOF\n");
    }

    /// Statements; `depth` more levels may open.
    fn list(&mut self, depth: usize) {
        self.command(depth);
        while self.random.one_in(2) {
            let operator = self.random.pick(&["&&", "&&", "&&", "||", ";", "|", "&"]);
            if !self.random.one_in(6) && operator != ";" {
                self.gap();
            }
            self.text(operator);
            if !self.random.one_in(6) {
                self.gap();
            }
            self.command(depth);
        }
    }

    fn command(&mut self, depth: usize) {
        let kinds = if depth == 0 { 4 } else { 10 };
        match self.random.below(kinds) {
            0..2 => {
                let command = self.random.pick(COMMANDS);
                for (n, word) in command.split(' ').enumerate() {
                    if n > 0 {
                        self.gap();
                    }
                    self.text(word);
                }
            }
            2..4 => {
                self.text("cmd");
                for _ in 0..self.random.below(4) {
                    self.gap();
                    let word = self.random.pick(WORDS);
                    self.text(word);
                }
            }
            4 => self.bracketed(&["if", "then"], "fi", depth),
            5 => self.bracketed(&["while", "do"], "done", depth),
            6 => self.bracketed(&["{"], "}", depth),
            7 => self.subshell(depth),
            8 => self.case(depth),
            _ => {
                self.text("f()");
                self.gap();
                self.bracketed(&["{"], "}", depth);
            }
        }
    }

    fn bracketed(&mut self, openers: &[&str], closer: &str, depth: usize) {
        for opener in openers {
            self.text(opener);
            self.gap();
            self.list(depth - 1);
            self.text(";");
            self.gap();
        }
        self.text(closer);
    }

    fn subshell(&mut self, depth: usize) {
        self.text("(");
        if self.random.one_in(2) {
            self.gap();
        }
        self.list(depth - 1);
        self.text(")");
    }

    fn case(&mut self, depth: usize) {
        self.text("case $a in");
        self.gap();
        for _ in 0..=self.random.below(2) {
            self.text("x|y)");
            self.gap();
            self.list(depth - 1);
            self.text(" ;;");
            self.gap();
        }
        self.text("esac");
    }
}

/// Bytes that mean something to one reader or another.
const SPLINTERS: &[&[u8]] = &[
    b"\n",
    b"\\\n",
    b"\\",
    b"`",
    b"#",
    b"\"",
    b"'",
    b" ",
    b"\t",
    b"\r",
    b"\r\n",
    b"<<EOF",
    b"EOF\n",
    b"$(",
    b")",
    b"${",
    b"}",
    b"&&",
    b"||",
    b";",
    b"|",
    b"((",
    b"[[",
    b"[\"",
    b"]",
    b"=",
    b"\xff",
    b"\xc2\xa0",
    b"\xc2\x85",
    b"\x00",
    b"\x0b",
    b"RUN ",
    b"ENV ",
    b"# escape=`\n",
    b"--",
    b"<",
    b"&",
    b"in",
    b"esac",
    b"\xef\xbb\xbf",
    b"\n\n",
    b"!",
    b"{ ",
    b"-",
];

/// A text with a few bytes gone, doubled, or put in.
pub fn mutated(random: &mut Random, text: &[u8]) -> Vec<u8> {
    let mut out = text.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(out.len() + 1);
        let end = (at + random.below(6)).min(out.len());
        match random.below(4) {
            0 => drop(out.drain(at..end)),
            1 => {
                let part = out[at..end].to_vec();
                let to = random.below(out.len() + 1);
                out.splice(to..to, part);
            }
            2 => drop(out.splice(at..end, random.pick(SPLINTERS).iter().copied())),
            _ => drop(out.splice(at..at, random.pick(SPLINTERS).iter().copied())),
        }
    }
    out
}
