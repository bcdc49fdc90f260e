//! What a process takes along: that it runs on, and which groups its user has.

use super::{Hazard, base, has_option, shown};
use crate::model::command::Command;
use crate::model::command::script::{Script, Simple};

/// Programs that go on in the background, or start others that do.
const DAEMONS: &[&str] = &[
    "service",
    "systemctl",
    "adb",
    "start-stop-daemon",
    "rc-service",
    "initctl",
    "mysqld",
    "mysqld_safe",
    "mariadbd",
    "pg_ctl",
    "pg_ctlcluster",
    "postgres",
    "supervisord",
    "supervisorctl",
    "dockerd",
    "containerd",
    "nohup",
    "setsid",
    "daemon",
    "Xvfb",
    "Xvnc",
    "vncserver",
    "sshd",
    "nginx",
    "apache2ctl",
    "apachectl",
    "httpd",
    "redis-server",
    "mongod",
    "rabbitmq-server",
    "screen",
    "tmux",
    "cron",
    "crond",
    "rsyslogd",
    "syslogd",
    "dbus-daemon",
    "ssh-agent",
    "gitlab-ctl",
    "catalina.sh",
    "startup.sh",
    "slapd",
    "memcached",
    "influxd",
    "consul",
    "etcd",
    "neo4j",
    "runsvdir",
    "s6-svscan",
    "dnsmasq",
    "named",
    "php-fpm",
    "elasticsearch",
    "ollama",
    "tailscaled",
    "nix-daemon",
];

/// Words that send a program into the background.
const BACKGROUND: &[&str] =
    &["--daemon", "-daemon", "--daemonize", "--fork", "-detached", "--detach", "--background", "restart"];

/// Programs that run a text which is one of their words.
const RUN_TEXTS: &[&str] = &[
    "sh", "bash", "dash", "ash", "zsh", "ksh", "su", "runuser", "gosu", "chroot", "script", "env", "sudo",
    "eval", "xargs", "expect", "python", "python3", "perl", "ruby", "node", "php",
];

/// Programs that change what the next process of a user may do, or where its home is.
const ACCOUNTS: &[&str] = &[
    "usermod", "groupmod", "gpasswd", "newusers", "vipw", "vigr", "userdel", "groupdel", "deluser",
    "delgroup",
];

pub(super) fn hazard(own: &Script) -> Option<Hazard> {
    own.simples.iter().find_map(|s| lives_on(s).or_else(|| changes_groups(s)).or_else(|| links(s)))
}

fn lives_on(simple: &Simple) -> Option<Hazard> {
    let program = simple.program();
    let names = [simple.name(), program.name()];
    let starts = |n: &str| DAEMONS.contains(&base(n)) || n.contains("/init.d/");
    let by_name = names.into_iter().flatten().any(starts);
    let words = simple.command.words.iter().skip(1);
    let is_sent = words.clone().filter_map(|w| w.value.as_deref()).any(|w| BACKGROUND.contains(&w));
    let inside = program.name().is_some_and(|n| RUN_TEXTS.contains(&base(n)));
    let is_told = inside && words.clone().any(|w| sends_away(&shown(w.text)));
    (by_name || is_sent || is_told).then(|| Hazard {
        predicate: "a process would live on into the next",
        what: format!("`{}`", shown(simple.command.words.first().map_or(b"", |w| w.text))),
        advice: "stop it where it is started",
    })
}

/// Whether a text for another shell starts a daemon or leaves a process behind. A lone word is its name, not its text.
fn sends_away(text: &str) -> bool {
    let words = || text.split(|c: char| c.is_whitespace() || ";|()'\"".contains(c)).filter(|w| !w.is_empty());
    let goes_on = |w: &str| w.ends_with('&') && !w.ends_with("&&");
    let glued =
        text.split("&&").any(|part| part.contains('&') && !part.contains(">&") && !part.contains("&>"));
    text.contains(char::is_whitespace)
        && (glued || words().any(|w| goes_on(w) || DAEMONS.contains(&base(w)) || BACKGROUND.contains(&w)))
}

/// Groups of a user count from the next process on, and so does the home of one.
fn changes_groups(simple: &Simple) -> Option<Hazard> {
    let program = simple.program();
    let name = program.name()?;
    let joins = matches!(name, "adduser" | "addgroup") && positional(&program) > 1;
    (ACCOUNTS.contains(&name) || joins).then(|| Hazard {
        predicate: "what a user may do counts from the next RUN on",
        what: format!("`{name}`"),
        advice: "keep them apart",
    })
}

/// How many words of adduser or addgroup are neither options nor their values.
fn positional(command: &Command) -> usize {
    const VALUES: &[&str] = &[
        "-h",
        "-g",
        "-s",
        "-G",
        "-u",
        "-k",
        "--home",
        "--shell",
        "--gecos",
        "--uid",
        "--gid",
        "--ingroup",
        "--firstuid",
        "--lastuid",
        "--conf",
        "--comment",
        "-c",
        "-d",
    ];
    let (mut count, mut words) = (0, command.args().iter());
    while let Some(word) = words.next() {
        match word.value.as_deref() {
            Some(option) if VALUES.contains(&option) => _ = words.next(),
            _ if word.text.starts_with(b"-") => {}
            _ => count += 1,
        }
    }
    count
}

/// A hard link is one file as long as no layer comes between: the next change of one of its names breaks it.
fn links(simple: &Simple) -> Option<Hazard> {
    let program = simple.program();
    let makes = match program.name()? {
        "ln" => !is_symbolic(&program),
        "cp" => has_option(&program, &["--link"], "l"),
        "link" => true,
        _ => program.args().iter().any(|w| w.text.starts_with(b"--link-dest")),
    };
    makes.then(|| Hazard {
        predicate: "a hard link is made, which a later layer would break",
        what: format!("`{}`", super::shown(program.words[0].text)),
        advice: "make a symbolic link (`ln -s`)",
    })
}

/// Whether `ln` makes a symbolic link. Behind `-S` and `-t` stands a value, behind `--` no option.
fn is_symbolic(command: &Command) -> bool {
    let options = command.args().iter().map(|w| w.text).take_while(|w| *w != b"--");
    options.filter(|w| w.starts_with(b"-")).any(|w| {
        let letters = w[1..].split(|b| matches!(b, b'S' | b't')).next().unwrap_or_default();
        w == b"--symbolic" || !w.starts_with(b"--") && letters.contains(&b's')
    })
}
