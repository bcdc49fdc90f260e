//! The package managers and builders of other languages: Go, Rust, Ruby, PHP, Perl, the JVM, .NET, Elixir, Haskell, R.
//!
//! They work below the working folder, the tools' folders, the home and temporary files; builds that are told to write
//! elsewhere by files of the source are taken to stay there too.

use crate::model::command::effect::{Brings, Heeds};
use crate::model::command::entry::{At, Entry, Use, entry};

const GO: &[&str] = &["GO*", "CGO_*", "CC", "CXX", "*FLAGS", "PKG_CONFIG*", "GIT_*", "XDG_*", "AR", "FC"];
const RUST: &[&str] = &["CARGO_*", "RUST*", "CC", "CXX", "*FLAGS", "*_DIR", "PKG_CONFIG*"];
const RUBY: &[&str] =
    &["GEM_*", "BUNDLE_*", "BUNDLER_*", "RUBY*", "RB_*", "RBENV_*", "CC", "CXX", "*FLAGS", "MAKE*"];
const PHP: &[&str] = &["COMPOSER*", "PHP_*"];
const JVM: &[&str] =
    &["MAVEN_*", "M2_*", "MVN*", "JAVA*", "JDK_*", "_JAVA_OPTIONS", "GRADLE_*", "SBT_*", "LEIN_*", "ANT_*"];
const DOTNET: &[&str] = &["DOTNET_*", "NUGET_*", "MSBUILD*"];
const BEAM: &[&str] = &["MIX_*", "HEX_*", "REBAR_*", "ERL_*", "ELIXIR_*"];

const PLACES: &[At] = &[At::Here, At::Tools, At::Home, At::Temporary];
const OF_THE_USER: &[At] = &[At::Tools, At::Home, At::Temporary];
const READS: &[At] = &[At::Here, At::Above, At::Tools, At::Home];

