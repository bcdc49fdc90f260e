//! Small files, and what their builds give.

use super::config::{Config, Env};
use super::{Built, Given, NotBuilt, of};
use crate::model::scope::Platform;
use crate::syntax;

fn build(text: &str) -> Result<Built, NotBuilt> {
    let image = Config {
        env: Env::from_iter([("PATH".to_string(), "/bin".to_string())]),
        cmd: vec!["old".to_string()],
        entrypoint: vec!["enter".to_string()],
        ..Config::default()
    };
    of(&syntax::parse(text.as_bytes()), &Given { platform: Platform { os: "linux", arch: "amd64" }, image })
}

fn config(text: &str) -> Config {
    build(text).unwrap_or_else(|e| panic!("{text}: {}", e.0)).config
}

fn runs(text: &str) -> Vec<String> {
    let runs = build(text).unwrap_or_else(|e| panic!("{text}: {}", e.0)).runs;
    runs.into_iter().map(|argv| argv.join("|")).collect()
}

#[test]
fn command_lines_have_the_shell_of_their_place() {
    let table: &[(&str, &[&str])] = &[
        ("FROM x\nRUN a  \\\n  b ", &["/bin/sh|-c|a    b"]),
        ("FROM x\nRUN", &["/bin/sh|-c|"]),
        ("FROM x\nRUN [\"a\", \"b c\"]", &["a|b c"]),
        ("FROM x\nSHELL [\"bash\", \"-c\"]\nRUN a", &["bash|-c|a"]),
        ("FROM x AS s\nSHELL [\"bash\", \"-c\"]\nFROM s\nRUN a", &["bash|-c|a"]),
        ("FROM x\nRUN <<E\na\n\tb\nE", &["/bin/sh|-c|a\n\tb\n"]),
        ("FROM x\nRUN <<-E\n\ta\n\t\tb\n\tE", &["/bin/sh|-c|a\nb\n"]),
        ("FROM x\nRUN <<'E'\n#!/bin/x\na\nE", &["/bin/sh|-c|/dev/pipes/E"]),
        ("FROM x\nRUN cat <<-A <<B\n\ta\n\tA\nb\nB", &["/bin/sh|-c|cat <<-A <<B\n\ta\nA\nb\nB"]),
    ];
    for (text, want) in table {
        assert_eq!(runs(text), *want, "{text}");
    }
}

#[test]
fn only_what_the_last_stage_needs_is_run() {
    let table: &[(&str, &[&str])] = &[
        ("FROM x\nRUN a\nFROM x\nRUN b", &["b"]),
        ("FROM x AS s\nRUN a\nFROM s\nRUN b", &["a", "b"]),
        ("FROM x AS S\nRUN a\nFROM x\nRUN b\nCOPY --from=s . /\nRUN c", &["b", "a", "c"]),
        ("FROM x\nRUN a\nFROM x\nCOPY --from=0 . /\nRUN c", &["a", "c"]),
        ("FROM x AS s\nRUN a\nFROM x\nCOPY --from=y . /\nCOPY --from=2 . /\nRUN c", &["c"]),
        (
            "FROM x AS s\nRUN a\nFROM x AS t\nRUN b\nFROM x\nRUN --mount=from=s,target=/z --mount=from=t,target=a c",
            &["b", "a", "c"],
        ),
        ("FROM x AS s\nRUN a\nFROM x\nRUN --mount=type=tmpfs,from=s,target=/z c", &["c"]),
        ("FROM x AS s\nRUN a\nRUN b\nFROM x AS t\nRUN a\nFROM s\nCOPY --from=t . /", &["a", "b"]),
        ("FROM x AS s\nENV A=1\nRUN a\nFROM x AS t\nRUN a\nFROM s\nCOPY --from=t . /", &["a", "a"]),
        ("FROM x AS s\nONBUILD RUN a\nFROM s AS t\nRUN b\nFROM t", &["a", "b"]),
    ];
    for (text, want) in table {
        let names: Vec<String> =
            runs(text).iter().map(|r| r.rsplit('|').next().unwrap_or_default().to_string()).collect();
        assert_eq!(names, *want, "{text}");
    }
}

#[test]
fn an_entry_point_drops_an_inherited_command() {
    let lists = |text: &str| {
        let Config { entrypoint, cmd, args_escaped, .. } = config(text);
        (entrypoint.join("|"), cmd.join("|"), args_escaped)
    };
    let want = |e: &str, c: &str, a| (e.to_string(), c.to_string(), a);
    assert_eq!(lists("FROM x"), want("enter", "old", false));
    assert_eq!(lists("FROM x\nENTRYPOINT a"), want("/bin/sh|-c|a", "", false));
    assert_eq!(lists("FROM x\nCMD [\"b\"]\nENTRYPOINT [\"a\"]"), want("a", "b", true));
    assert_eq!(lists("FROM x AS s\nCMD [\"b\"]\nFROM s\nENTRYPOINT [\"a\"]"), want("a", "", true));
    assert_eq!(lists("FROM x AS s\nONBUILD CMD [\"b\"]\nFROM s\nENTRYPOINT [\"a\"]"), want("a", "b", true));
    assert_eq!(lists("FROM x\nCMD []"), want("enter", "", true));
}

