//! The table, by command lines and their effects.

use super::*;
use crate::model::command::effect::{Brings, Place, State};
use crate::model::command::walk::RunEffect;
use crate::syntax;

/// What a RUN with this text does in /app.
fn run(text: &str) -> RunEffect {
    let file = format!("RUN {text}\n");
    let file = syntax::parse(file.as_bytes());
    let i = file.instructions().next().unwrap();
    RunEffect::of(i, &Scene::at(Some("/app")))
}

fn names(places: &[Place]) -> Vec<&str> {
    places.iter().map(Place::name).collect()
}

#[test]
fn families_are_sorted() {
    let pairs = FAMILIES.iter().flat_map(|family| family.windows(2));
    let wrong: Vec<_> = pairs.filter(|p| p[0].name > p[1].name).map(|p| (p[0].name, p[1].name)).collect();
    assert_eq!(wrong, []);
    let names = FAMILIES.iter().map(|f| f.iter().map(|e| e.name).collect::<std::collections::BTreeSet<_>>());
    let all: Vec<&str> = names.flatten().collect();
    let unique: std::collections::BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(all.len(), unique.len(), "a command is in two families");
}

/// Command line, what it writes.
const WRITES: &[(&str, &[&str])] = &[
    // packages of the system
    ("apt-get install -y curl", &["<system>"]),
    ("apt-get -o Dir::Cache=/x update", &["<system>"]),
    ("apt-get download curl", &["/app", "<system>"]),
    ("apk add --no-cache -t .deps gcc", &["<system>"]),
    ("apk add --root /mnt curl", &["/mnt", "<system>"]),
    ("yum install --installroot=/mnt -y bash", &["/mnt", "<system>"]),
    ("/usr/bin/apt-get update", &["<system>"]),
    ("apt-cache policy curl", &[]),
    ("docker-php-ext-install -j4 gd", &["<system>", "<temporary>"]),
    // files
    ("mkdir -p a /b/c", &["/app/a", "/b/c"]),
    ("cp -r a b /dst", &["/dst"]),
    ("cp -t /dst a b", &["/dst"]),
    ("mv a /b", &["/app/a", "/b"]),
    ("rm -rf /tmp/* x", &["/app/x", "/tmp"]),
    ("ln -s /bin/bash /bin/sh", &["/bin/sh"]),
    ("ln -s /etc/thing", &["/app"]),
    ("chmod +x run.sh", &["/app/run.sh"]),
    ("chown -R app:app /srv/app .", &["/app", "/srv/app"]),
    ("touch -d yesterday x", &["/app/x"]),
    ("install -m 755 -d /a /b", &["/a", "/b"]),
    ("install -Dm644 a /usr/share/a", &["/app/a", "/usr/share/a"]),
    ("tee -a /etc/hosts2", &["/etc/hosts2"]),
    ("find /var/log -type f -delete", &["/var/log"]),
    ("find /a -name x -exec rm {} ;", &["/a"]),
    ("find /a -name x -exec cat {} +", &[]),
    ("sed -i s/a/b/ /etc/x", &["/etc/x"]),
    ("sed -i.bak -e s/a/b/ /etc/x", &["/etc"]),
    ("sed -n -e 1p /etc/x", &[]),
    ("tar xzf a.tgz -C /opt/x", &["/opt/x"]),
    ("tar -xf a.tar", &["/app"]),
    ("tar -czf /b.tgz dir", &["/b.tgz"]),
    ("tar tf a.tar", &[]),
    ("unzip -q a.zip -d /opt/x", &["/opt/x"]),
    ("unzip a.zip", &["/app"]),
    ("gunzip /data/x.gz", &["/data"]),
    // fetching
    ("curl -fsSL https://x.y/z -o /usr/local/bin/z", &["/usr/local/bin/z"]),
    ("curl -fsSLO https://x.y/z", &["/app"]),
    ("curl https://x.y/z", &[]),
    ("wget -qO- https://x.y/z", &["<home>"]),
    ("wget -P /opt https://x.y/z", &["/opt", "<home>"]),
    ("wget https://x.y/z", &["/app", "<home>"]),
    ("git clone --depth 1 https://x.y/z /src", &["/src", "<temporary>"]),
    ("git clone https://x.y/z", &["/app", "<temporary>"]),
    ("git clone /here /there", &["/here", "/there", "<temporary>"]),
    ("git -C /src checkout v1", &["/src", "<home>", "<temporary>"]),
    // builds
    ("./configure --prefix=/opt/tool", &["/app", "/opt/tool", "<home>", "<temporary>"]),
    ("make DESTDIR=/out install", &["/app", "/out", "<system>", "<home>", "<temporary>"]),
    ("cd a/b && make", &["/app/a", "/app/a/b", "<system>", "<home>", "<temporary>"]),
    // users
    ("useradd -m -d /app/home app", &["/app/home", "/etc", "/run", "/var", "<home>"]),
    ("groupadd -g 1000 app", &["/etc", "/run", "/var"]),
    ("usermod -aG docker app", &["/etc", "/run", "/var"]),
    ("usermod -u 1000 app", &["/etc", "/run", "/var", "<anywhere>"]),
    // languages
    ("pip install -r requirements.txt", &["<system>", "<home>", "<temporary>"]),
    ("pip3 install -t /deps flask==1.0", &["/deps", "<system>", "<home>", "<temporary>"]),
    ("pip install -e .", &["/app", "<system>", "<home>", "<temporary>"]),
    ("python3 -m venv /venv", &["/venv", "<temporary>"]),
    ("npm install -g yarn", &["<system>", "<home>", "<temporary>"]),
    ("npm ci", &["/app", "<system>", "<home>", "<temporary>"]),
    ("npm ci --prefix web", &["/app/web", "<system>", "<home>", "<temporary>"]),
    ("go mod download", &["/app", "/go", "<system>", "<home>", "<temporary>"]),
    ("go build -o /out/x ./cmd", &["/app", "/go", "/out/x", "<system>", "<home>", "<temporary>"]),
    // what runs another command
    ("sudo -E -u root mkdir /x", &["/x"]),
    ("env A=b nice -n 5 touch /x", &["/x"]),
    ("xargs -r rm -f", &["<anywhere>"]),
    ("sh -c 'mkdir /x && cd /y && touch z'", &["/x", "/y/z"]),
    ("timeout 5 touch /x", &["/x"]),
    ("command -v touch", &[]),
    // nothing
    ("echo -n hello", &[]),
    ("true", &[]),
    ("[ -f /x ]", &[]),
];

