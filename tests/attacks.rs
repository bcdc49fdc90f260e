//! Dockerfiles that were written to make a rule change the image. Each was built before and after, or argued from the
//! sources of the tool that it abuses; each is to be left alone. Beside them stand their harmless neighbours, which are
//! to be rewritten, so that a refusal stays as narrow as it can be.

use std::sync::Arc;

use dfmt::config::{Config, MergePolicy, Selection};
use dfmt::model::context::{Context, MemoryFolder, Setting};
use dfmt::proof::engine::{self, Outcome};

/// What one rule makes of a Dockerfile in a context of these files.
fn outcome(rule: &str, dockerfile: &str, files: &[(&str, &str)]) -> Outcome {
    let rules = Selection { only: vec![rule.to_string()], ..Selection::default() };
    let config = Config { rules, ..Config::default() };
    let context = || {
        let folder = files.iter().fold(MemoryFolder::new(), |f, (path, text)| f.with(path, *text));
        Context::new(Arc::new(folder), &Setting::default()).map_err(|e| e.to_string())
    };
    let outcome = engine::format(dockerfile.as_bytes(), &config, &context);
    assert_eq!(outcome.errors, [], "not a Dockerfile:\n{dockerfile}");
    assert_eq!(outcome.failure, None, "the plan was wrong, only the proof saw it:\n{dockerfile}");
    outcome
}

fn leaves(rule: &str, dockerfile: &str, files: &[(&str, &str)]) {
    let made = outcome(rule, dockerfile, files).output;
    let made = made.map(|text| String::from_utf8_lossy(&text).into_owned());
    assert_eq!(made, None, "{rule} rewrote\n{dockerfile}");
}

fn rewrites(rule: &str, dockerfile: &str, files: &[(&str, &str)]) {
    assert!(outcome(rule, dockerfile, files).output.is_some(), "{rule} left alone\n{dockerfile}");
}

/// Each text follows the first FROM.
fn leave_all(rule: &str, texts: &[&str]) {
    for text in texts {
        leaves(rule, &format!("FROM debian\n{text}\n"), &[]);
    }
}

fn rewrite_all(rule: &str, texts: &[&str]) {
    for text in texts {
        rewrites(rule, &format!("FROM debian\n{text}\n"), &[]);
    }
}

/// The words behind `-c` are the script and its `$0`: with a word of SHELL's own behind it the text of RUN is no script.
#[test]
fn a_shell_that_does_something_else_with_the_text() {
    let wrapper = r#"SHELL ["/bin/bash", "-c", "eval \"$0\"; true"]"#;
    leave_all(
        "merge-runs",
        &[
            &format!("{wrapper}\nRUN mkdir /etc\nRUN mkdir /made"),
            "SHELL [\"/bin/sh\"]\nRUN mkdir a\nRUN mkdir b",
            "SHELL [\"/bin/bash\", \"-n\", \"-c\"]\nRUN mkdir a\nRUN mkdir b",
        ],
    );
    leave_all("layout", &["SHELL [\"/bin/sh\", \"-c\", \"printf '%s' \\\"$0\\\" > /f\"]\nRUN a   b"]);
    rewrite_all(
        "merge-runs",
        &[
            "SHELL [\"/bin/bash\", \"-euxo\", \"pipefail\", \"-c\"]\nRUN mkdir a\nRUN mkdir b",
            "SHELL [\"bash\", \"-o\", \"pipefail\", \"-ec\"]\nRUN mkdir a\nRUN mkdir b",
            "SHELL [\"/bin/bash\", \"-O\", \"extglob\", \"--norc\", \"-c\"]\nRUN mkdir a\nRUN mkdir b",
        ],
    );
}

/// A login shell reads what the RUN above it may have put there.
#[test]
fn a_shell_that_reads_files_first() {
    let runs = "RUN ln -s /opt/p.sh /etc/profile.d/p.sh\nRUN mkdir -p $FROM_PROFILE/x";
    for shell in ["\"/bin/bash\", \"-lc\"", "\"bash\", \"--login\", \"-c\"", "\"bash\", \"-i\", \"-c\""] {
        leave_all("merge-runs", &[&format!("SHELL [{shell}]\n{runs}")]);
    }
}

