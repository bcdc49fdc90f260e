//! The ports of EXPOSE: `[ip:][host:]port[-port][/protocol]` to ranges, and a set of them (`convert_expose.go`).
//!
//! Ranges stay ranges until they are listed, so a file of many wide ones costs no more than its length.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Exposed ports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ports(BTreeMap<&'static str, BTreeSet<(u16, u16)>>);

impl Ports {
    /// Adds what a word of EXPOSE names, its variables expanded.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add(&mut self, word: &str) -> Result<(), String> {
        let (protocol, range) = parse(word).ok_or_else(|| format!("`{word}` is no port"))?;
        self.0.entry(protocol).or_default().insert(range);
        Ok(())
    }

    /// Each port as the image has it, `80/tcp`.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (protocol, ranges) in &self.0 {
            let mut next = 0;
            for &(first, last) in ranges {
                names.extend(
                    (u32::from(first).max(next)..=u32::from(last)).map(|n| format!("{n}/{protocol}")),
                );
                next = next.max(u32::from(last) + 1);
            }
        }
        names
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn parse(word: &str) -> Option<(&'static str, (u16, u16))> {
    let mut parts = word.rsplitn(3, ':');
    let port = parts.next()?;
    let host = parts.next().unwrap_or_default();
    let ip = parts.next().unwrap_or_default();
    let (port, protocol) = port.split_once('/').unwrap_or((port, ""));
    let protocol = match &protocol.to_ascii_lowercase()[..] {
        "" | "tcp" => "tcp",
        "udp" => "udp",
        "sctp" => "sctp",
        _ => return None,
    };
    let (first, last) = range(port)?;
    let fits = |(from, to): (u16, u16)| first == last || to - from == last - first;
    (is_ip(ip) && (host.is_empty() || range(host).is_some_and(fits))).then_some((protocol, (first, last)))
}

fn is_ip(ip: &str) -> bool {
    let bare = ip.strip_prefix('[').and_then(|ip| ip.strip_suffix(']')).unwrap_or(ip);
    ip.is_empty() || bare.parse::<IpAddr>().is_ok()
}

fn range(text: &str) -> Option<(u16, u16)> {
    let number = |text: &str| text.parse::<u16>().ok();
    match text.split_once('-') {
        None => number(text).map(|n| (n, n)),
        Some((first, last)) => number(first).zip(number(last)).filter(|(first, last)| first <= last),
    }
}

#[cfg(test)]
mod tests {
    use super::Ports;

    #[test]
    fn words_become_ports() {
        let table: &[(&[&str], &[&str])] = &[
            (&["80"], &["80/tcp"]),
            (&["80/UDP", "81"], &["81/tcp", "80/udp"]),
            (&["3-5/sctp", "4-6/sctp", "3/sctp"], &["3/sctp", "4/sctp", "5/sctp", "6/sctp"]),
            (&["8080:80"], &["80/tcp"]),
            (&["127.0.0.1:8080:80"], &["80/tcp"]),
            (&["[::1]:8080:80", "::1:8080:81"], &["80/tcp", "81/tcp"]),
            (&["1-3:7"], &["7/tcp"]),
        ];
        for (words, names) in table {
            let mut ports = Ports::default();
            for word in *words {
                ports.add(word).expect("a port");
            }
            assert_eq!(ports.names(), *names, "{words:?}");
        }
    }

    #[test]
    fn what_is_no_port_is_refused() {
        for word in ["", "a", "80/x", "/tcp", "65536", "5-4", "1-2:3-5", "x:1:2", "-", "1-"] {
            assert!(Ports::default().add(word).is_err(), "{word}");
        }
    }

    #[test]
    fn many_wide_ranges_are_one() {
        let mut ports = Ports::default();
        for first in 0..1000 {
            ports.add(&format!("{first}-65535")).expect("a port");
        }
        assert_eq!(ports.names().len(), 65_536);
    }
}
