//! HEALTHCHECK: its test, and the durations of its flags in nanoseconds (`instructions/parse.go`, `parseHealthcheck`).

use crate::model::arguments::Arguments;

/// A health check as the image has it; a duration of 0 and no retries are those of the runtime.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// `NONE`, or `CMD` and a command, or `CMD-SHELL` and a text.
    pub test: Vec<String>,
    /// Nanoseconds between two checks.
    pub interval: i64,
    /// Nanoseconds that a check may take.
    pub timeout: i64,
    /// Nanoseconds in which failures do not count.
    pub start_period: i64,
    /// Nanoseconds between checks in that time.
    pub start_interval: i64,
    /// Failures that make the container unhealthy.
    pub retries: i32,
}

impl Health {
    /// What the arguments of a HEALTHCHECK say; flags that are not valid are left out.
    pub fn of(arguments: &Arguments) -> Self {
        let mut test = arguments.texts();
        let Some(kind) = test.first_mut() else { return Self::default() };
        *kind = kind.to_uppercase();
        if kind == "NONE" {
            return Self { test, ..Self::default() };
        }
        if !arguments.exec {
            *kind = "CMD-SHELL".to_string();
        }
        let span = |name| arguments.flag(name).and_then(nanoseconds).unwrap_or_default();
        Self {
            test,
            interval: span("interval"),
            timeout: span("timeout"),
            start_period: span("start-period"),
            start_interval: span("start-interval"),
            retries: arguments.flag("retries").and_then(|r| r.parse().ok()).unwrap_or_default(),
        }
    }
}

/// A duration as Go writes it: `1h2m3.5s`, with a sign or not. Fractions are cut below a nanosecond.
fn nanoseconds(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut sum = 0_i64;
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| c.is_ascii_digit() || c == '.');
        let (unit, after) = split(after, |c| !c.is_ascii_digit() && c != '.');
        sum = sum.checked_add(part(number, size(unit)?)?)?;
        rest = after;
    }
    Some(if negative { -sum } else { sum })
}

fn split(text: &str, is_first: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !is_first(c)).unwrap_or(text.len()))
}

fn size(unit: &str) -> Option<i64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// `3.5` of a unit that many nanoseconds long.
fn part(number: &str, unit: i64) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole = if whole.is_empty() { 0 } else { whole.parse::<i64>().ok()?.checked_mul(unit)? };
    // more digits than a nanosecond of an hour has change nothing
    let digits: Vec<i128> = fraction.bytes().take(18).map(|b| i128::from(b - b'0')).collect();
    let scale = 10_i128.pow(digits.len() as u32);
    let value = digits.iter().fold(0, |value, digit| value * 10 + digit);
    whole.checked_add(i64::try_from(value * i128::from(unit) / scale).ok()?)
}

#[cfg(test)]
mod tests {
    use super::{Health, nanoseconds};
    use crate::model::arguments::Arguments;
    use crate::syntax;

    fn of(line: &str) -> Health {
        let file = syntax::parse(line.as_bytes());
        Health::of(&Arguments::of(file.instructions().next().expect("an instruction"), file.escape))
    }

    #[test]
    fn durations_are_read_as_go_reads_them() {
        let table: &[(&str, Option<i64>)] = &[
            ("0", Some(0)),
            ("-0", Some(0)),
            ("30s", Some(30_000_000_000)),
            ("1h2m3.5s", Some(3_723_500_000_000)),
            ("+1.5h", Some(5_400_000_000_000)),
            (".5ms", Some(500_000)),
            ("1.s", Some(1_000_000_000)),
            ("-1ms", Some(-1_000_000)),
            ("1.0000000019s", Some(1_000_000_001)),
            ("1µs", Some(1_000)),
            ("", None),
            ("-", None),
            ("1", None),
            (".s", None),
            ("1.2.3s", None),
            ("1d", None),
            ("9999999999h", None),
        ];
        for (text, want) in table {
            assert_eq!(nanoseconds(text), *want, "{text}");
        }
    }

    #[test]
    fn tests_have_three_forms() {
        assert_eq!(of("HEALTHCHECK --retries=3 none").test, ["NONE"]);
        assert_eq!(of("HEALTHCHECK cmd a  b").test, ["CMD-SHELL", "a  b"]);
        let exec = of("HEALTHCHECK --interval=1m --retries=3 CMD [\"a\", \"b\"]");
        assert_eq!(exec.test, ["CMD", "a", "b"]);
        assert_eq!((exec.interval, exec.retries, exec.timeout), (60_000_000_000, 3, 0));
    }
}