/// SHELL is inherited by a stage that builds on another.
#[test]
fn a_shell_of_the_stage_below() {
    let stage = "FROM debian AS Base\nSHELL [\"/opt/wrap/sh\", \"-c\"]\n";
    let runs = "RUN mkdir a\nRUN mkdir b\n";
    leaves("merge-runs", &format!("{stage}FROM base\n{runs}"), &[]);
    leaves("merge-runs", &format!("{stage}FROM base AS other\nFROM other\n{runs}"), &[]);
    leaves("merge-runs", &format!("ARG B=base\n{stage}FROM $B\n{runs}"), &[]);
    rewrites("merge-runs", &format!("{stage}FROM debian\n{runs}"), &[]);
    let other = "ARG B=base\nFROM debian AS base\nSHELL [\"powershell\"]\nFROM ${B}\nRUN a   b\n";
    leaves("shell-layout", other, &[]);
}

/// A shell keeps being the one that it was, in the folder where it began, and remembers where it found its commands.
#[test]
fn a_shell_that_two_runs_would_share() {
    leave_all(
        "merge-runs",
        &[
            "RUN ln -sf /bin/bash /bin/sh\nRUN mkdir -p /a/{b,c}",
            "RUN ln -sf bash /bin/'sh'\nRUN mkdir -p /a/{b,c}",
            "RUN ln -sf /opt/passwd /etc/passwd\nRUN mkdir -p ~/b",
            "RUN chmod 755 /m && ln -s /bin/true /usr/local/sbin/chmod\nRUN chmod 700 /m",
            "RUN ln -s /opt/tools/* /usr/local/bin\nRUN ln -s /a /b",
            "RUN chmod +x /usr/local/bin/*\nRUN chmod 700 /m",
            "RUN chmod -R +x /usr/local/bin\nRUN chmod 700 /m",
            "RUN ln -s /opt/$TOOL /usr/local/bin/\nRUN ln -s /a /b",
            "WORKDIR /app\nRUN ln -sfn /v2 /app\nRUN mkdir x",
            "RUN ln -sfT /v2 /app\nRUN mkdir x",
            "WORKDIR /srv/app\nRUN ln --force --no-dereference -s /v2 ..\nRUN chmod 700 x",
            "SHELL [\"/bin/bash\", \"-c\"]\nRUN mkdir /x\nRUN mkdir -p $_/b",
            "SHELL [\"/bin/bash\", \"-c\"]\nRUN mkdir /x\nRUN mkdir -p /y${PIPESTATUS[0]}",
        ],
    );
    rewrite_all(
        "merge-runs",
        &[
            "RUN ln -s /usr/bin/python3 /usr/bin/python\nRUN mkdir -p /app && chmod 755 /app",
            "RUN chmod +x /scripts/*.sh\nRUN chmod 700 /m",
            "WORKDIR /app\nRUN ln -sfn /v2 /current\nRUN mkdir x",
            "RUN mkdir -p /app && chmod 700 /app\nRUN chown -R $APP_USER:app /data",
        ],
    );
}