/// An install: the scripts of packages may ask for any variable.
const fn install(name: &'static str, own: &'static [&'static str]) -> Entry {
    entry(name).loose().reads(READS).writes(PLACES).heeds(Heeds::Packages(own)).brings(Brings::Named).online()
}

/// A build of the source: what it asks for is its own affair.
const fn build(name: &'static str, values: &'static [(&'static str, Use)]) -> Entry {
    entry(name).loose().values(values).reads(READS).writes(PLACES).heeds(Heeds::Anything).online()
}

const GO_VALUES: &[(&str, Use)] = &[
    ("-C", Use::Enters),
    ("-o", Use::Writes),
    ("-modfile -overlay", Use::Reads),
    (
        "-ldflags -gcflags -asmflags -tags -mod -p -installsuffix -run -count -timeout -v= -coverprofile",
        Use::Nothing,
    ),
];
/// The folder that the images of Go have as GOPATH.
const GO_PLACES: &[At] = &[At::Here, At::Folder("/go"), At::Tools, At::Home, At::Temporary];

const CARGO_VALUES: &[(&str, Use)] = &[
    ("--target-dir --out-dir --artifact-dir", Use::Writes),
    ("--root", Use::Writes),
    ("--manifest-path", Use::Reads),
    ("-C", Use::Enters),
    ("--path", Use::Both),
    (
        "--version --vers --features --target --bin --package -p --git --tag --branch --rev --profile --jobs -j",
        Use::Nothing,
    ),
];

const GEM_VALUES: &[(&str, Use)] = &[
    ("-i --install-dir -n --bindir --build-root", Use::Writes),
    ("-v --version -s --source --document -P", Use::Nothing),
];

const BUNDLE_VALUES: &[(&str, Use)] = &[
    ("--path --binstubs --shebang --standalone", Use::Writes),
    ("--gemfile", Use::Reads),
    ("--without --with --jobs -j --retry --no-cache", Use::Nothing),
];

const COMPOSER_VALUES: &[(&str, Use)] = &[("-d --working-dir", Use::Enters), ("--repository", Use::Nothing)];

const MAVEN_VALUES: &[(&str, Use)] =
    &[("-f --file", Use::Beside), ("-s --settings -gs -t", Use::Reads), ("-P -pl -T -rf -l", Use::Nothing)];
const GRADLE_VALUES: &[(&str, Use)] = &[
    ("-p --project-dir", Use::Enters),
    ("-b --build-file -c --settings-file -I", Use::Reads),
    ("-g --gradle-user-home --project-cache-dir", Use::Writes),
    ("-x --exclude-task --max-workers", Use::Nothing),
];
const MAVEN: Entry = build("mvn", MAVEN_VALUES).heeds(Heeds::Anything);
const GRADLE: Entry = build("gradle", GRADLE_VALUES);

const DOTNET_VALUES: &[(&str, Use)] = &[
    ("-o --output --tool-path --results-directory --packages", Use::Writes),
    ("-c --configuration -r --runtime -f --framework -s --source -v --verbosity --version", Use::Nothing),
];

/// Sorted by name.
pub(super) const ENTRIES: &[Entry] = &[
    build("./gradlew", GRADLE_VALUES),
    build("./mvnw", MAVEN_VALUES),
    install("R", &["R_*"]).writes(OF_THE_USER).verbs(&["CMD INSTALL", "CMD javareconf"]).operands(Use::Reads),
    build("ant", &[("-f -file -buildfile", Use::Beside), ("-lib", Use::Reads)]),
    install("bundle", RUBY)
        .values(BUNDLE_VALUES)
        .verbs(&["install", "update", "package", "clean", "pack", "cache", "add", "lock", "check"]),
    install("bundle", RUBY).values(BUNDLE_VALUES).verbs(&[
        "config",
        "config set",
        "config --global",
        "version",
    ]),
    build("bundle", BUNDLE_VALUES).verbs(&["exec", "binstubs", "exec rake"]),
    // without a verb it installs
    install("bundle", RUBY).values(BUNDLE_VALUES).operands(Use::Barrier),
    install("cabal", &["CABAL_*", "GHC*"]),
    build("cargo", CARGO_VALUES)
        .verbs(&[
            "build", "rustc", "test", "check", "chef", "run", "clippy", "leptos", "make", "xtask", "doc",
        ])
        .brings(Brings::Nothing),
    install("cargo", RUST).values(CARGO_VALUES).verbs(&[
        "install",
        "fetch",
        "update",
        "vendor",
        "generate-lockfile",
        "add",
        "new",
        "init",
        "clean",
        "binstall",
        "uninstall",
        "search",
        "metadata",
        "locate-project",
    ]),
    install("composer", PHP)
        .values(COMPOSER_VALUES)
        .verbs(&["global require", "global update", "global remove"])
        .writes(OF_THE_USER),
    install("composer", PHP)
        .values(COMPOSER_VALUES)
        .verbs(&["config", "self-update", "selfupdate", "clear-cache", "clearcache", "diagnose"])
        .instead(&["-g", "--global"]),
    install("composer", PHP).values(COMPOSER_VALUES).operands(Use::Nothing),
    install("cpan", &["PERL*"]).writes(OF_THE_USER),
    install("cpanm", &["PERL*"])
        .writes(OF_THE_USER)
        .values(&[("-l -L --local-lib --local-lib-contained", Use::Writes)]),
    build("dep", &[]),
    build("dotnet", DOTNET_VALUES).operands(Use::Beside).verbs(&[
        "build",
        "publish",
        "test",
        "pack",
        "clean",
        "msbuild",
        "run",
        "new",
        "sln",
        "add",
        "ef",
        "dev-certs",
        "vstest",
        "store",
        "nuget",
    ]),
    install("dotnet", DOTNET).values(DOTNET_VALUES).operands(Use::Beside).verbs(&["restore"]),
    install("dotnet", DOTNET).values(DOTNET_VALUES).verbs(&[
        "tool install",
        "tool restore",
        "workload install",
        "workload restore",
        "tool update",
    ]),
    entry("dotnet").loose().writes(&[At::Home, At::Temporary]).verbs(&["--info", "--version", "help"]),
    install("gem", RUBY).values(GEM_VALUES).verbs(&["build", "fetch", "unpack"]).operands(Use::Reads),
    install("gem", RUBY).writes(OF_THE_USER).values(GEM_VALUES).operands(Use::Package),
    build("glide", &[]),
    install("go", GO).values(GO_VALUES).writes(GO_PLACES).verbs(&[
        "mod download",
        "mod tidy",
        "mod vendor",
        "mod init",
        "mod verify",
        "mod edit",
        "get",
        "env",
        "clean",
        "work sync",
        "mod graph",
        "mod",
        "version",
        "list",
        "telemetry",
    ]),
    build("go", GO_VALUES)
        .writes(GO_PLACES)
        .verbs(&["build", "install", "test", "vet", "generate", "run", "tool", "fmt"]),
    build("go-wrapper", &[]).writes(GO_PLACES),
    build("godep", &[]).writes(GO_PLACES),
    build("govendor", &[]).writes(GO_PLACES),
    GRADLE,
    entry("java")
        .loose()
        .operands(Use::Barrier)
        .values(&[("-jar -cp -classpath --class-path", Use::Barrier)]),
    build("javac", &[("-d -h -s", Use::Writes), ("-cp -classpath --class-path", Use::Reads)])
        .operands(Use::Beside)
        .writes(&[At::Temporary]),
    entry("keytool")
        .loose()
        .values(&[("-keystore -destkeystore", Use::Writes), ("-file -srckeystore", Use::Reads)])
        .operands(Use::Nothing)
        .reads(&[At::System])
        .writes(&[At::System, At::Home])
        .heeds(Heeds::Names(JVM)),
    build("lein", &[]),
    install("luarocks", &["LUA*"]).writes(OF_THE_USER),
    install("mix", BEAM).verbs(&[
        "deps.get",
        "local.hex",
        "local.rebar",
        "archive.install",
        "hex.info",
        "deps.update",
        "deps.unlock",
        "deps.clean",
        "escript.install",
    ]),
    build("mix", &[]),
    MAVEN,
    install("opam", &["OPAM*", "OCAML*"]).verbs(&[
        "install",
        "update",
        "switch",
        "init",
        "pin",
        "repository",
        "depext",
        "repo",
        "upgrade",
        "user-setup",
        "pin add",
        "remove",
        "clean",
    ]),
    build("phpize", &[]),
    build("rake", &[("-f --rakefile -C", Use::Barrier)]),
    install("rbenv", RUBY).verbs(&["install", "rehash", "global", "local", "versions", "version"]),
    build("rebar3", &[]),
    install("rosdep", &["ROS*"]).writes(OF_THE_USER),
    install("rustup", RUST).writes(OF_THE_USER).brings(Brings::Anything),
    build("sbt", &[]),
    build(
        "stack",
        &[("--stack-yaml", Use::Reads), ("--local-bin-path", Use::Writes), ("--work-dir", Use::Writes)],
    ),
    build("swift", &[("--package-path", Use::Enters), ("--build-path --scratch-path", Use::Writes)])
        .verbs(&["build", "package", "test"]),
    install("tlmgr", &["TEX*"]).writes(OF_THE_USER),
];