#[test]
fn commands_write_where_the_table_says() {
    for (line, writes) in WRITES {
        let effect = run(line).whole.unwrap_or_else(|why| panic!("{line}: {}", why.0));
        assert_eq!(names(&effect.writes), *writes, "{line}");
    }
}

/// Commands, and options of commands, that nobody knows.
#[test]
fn what_is_not_known_is_a_barrier_that_is_named() {
    for (line, named) in [
        ("frobnicate --all", "`frobnicate`"),
        ("./build.sh", "`./build.sh`"),
        ("$CMD x", "`$CMD`"),
        ("curl -K settings --unknown x", "`--unknown`"),
        ("tar --to-command=sh -xf a.tar", "`--to-command`"),
        ("cp --frob a b", "`--frob`"),
        ("apt-get -c mine update", "`-c`"),
        ("apt-get frob", "`apt-get frob`"),
        ("curl x | bash", "`bash` runs a script"),
        ("bash -c \"$TEXT\"", "`bash -c`"),
        ("bash -lc true", "`-l`"),
        ("python -c 'print()'", "`python`"),
        ("python manage.py migrate", "`manage.py`"),
        ("source ./settings", "`./settings`"),
        ("eval x", "`eval x`"),
        ("alias ls=rm", "`alias ls=rm`"),
        ("sed -i 's/a/b/w /etc/passwd' x", "`sed`"),
        ("sed -n '/a/w out' x", "`sed`"),
        ("sed '1e date' x", "`sed`"),
        ("awk '{ print > \"out\" }' x", "`awk`"),
        ("awk '{ system($1) }' x", "`awk`"),
        ("find . -fprint out", "`-fprint`"),
        ("find . -exec ./each {} ;", "`./each .`"),
        ("sudo -i apt-get update", "`-i`"),
        ("sudo ./x", "`./x`"),
        ("conda run x", "`x`"),
        ("cat <<E\n$(frob)\nE", "heredoc"),
        ("[[ $(frob) ]]", "expression"),
    ] {
        let why = run(line).whole.expect_err(line);
        assert!(why.0.contains(named), "{line}: {}", why.0);
    }
}

