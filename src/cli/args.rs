//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

const EXIT_STATUS: &str = "\
Exit status:
  0  done, or nothing to do
  1  --check found a file that would change
  2  it could not be done: bad usage, broken configuration, unreadable file, syntax error, failed proof";

/// Formats Dockerfiles, and rewrites them so that rebuilds are fast, with a proof that the image stays the same.
#[derive(Parser, Debug)]
#[command(name = "dfmt", version, about, after_help = EXIT_STATUS)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Args {
    /// Another command than formatting.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What to format, and how.
    #[command(flatten)]
    pub format: FormatArgs,
    /// Colours in the output
    #[arg(long, value_enum, default_value_t, global = true)]
    #[arg(value_name = "auto|always|never", hide_possible_values = true)]
    pub color: Color,
}

/// Commands other than formatting. A path of the same name is written `./rules`.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// List the rules, or show the page of one
    Rules {
        /// A rule, or a kind: layout, image, content
        name: Option<String>,
    },
    /// Show what holds for a file, and where each value comes from
    Config {
        /// The file, which need not exist
        #[arg(value_name = "FILE", default_value = "Dockerfile")]
        file: PathBuf,
        /// Which settings hold.
        #[command(flatten)]
        settings: SettingsArgs,
    },
    /// Serve an editor: the language server protocol over stdin and stdout
    Lsp {
        /// What some clients add; there is no other way
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Print the completions of a shell
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
    /// Print the manual page
    Man,
    /// What dfmt sees in files, for its own tests.
    #[command(hide = true)]
    Debug {
        /// Which part of it.
        what: Aspect,
        /// The files.
        files: Vec<PathBuf>,
    },
}

/// What `dfmt debug` shows. Each has one function in `debug`.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum Aspect {
    /// The tree, for eyes.
    Tree,
    /// What BuildKit's parser would give, a JSON line a file.
    View,
    /// What BuildKit would refuse, a JSON line a file.
    Errors,
    /// How the shell text of each RUN is read, a JSON line a file.
    Shell,
    /// What a build runs and the configuration of its image, a JSON line a file.
    Model,
    /// Which instructions depend on each other, a JSON line a file.
    Graph,
    /// What each RUN reads and writes, a JSON line a file.
    Commands,
}

/// How to format which files.
#[derive(ClapArgs, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct FormatArgs {
    /// Files, folders to search, or - for stdin; nothing is the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Rewrite the files
    #[arg(short, long, help_heading = "What to do (without: print the diff)", conflicts_with = "check")]
    pub write: bool,
    /// Name the files that would change, and exit with 1 if there are any
    #[arg(short, long, help_heading = "What to do (without: print the diff)")]
    pub check: bool,
    /// Print the diff too, with --check, --write or stdin
    #[arg(long, help_heading = "What to do (without: print the diff)")]
    pub diff: bool,
    /// What stdout gets: text for people, or one document for programs
    #[arg(long, value_enum, default_value_t, conflicts_with = "list", hide_possible_values = true)]
    #[arg(value_name = "text|json|sarif|github", help_heading = "What to do (without: print the diff)")]
    pub output: Output,
    /// Print nothing but the names of files that would change
    #[arg(short, long, help_heading = "What to do (without: print the diff)", conflicts_with = "diff")]
    pub list: bool,

    /// Which settings hold.
    #[command(flatten)]
    pub settings: SettingsArgs,

    /// Leave out what fits, in folders: a glob as in .gitignore, seen from the current folder
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub exclude: Vec<String>,
    /// Leave out what is excluded even where it is named outright, as pre-commit does
    #[arg(long, help_heading = "Input")]
    pub force_exclude: bool,
    /// The path that stdin stands for
    #[arg(long, value_name = "PATH", help_heading = "Input")]
    pub stdin_filepath: Option<PathBuf>,

    /// Print nothing but what was asked for, and errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say what was not rewritten, and why not
    #[arg(short, long)]
    pub verbose: bool,
}

/// Which rules run, and where settings come from.
#[derive(ClapArgs, Debug)]
pub struct SettingsArgs {
    /// Run these rules and no others: names or kinds (layout, image, content)
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub only: Vec<String>,
    /// Run these rules too
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub also: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub skip: Vec<String>,
    /// Leave every build cache key as it is: the text of RUN stays byte for byte
    #[arg(long, help_heading = "Rules")]
    pub keep_cache: bool,

    /// The build context [default: that of the configuration, else the folder of the Dockerfile]
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub context: Option<PathBuf>,
    /// Use this configuration for all files [default: dfmt.toml or .dfmt.toml in the nearest folder upward]
    #[arg(long, value_name = "FILE", help_heading = "Input", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    /// Use no configuration file and no .editorconfig
    #[arg(long, help_heading = "Input")]
    pub isolated: bool,
}

/// What stdout gets.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// Text for people.
    #[default]
    Text,
    /// JSON as docs/output.schema.json says.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
}

/// Whether output is coloured.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless the environment says no.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Args::command().debug_assert();
    }
}
