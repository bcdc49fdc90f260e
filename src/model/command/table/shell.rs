//! Commands of the shell itself, and those that run another command.

use crate::model::command::effect::{Heeds, State};
use crate::model::command::entry::{At, Entry, Special, Use, entry};

/// A command that does nothing but this to its shell.
const fn state(name: &'static str, state: State) -> Entry {
    entry(name).loose().state(state)
}

/// A command that runs the one behind it; options with a value are listed.
const fn wrapper(name: &'static str, values: &'static [(&'static str, Use)]) -> Entry {
    entry(name).loose().values(values).operands(Use::Command).special(Special::Env)
}

/// One of whose operands the first is no command.
const fn behind_a_word(name: &'static str) -> Entry {
    entry(name).loose().first(Use::Nothing).operands(Use::Command)
}

const SCRIPT: Entry = entry("sh")
    .special(Special::Script)
    .flags("ceuxfv")
    .longs("--noprofile --norc --version --posix")
    .values(&[("-o +o -O", Use::Nothing)]);

const SOURCE: Entry = entry("source").special(Special::Source).state(State::VARIABLES);
const PRINT: Entry = entry("echo").loose();
const FOLDER: Entry = entry("cd").loose().operands(Use::Reads).state(State::FOLDER.and(State::VARIABLES));

/// Sorted by name.
pub(super) const ENTRIES: &[Entry] = &[
    Entry { name: ".", ..SOURCE },
    entry(":").loose(),
    Entry { name: "ash", ..SCRIPT },
    Entry { name: "bash", ..SCRIPT },
    state("break", State::NONE),
    wrapper("busybox", &[]),
    FOLDER,
    entry("command").flags("vVp").operands(Use::Command).special(Special::Env),
    state("continue", State::NONE),
    Entry { name: "dash", ..SCRIPT },
    state("declare", State::VARIABLES),
    wrapper("eatmydata", &[]),
    PRINT,
    wrapper("env", &[("-u --unset", Use::Nothing), ("-C --chdir -S --split-string", Use::Barrier)])
        .heeds(Heeds::Anything),
    entry("exec").operands(Use::Command).state(State::ENDS),
    state("exit", State::ENDS),
    state("export", State::VARIABLES),
    entry("false"),
    behind_a_word("gosu"),
    state("hash", State::HASH),
    wrapper("ionice", &[("-c -n -p", Use::Nothing)]),
    wrapper("linux32", &[]),
    state("local", State::VARIABLES),
    wrapper("nice", &[("-n --adjustment", Use::Nothing)]),
    entry("nohup").operands(Use::Command).writes(&[At::Here, At::Home]),
    state("popd", State::FOLDER),
    entry("printf").values(&[("-v", Use::Barrier)]),
    Entry { name: "pushd", ..FOLDER },
    entry("pwd").loose().reads(&[At::Here]),
    state("read", State::VARIABLES),
    state("readonly", State::VARIABLES),
    state("return", State::ENDS),
    state("set", State::OPTIONS.and(State::VARIABLES)),
    wrapper("setarch", &[]),
    SCRIPT,
    state("shift", State::VARIABLES),
    state("shopt", State::OPTIONS),
    SOURCE,
    wrapper("stdbuf", &[("-i -o -e", Use::Nothing)]),
    behind_a_word("su-exec"),
    wrapper(
        "sudo",
        &[
            ("-u --user -g --group -p --prompt -C -r -t -U", Use::Nothing),
            ("-i --login -s --shell -D --chdir -R --chroot -e --edit", Use::Barrier),
        ],
    ),
    wrapper("time", &[("-o", Use::Writes), ("-f", Use::Nothing)]),
    entry("timeout")
        .loose()
        .values(&[("-s -k --signal --kill-after", Use::Nothing)])
        .first(Use::Nothing)
        .operands(Use::Command),
    entry("trap").special(Special::Trap).state(State::TRAPS),
    entry("true").loose(),
    state("type", State::NONE),
    state("ulimit", State::OPTIONS),
    state("umask", State::OPTIONS),
    state("unset", State::VARIABLES.and(State::FUNCTIONS)),
    state("wait", State::NONE),
    entry("xargs")
        .special(Special::Xargs)
        .loose()
        .values(&[
            ("-n -P -L -d -E -s --max-args --max-procs --delimiter --max-lines", Use::Nothing),
            ("-I -i --replace", Use::Nothing),
            ("-a --arg-file", Use::Reads),
        ])
        .operands(Use::Command),
    wrapper("xvfb-run", &[("-s --server-args -n --server-num -e -f -l", Use::Nothing)])
        .writes(&[At::Temporary])
        .heeds(Heeds::Names(&["DISPLAY", "XAUTHORITY"])),
];
