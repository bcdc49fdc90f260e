//! Completions load in the shells that they are for; the manual page tells all that the help tells.

use std::process::Command;

use crate::support::Folder;

/// What a shell prints when it runs `script` in a folder with the completions in the file `name`; `None` where there is
/// no such shell, which is said.
fn in_shell(shell: &str, args: &[&str], name: &str, script: &str) -> Option<String> {
    let text = Folder::new().dfmt(&["completions", shell]).run().status(0).stdout;
    let folder = Folder::new().file(name, text);
    let output = Command::new(shell)
        .args(args)
        .arg(script)
        .current_dir(folder.path(""))
        .env("HOME", folder.path(""))
        .env("TERM", "dumb")
        .output();
    let Ok(output) = output else {
        eprintln!("passed over: there is no {shell} here");
        return None;
    };
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && err.is_empty(), "{shell}: {err}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn bash_completes() {
    let script = "source ./dfmt.bash; complete -p dfmt >/dev/null || exit 1
        COMP_WORDS=(dfmt --che) COMP_CWORD=1; _dfmt dfmt --che dfmt; echo \"${COMPREPLY[@]}\"
        COMP_WORDS=(dfmt --output sa) COMP_CWORD=2; _dfmt dfmt sa --output; echo \"${COMPREPLY[@]}\"";
    let Some(said) = in_shell("bash", &["--norc", "-c"], "dfmt.bash", script) else { return };
    assert_eq!(said, "--check\nsarif\n");
}

#[test]
fn zsh_completes() {
    let script = "fpath=($PWD $fpath); autoload -U compinit; compinit -u -d $PWD/dump
        print $_comps[dfmt]; autoload +X _dfmt && whence -w _dfmt";
    let Some(said) = in_shell("zsh", &["-f", "-c"], "_dfmt", script) else { return };
    assert_eq!(said, "_dfmt\n_dfmt: function\n");
}

#[test]
fn fish_completes() {
    let script = "source ./dfmt.fish; complete -C 'dfmt --che'; complete -C 'dfmt rul'; complete -C 'dfmt --output sar'";
    let Some(said) = in_shell("fish", &["--no-config", "-c"], "dfmt.fish", script) else { return };
    let names: Vec<&str> = said.lines().map(|l| l.split('\t').next().unwrap()).collect();
    assert_eq!(names, ["--check", "rules", "sarif"]);
}

#[test]
fn powershell_has_its_completions_too() {
    let run = Folder::new().dfmt(&["completions", "powershell"]).run().status(0);
    run.stdout_has("Register-ArgumentCompleter -Native -CommandName 'dfmt'").stdout_has("'--check'");
    Folder::new().dfmt(&["completions", "tcsh"]).run().status(2).stderr_has("tcsh");
}

#[test]
fn what_is_hidden_is_not_completed() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let text = Folder::new().dfmt(&["completions", shell]).run().status(0).stdout;
        assert!(!String::from_utf8_lossy(&text).contains("debug"), "{shell}");
    }
}

#[test]
fn the_manual_page_has_each_flag_and_command() {
    let plain = |args: &[&str]| String::from_utf8(Folder::new().dfmt(args).run().status(0).stdout).unwrap();
    let (help, man) = (plain(&["--help"]), plain(&["man"]).replace('\\', ""));
    let flags = help.split([' ', '\n', ',']).filter(|w| w.starts_with("--") && w.len() > 2);
    let mut seen = 0;
    for flag in flags {
        assert!(man.contains(flag), "{flag} is not in the manual page");
        seen += 1;
    }
    assert!(seen > 15, "only {seen} flags were found");
    for command in ["rules", "config", "completions", "man"] {
        assert!(man.contains(&format!("dfmt {command}")), "{command}");
    }
    assert!(man.contains(".SH COMMANDS") && man.contains("Exit status") && !man.contains("debug"));
}