/// The same where any two RUNs may be joined: what is hidden in a word, behind another program or in a folder by name.
#[test]
fn a_shell_that_any_two_runs_would_share() {
    let joined = |text: &str| {
        let rules = Selection { only: vec!["merge-runs".to_string()], ..Selection::default() };
        let config = Config { rules, merge_runs: MergePolicy::All, ..Config::default() };
        let dockerfile = format!("FROM debian\n{text}\n");
        let outcome = engine::format(dockerfile.as_bytes(), &config, &|| Err(String::new()));
        assert_eq!((outcome.errors, outcome.failure), (vec![], None), "{text}");
        outcome.output.map(|text| String::from_utf8_lossy(&text).into_owned())
    };
    for text in [
        "WORKDIR /srv/app\nRUN sudo -u root rm -rf \"/srv\"/app\nRUN ls",
        "WORKDIR /srv/app\nRUN cd .. && mv app old\nRUN ls",
        "WORKDIR /srv/app\nRUN rm -rf /srv/*\nRUN ls",
        "WORKDIR /srv/app\nRUN rm -rf $WHERE\nRUN ls",
        "WORKDIR ${APP}\nRUN rm -rf /opt/x\nRUN ls",
        "RUN ./a; su -c 'pg_ctl -D /d start' postgres\nRUN ./b",
        "RUN sh -c './server& sleep 1'\nRUN ./b",
        "RUN x=$(./server & echo $!)\nRUN ./b",
        "RUN (trap './c' EXIT; ./a) && trap './d' EXIT\nRUN ./b",
        "RUN \\exec ./a\nRUN ./b",
        "RUN command eval ./a\nRUN ./b",
        "RUN pip --version; curl -fsSL https://example.org/get-pip.py | python3\nRUN pip install a",
        "RUN tool && PATH=/opt/bin:$PATH npm install tool\nRUN tool",
        "RUN ln -sf bash /bin/'sh'\nRUN ./b",
        "RUN echo 'a::0:0::/:/bin/sh' | tee -a /etc/passwd\nRUN ./b",
        "RUN echo 'dash dash/sh boolean false' | debconf-set-selections && dpkg-reconfigure dash\nRUN ./b",
        "RUN ./a > \"/dev/shm/x\"\nRUN ./b",
        "RUN sh -c 'echo 1 > /proc/sys/vm/x'\nRUN ./b",
        "RUN ./a\nRUN ./b $RANDOM",
        "SHELL [\"/bin/sh\", \"-ec\"]\nRUN if ./a; then ./b; ./c; fi\nRUN ./d",
    ] {
        assert_eq!(joined(text), None, "{text}");
    }
    for (text, want) in [
        ("RUN \"cd\" /a && ./a\nRUN ./b", "RUN ( \"cd\" /a && ./a ) \\\n    && ./b"),
        ("RUN $X /a\nRUN ./b", "RUN ( $X /a ) \\\n    && ./b"),
        ("RUN ./a\nRUN ./b & ./c", "RUN ./a \\\n    && { ./b & ./c; }"),
        ("RUN set -e; ./a; ! ./b\nRUN set -e; ./c; ./d", "RUN set -e; ( ./a; ! ./b ); \\\n    ./c; ./d"),
        ("RUN set -e; ./a\nRUN set -e; ./c; ./d && ./e", "RUN set -e; ./a; \\\n    ./c; ./d && ./e"),
        ("WORKDIR /srv/app\nRUN rm -rf ./*\nRUN ls", "RUN rm -rf ./* \\\n    && ls"),
    ] {
        let made = joined(text).unwrap_or_else(|| panic!("{text} stays as it is"));
        assert!(made.contains(want), "{made}");
    }
}

/// What a RUN writes to a place that is mounted for it is gone in the next.
#[test]
fn a_place_that_each_run_gets_anew() {
    leave_all(
        "merge-runs",
        &[
            "RUN --mount=type=tmpfs,target=/t mkdir /t/a\nRUN --mount=type=tmpfs,target=/t mkdir /t/a",
            "RUN --mount=target=/t,rw mkdir /t/a\nRUN --mount=target=/t,rw mkdir /t/a",
            "RUN mkdir /dev/shm/a\nRUN mkdir /dev/shm/a",
            "RUN ln -s /a /dev/b\nRUN ln -s /a /dev/b",
        ],
    );
    rewrite_all(
        "merge-runs",
        &[
            "RUN ln -sf /dev/stdout /var/log/a\nRUN ln -sf /dev/stderr /var/log/b",
            "RUN --mount=type=cache,target=/c apt-get update\nRUN --mount=type=cache,target=/c apt-get install -y a",
        ],
    );
}