#[test]
fn variables_matter_where_the_table_says() {
    for (line, ignored, heeded) in [
        (
            "mkdir /x",
            &["APP_HOME", "VERSION", "CI", "ACCEPT_EULA"][..],
            &["PATH", "LD_PRELOAD", "LANG", "HOME"][..],
        ),
        ("apt-get install x", &["PORT", "VERSION"], &["ACCEPT_EULA", "DEBIAN_FRONTEND", "http_proxy", "TZ"]),
        ("pip install flask", &["PORT", "VERSION"], &["PIP_INDEX_URL", "PYTHONPATH", "SOMETHING", "CFLAGS"]),
        ("npm ci", &["PORT"], &["NODE_ENV", "NPM_CONFIG_REGISTRY", "PUPPETEER_SKIP_DOWNLOAD", "CI"]),
        ("npm run build", &[], &["PORT", "VERSION", "ANYTHING"]),
        ("curl -o /x https://x", &["VERSION", "NODE_ENV"], &["CURL_HOME", "https_proxy", "SSL_CERT_FILE"]),
        ("make", &[], &["VERSION"]),
        ("./x", &[], &["VERSION"]),
        ("mkdir /x$VERSION", &["OTHER"], &["VERSION"]),
    ] {
        let file = format!("RUN {line}\n");
        let file = syntax::parse(file.as_bytes());
        let run = crate::model::command::Run::of(file.instructions().next().unwrap()).unwrap();
        for name in ignored {
            assert!(ignores_variable(&run.commands[0], name.as_bytes()), "{line}: {name}");
        }
        for name in heeded {
            assert!(!ignores_variable(&run.commands[0], name.as_bytes()), "{line}: {name}");
        }
    }
}

#[test]
fn the_shell_is_left_as_the_table_says() {
    let of = |line| run(line).whole.unwrap().state.names().collect::<Vec<_>>();
    assert_eq!(of("mkdir /x"), [""; 0]);
    assert_eq!(of("cd /x"), ["folder", "variables"]);
    assert_eq!(of("export X=1"), ["variables"]);
    assert_eq!(of("X=1"), ["variables"]);
    assert_eq!(of("umask 022"), ["options"]);
    assert_eq!(of("trap 'rm -f /x' EXIT"), ["traps"]);
    assert_eq!(of("exit 0"), ["ends"]);
    assert_eq!(of("hash -r"), ["hash"]);
    assert_eq!(of("sudo sh -c 'cd /x'"), [""; 0]);
    assert_eq!(run("exec true").whole.unwrap().state, State::ENDS);
    assert_eq!(run("npm install -g x").whole.unwrap().brings, Brings::Named);
    assert_eq!(run("apt-get install x").whole.unwrap().brings, Brings::System);
    assert!(run("curl x").whole.unwrap().network);
    assert!(!run("mkdir /x").whole.unwrap().uses_folder);
    assert!(run("mkdir x").whole.unwrap().uses_folder);
}