#[test]
fn an_image_without_a_base_has_a_path_and_a_folder() {
    let scratch = config("FROM scratch");
    assert_eq!(scratch.working_dir, "/");
    assert_eq!(scratch.env.entries(), [format!("PATH={}", super::super::build::PATH)]);
    assert_eq!(config("FROM x").working_dir, "");
}

#[test]
fn instructions_configure_the_image() {
    let all = config(
        "FROM x\nARG V=1\nENV A=$V PATH=/a:$PATH\nARG A=2\nLABEL k=$A \"l m\"=n\nUSER u$A\nWORKDIR a\nWORKDIR $A\n\
         EXPOSE 80 81-82/udp\nVOLUME /v [\nSTOPSIGNAL SIG$A\nHEALTHCHECK CMD x $A\nMAINTAINER me  $A\n\
         ONBUILD  run a \\\n  b ",
    );
    assert_eq!(all.env.entries(), ["PATH=/a:/bin", "A=1"]);
    let labels: Vec<String> = all.labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(labels, ["k=2", "l m=n"]);
    assert_eq!((all.user.as_str(), all.working_dir.as_str()), ("u2", "/a/2"));
    assert_eq!(all.ports.names(), ["80/tcp", "81/udp", "82/udp"]);
    assert_eq!(all.volumes.iter().map(String::as_str).collect::<Vec<_>>(), ["/v", "["]);
    assert_eq!(all.stop_signal, "SIG2");
    assert_eq!(all.health.expect("a check").test, ["CMD-SHELL", "x $A"]);
    assert_eq!(all.author, "me  $A");
    assert_eq!(all.on_build, ["run a   b "]);
}

#[test]
fn triggers_run_once_and_are_not_inherited() {
    let text = "# escape=`\nFROM x AS s\nONBUILD ENV A=1 \\\nB=`$\nFROM s AS t\nONBUILD USER u\nFROM t";
    let built = config(&text.replace(" \\\nB", " B"));
    assert_eq!(built.env.entries(), ["PATH=/bin", "A=1", "B=$"]);
    assert_eq!((built.user.as_str(), built.on_build.len()), ("u", 0));
    let heredoc = config("FROM x\nONBUILD RUN cat <<E\na\nE");
    assert_eq!(heredoc.on_build, ["RUN cat <<E\na\nE"]);
}

#[test]
fn what_cannot_be_built_is_said() {
    for text in [
        "",
        "FOO",
        "ARG A",
        "FROM $A",
        "FROM x\nRUN []",
        "FROM x\nEXPOSE http",
        "FROM x\nVOLUME $A",
        "FROM x\nENV A=${B:?no}",
        "FROM x\nCOPY \"a /",
        "FROM x\nCOPY --from=9 a /",
        "FROM x AS s\nCOPY --from=s a /",
        "FROM x\nRUN --mount=from=t a\nFROM y AS t\nFROM y\nCOPY --from=0 a /",
        "FROM x AS s\nONBUILD FOO\nFROM s",
    ] {
        assert!(build(text).is_err(), "{text}");
    }
    // a stage that is not needed may be wrong
    assert!(build("FROM x\nEXPOSE http\nFROM x").is_ok());
}

#[test]
fn hostile_files_stay_cheap() {
    let many = |n: usize, line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<String>();
    let stages = many(3000, &|n| format!("FROM s AS t{n}\n"));
    let copies = many(3000, &|n| format!("COPY --from=t{n} a /\n"));
    let vars = many(3000, &|n| format!("ENV V{n}=1\n"));
    let triggers = many(3000, &|n| format!("ONBUILD ENV V{n}=1\n"));
    for text in [
        format!("FROM x AS s\n{vars}{stages}FROM x\n{copies}"),
        format!("FROM x AS s\n{triggers}{stages}FROM x\n{copies}"),
        format!("FROM x\nENV A={}\n{}", "a".repeat(60_000), many(5000, &|n| format!("LABEL l{n}=$A\n"))),
        format!("FROM x\nSHELL [\"{}\"]\n{}", "a".repeat(60_000), many(5000, &|n| format!("RUN {n}\n"))),
        format!("FROM x\n{}", many(3000, &|_| "EXPOSE 0-65535\n".to_string())),
        format!("FROM x AS s0\n{}", many(3000, &|n| format!("FROM s{n} AS s{}\nRUN a\n", n + 1))),
    ] {
        let _ = build(&text);
    }
}

#[test]
fn any_bytes_are_answered() {
    let words: [&[u8]; 24] = [
        b"FROM x AS s\n",
        b"FROM s\n",
        b"ONBUILD ",
        b"ENV ",
        b"ARG ",
        b"RUN ",
        b"COPY --from=",
        b"EXPOSE ",
        b"$A",
        b"${A:-",
        b"}",
        b"=",
        b" ",
        b"\n",
        b"\\",
        b"\"",
        b"'",
        b"<<E\n",
        b"E\n",
        b"[\"a\"]",
        b"--mount=from=s",
        b"\xff",
        b"A",
        b"1-",
    ];
    let mut state = 1_u64;
    for _ in 0..3000 {
        let mut text = b"FROM x AS s\n".to_vec();
        for _ in 0..20 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.extend_from_slice(words[(state >> 33) as usize % words.len()]);
        }
        let text = String::from_utf8_lossy(&text);
        let _ = build(&text);
    }
}