/// `ln` makes a hard link unless it is told otherwise by an option, and a later layer would break it.
#[test]
fn a_hard_link_that_looks_symbolic() {
    leave_all(
        "merge-runs",
        &[
            "RUN ln -S.sav /a /b\nRUN chmod 700 /b",
            "RUN ln -- /a -s\nRUN chmod 700 /a",
            "RUN ln -t /dists /a\nRUN chmod 700 /a",
        ],
    );
    rewrite_all("merge-runs", &["RUN ln -vsf /a /b\nRUN chmod 700 /c"]);
}

const APT: &str = "RUN apt-get update && apt-get install -y curl";

/// The options of apt-get can name files where it runs, and the shell can put names of files in the place of a word.
#[test]
fn an_install_that_names_files() {
    let copied = |run: &str| format!("WORKDIR /app\nCOPY . .\nRUN {run}");
    for run in [
        "apt-get install -y -c apt.conf curl",
        "apt-get install -y --config-file=apt.conf curl",
        "apt-get update -o Dir=.",
        "apt-get update -oDir::Etc::SourceList=l.list",
        "apt-get install -y -o 'DPkg::Post-Invoke={\"sh after.sh\"}' curl",
        "apt-get install -y lib*",
        "apt-get install -y \"\"lib?\"x\"",
        "apt-get install -y a[bc]",
        "apt-get install -y x.deb",
    ] {
        leave_all("order-instructions", &[&copied(run)]);
    }
    for run in [
        "apt-get install -yqq --no-install-recommends -t stable 'lib*' curl=7.1",
        "apt-get install -y -o Dpkg::Options::=\"--force-confold\" -o Acquire::Retries=3 curl",
    ] {
        rewrite_all("order-instructions", &[&copied(run)]);
    }
}

/// A variable of the user, a setting, a link, a shell can lead a program to what a COPY brings, wherever that is.
#[test]
fn an_install_that_is_led_to_the_source() {
    for above in [
        "ENV APT_CONFIG=/app/apt.conf",
        "ENV PATH=/app/bin:$PATH",
        "ENV PATH=bin:$PATH",
        "ENV PATH .:$PATH",
        "ENV APT_CONFIG=apt.conf",
        "ENV HERE=/app\nENV PATH=${HERE}/bin:$PATH",
        "ARG LD_LIBRARY_PATH=/app/lib",
        "RUN echo 'deb file:/app ./' > /etc/apt/sources.list.d/l.list",
        "RUN ln -s /etc/apt/apt.conf.d /app",
        "ENV HERE=/app\nRUN echo $HERE/lib > /etc/ld.so.conf.d/l.conf",
        "COPY l.list /etc/apt/sources.list.d/",
        "COPY l.conf /etc/ld.so.conf.d/",
        "COPY rootfs /",
        "COPY dpkg.cfg /root/.dpkg.cfg",
        "COPY $X $Y",
        "SHELL [\"/app/bash\", \"-c\"]",
    ] {
        leave_all("order-instructions", &[&format!("{above}\nCOPY . /app/\n{APT}")]);
        let child = format!("FROM debian AS Low\n{above}\nFROM low\nCOPY . /app/\n{APT}\n");
        leaves("order-instructions", &child, &[]);
    }
    // a link that the first COPY brings
    let at = outcome(
        "order-instructions",
        &format!("FROM debian\nWORKDIR /app\nCOPY . .\nCOPY a l/\n{APT}\n"),
        &[],
    );
    assert_eq!(at.output, None);
    for above in [
        "ENV PATH=/opt/bin:$PATH",
        "ENV APP_HOME=/app",
        "ENV TZ=Europe/Berlin LC_ALL=C.UTF-8",
        "ENV PATH=/application/bin:$PATH",
        "RUN mkdir -p /app && chmod 755 /app",
        "RUN useradd app",
        "COPY nginx.conf /etc/nginx/",
    ] {
        rewrite_all("order-instructions", &[&format!("{above}\nCOPY . /app\n{APT}")]);
    }
}

/// The scripts of packages ask for variables, those of vendors for any.
#[test]
fn a_package_that_asks_for_a_variable() {
    for set in [
        "ENV ACCEPT_EULA=Y",
        "ENV INITRD No",
        "ARG JAVA_TOOL_OPTIONS",
        "ENV VENDOR_KEY=x",
        "ENV PORT=1 TZ=UTC",
    ] {
        leave_all("order-instructions", &[&format!("COPY . /app\n{set}\n{APT}")]);
    }
    rewrite_all("order-instructions", &[&format!("COPY . /app\nENV PYTHONUNBUFFERED=1 PORT=80\n{APT}")]);
}

