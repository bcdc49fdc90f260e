//! The options of a command line, by tables: what is in no table is an obstacle that names it.

use super::Obstacle;

/// What is known of a program's options.
pub struct Switches {
    /// How people call the program.
    pub program: &'static str,
    /// Options without a value that change neither what is read nor what is written.
    pub flags: &'static [&'static str],
    /// Options with a value, in the next word or behind `=`. The caller looks at the values that matter.
    pub valued: &'static [&'static str],
    /// Options whose value may also be glued to them, as in `-Dname=value`.
    pub glued: &'static [&'static str],
}

/// A command line, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Taken<'w> {
    /// The options that have a value.
    pub given: Vec<(&'static str, &'w str)>,
    /// The other words.
    pub operands: Vec<&'w str>,
}

impl Switches {
    /// Takes words apart.
    ///
    /// # Errors
    /// The option that is not known.
    pub fn take<'w>(&self, words: &[&'w str]) -> Result<Taken<'w>, Obstacle> {
        let mut taken = Taken::default();
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            if !word.starts_with('-') {
                taken.operands.push(word);
            } else if let Some((name, value)) = self.attached(word) {
                taken.given.push((name, value));
            } else if let Some(name) = self.valued.iter().chain(self.glued).find(|v| **v == word) {
                let value = words.next().ok_or_else(|| self.unknown(word))?;
                taken.given.push((name, value));
            } else if !self.flags.contains(&word) {
                return Err(self.unknown(word));
            }
        }
        Ok(taken)
    }

    fn attached<'w>(&self, word: &'w str) -> Option<(&'static str, &'w str)> {
        let after_equals =
            self.valued.iter().find_map(|v| Some((*v, word.strip_prefix(v)?.strip_prefix('=')?)));
        let glued = || self.glued.iter().find_map(|v| Some((*v, word.strip_prefix(v)?)));
        after_equals.or_else(glued).filter(|(_, value)| !value.is_empty())
    }

    /// The obstacle of a word that is not understood.
    pub fn unknown(&self, word: &str) -> Obstacle {
        Obstacle::new(format!("dfmt does not know what `{word}` makes {} read or write", self.program))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: Switches =
        Switches { program: "x", flags: &["-q", "--quiet"], valued: &["-s", "--set"], glued: &["-D"] };

    #[test]
    fn takes_words_apart() {
        let words = ["-q", "go", "-s", "a", "--set=b", "-Dc=d", "-D", "e=f", "on"];
        let taken = SOME.take(&words).unwrap();
        assert_eq!(taken.given, [("-s", "a"), ("--set", "b"), ("-D", "c=d"), ("-D", "e=f")]);
        assert_eq!(taken.operands, ["go", "on"]);
    }

    #[test]
    fn names_what_it_does_not_know() {
        for word in ["-z", "--sets=1", "--quiet=1", "-s", "--set", "-sa"] {
            let why = SOME.take(&[word]).unwrap_err();
            assert!(why.reason.contains(&format!("`{word}`")), "{why}");
        }
    }
}