/// /opt belongs to packages and to the user alike: which file is the last one would change.
#[test]
fn a_folder_that_packages_write_to() {
    leave_all(
        "order-instructions",
        &[
            "COPY . /opt/ros/humble/\nRUN apt-get install -y ros-humble-base",
            "COPY opt /opt\nRUN apt-get install -y curl",
            "COPY . /srv/ftp\nRUN apt-get install -y vsftpd",
        ],
    );
    rewrite_all("order-instructions", &[&format!("COPY . /opt/shop\n{APT}")]);
}

const MANIFESTS: [(&str, &str); 2] = [("requirements.txt", "six==1.16.0\n"), ("src/a.py", "")];
const SPLIT: &str = "WORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n";

/// What leads pip to the source, in this stage or the one below: it would have to be there before.
#[test]
fn pip_is_led_to_the_source() {
    for above in [
        "ENV PIP_CONSTRAINT=/app/c.txt",
        "ENV PIP_CONSTRAINT=c.txt",
        "ENV REQUESTS_CA_BUNDLE=/app/ca.pem",
        "ENV CFLAGS=-I/app/include",
        "ENV HERE=/app\nENV PATH=$HERE/venv/bin:$PATH",
        "ENV APP_HOME=/app\nENV PATH=$APP_HOME/venv/bin:$PATH",
        "ENV PATH=venv/bin:$PATH",
        "RUN pip config set global.find-links /app/wheels",
        "RUN echo /app > /usr/lib/python3/dist-packages/app.pth",
        "COPY pip.conf /etc/pip.conf",
        "COPY pip.conf /root/.config/pip/",
        "SHELL [\"/app/bash\", \"-c\"]",
    ] {
        let own = format!("FROM python\n{above}\n{SPLIT}");
        leaves("copy-manifests-first", &own, &MANIFESTS);
        let child = format!("FROM python AS low\n{above}\nFROM low\n{SPLIT}");
        leaves("copy-manifests-first", &child, &MANIFESTS);
    }
    let between =
        "FROM python\nWORKDIR /app\nCOPY . .\nENV PATH=/app/bin:$PATH\nRUN pip install -r requirements.txt\n";
    leaves("copy-manifests-first", between, &MANIFESTS);
    for above in ["ENV APP_HOME=/app", "ENV TZ=Europe/Berlin", "RUN mkdir -p /app", "COPY a.conf /etc/nginx/"]
    {
        rewrites("copy-manifests-first", &format!("FROM python\n{above}\n{SPLIT}"), &MANIFESTS);
    }
}

/// What leads to a folder of /usr/src: its path, that of the folder above it, or a way around.
#[test]
fn pip_is_led_to_usr_src() {
    let split = SPLIT.replace("/app", "/usr/src/app");
    for above in [
        "ENV PIP_CONSTRAINT=/usr/src/app/c.txt",
        "ENV CFLAGS=-I/usr/src/app/include",
        "ENV CFLAGS=-I/usr/src",
        "ENV CMAKE_PREFIX_PATH=/usr/local:/usr/src/",
        "ENV HERE=/usr/src\nENV PATH=$HERE/app/bin:$PATH",
        "RUN ln -s /usr/local/../src/app/pip.conf /etc/pip.conf",
        "RUN ln -s /usr/src/./app/pip.conf /etc/pip.conf",
        "RUN ln -s /usr/src//app/pip.conf /etc/pip.conf",
        "RUN ln -s /usr/src/*/pip.conf /etc/pip.conf",
        "RUN cd /usr && ln -s src/app/pip.conf /etc/pip.conf",
        "RUN cd /usr/src && ln -s app/pip.conf /etc/pip.conf",
        "COPY a /usr/src/",
        "COPY a /usr",
        "SHELL [\"/usr/src/app/bash\", \"-c\"]",
    ] {
        let own = format!("FROM python\n{above}\n{split}");
        leaves("copy-manifests-first", &own, &MANIFESTS);
        let child = format!("FROM python AS low\n{above}\nFROM low\n{split}");
        leaves("copy-manifests-first", &child, &MANIFESTS);
        if !above.contains("PIP_") {
            leave_all("order-instructions", &[&format!("{above}\nCOPY . /usr/src/app/\n{APT}")]);
        }
    }
    for above in [
        "ENV PATH=/usr/src/tool/bin:/usr/local/bin:$PATH",
        "RUN mkdir -p /usr/src/app && chmod 755 /usr/src/app",
        "RUN cd /usr/src/tool && make install",
        "COPY tool /usr/src/tool/",
        "COPY tool /usr/local/bin/",
    ] {
        rewrites("copy-manifests-first", &format!("FROM python\n{above}\n{split}"), &MANIFESTS);
    }
}

/// What a COPY of the source may not come below, another COPY between them.
#[test]
fn another_copy_that_the_source_would_pass() {
    let split = |between: &str| {
        format!("FROM python\nWORKDIR /app\nCOPY . .\n{between}\nRUN pip install -r requirements.txt\n")
    };
    for between in [
        "COPY requirements.txt /app",
        "COPY requirements.txt ../app/x/",
        "COPY requirements.txt src/a.py",
        "COPY --chmod=600 requirements.txt .",
        "COPY requirements.txt src/a.py ./",
        "COPY src/a.py requirements.txt",
        "COPY src .",
        "COPY . /",
        "COPY requirements.txt /",
        "ADD requirements.txt https://example.com/a.txt ./",
        "ADD git@example.com:a/b.git ./",
        "COPY <<EOF requirements.txt\nflask\nEOF",
        "VOLUME /app/data\nCOPY requirements.txt .",
        "WORKDIR /other\nCOPY requirements.txt .\nWORKDIR /app",
        "ENV PATH=/app/bin:$PATH\nCOPY requirements.txt .",
        "COPY requirements.txt .\nCOPY src/a.py requirements.txt",
    ] {
        leaves("copy-manifests-first", &split(between), &MANIFESTS);
    }
    for between in [
        "COPY requirements.txt ./",
        "COPY requirements.txt src/../requirements.txt",
        "COPY [\"requirements.txt\", \"/app/\"]",
        "COPY src/a.py src/",
        "COPY a.py /other/\nCOPY requirements.txt .",
    ] {
        rewrites("copy-manifests-first", &split(between), &MANIFESTS);
    }
}

/// distutils reads setup.cfg where pip runs.
#[test]
fn pip_is_told_where_to_install() {
    let with = |text| [MANIFESTS[0], ("setup.cfg", text)];
    let dockerfile = format!("FROM python:3.8\n{SPLIT}");
    leaves("copy-manifests-first", &dockerfile, &with("[flake8]\n[install]\nprefix = /elsewhere\n"));
    rewrites("copy-manifests-first", &dockerfile, &with("[options]\ninstall_requires =\n"));
}

/// Words of pip that name files although they do not look like it.
#[test]
fn pip_names_files() {
    for words in [
        "-i simple -r requirements.txt",
        "-r install requirements.txt",
        "-r requirements.txt wh*",
        "-r requirements.txt a[b]",
    ] {
        let run = format!("FROM python\nWORKDIR /app\nCOPY . .\nRUN pip install {words}\n");
        leaves("copy-manifests-first", &run, &MANIFESTS);
    }
    let quoted = "FROM python\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt 'a[b]==1.*'\n";
    rewrites("copy-manifests-first", quoted, &MANIFESTS);
}

/// `<<` inside arithmetic: which word opens a heredoc hangs on the blanks around it.
#[test]
fn a_shift_that_could_open_a_heredoc() {
    leave_all("shell-layout", &["RUN a $(( A<<1 ))||b", "RUN a   $((A<<1))"]);
    rewrite_all("shell-layout", &["RUN a   <<<b"]);
}
