//! What each instruction does to the configuration of its image (`convert.go`, the `dispatch…` functions).

use super::config::Config;
use super::health::Health;
use super::words::{Words, unknown};
use super::{NotBuilt, Result};
use crate::model::build::{Step, on_build};
use crate::syntax::lex;
use crate::syntax::tree::Keyword;

/// What an instruction does to the configuration.
///
/// `has_cmd` says whether a CMD stands in the stage: an ENTRYPOINT drops only one that was inherited.
pub(super) fn configure(config: &mut Config, has_cmd: &mut bool, words: &Words) -> Result<()> {
    let Step { instruction, arguments, .. } = words.step;
    match instruction.keyword {
        Keyword::Env => words.pairs()?.iter().for_each(|(name, value)| config.env.set(name, value)),
        Keyword::Label => config.labels.extend(words.pairs()?),
        Keyword::User => config.user = words.one()?,
        Keyword::Workdir => config.change_dir(&words.one()?),
        Keyword::Stopsignal => config.stop_signal = words.one()?,
        Keyword::Expose => expose(config, words)?,
        Keyword::Volume => volume(config, words)?,
        Keyword::Cmd => {
            config.cmd = config.command(arguments.texts(), arguments.exec);
            config.args_escaped = true;
            *has_cmd = true;
        }
        Keyword::Entrypoint => {
            config.entrypoint = config.command(arguments.texts(), arguments.exec);
            if !*has_cmd {
                config.cmd.clear();
            }
        }
        Keyword::Shell => config.shell = arguments.texts(),
        Keyword::Healthcheck => config.health = Some(Health::of(arguments)),
        Keyword::Onbuild => config.on_build.push(on_build(instruction)),
        Keyword::Maintainer => config.author = arguments.text(0).unwrap_or_default(),
        _ => {}
    }
    Ok(())
}

fn expose(config: &mut Config, words: &Words) -> Result<()> {
    for word in &words.step.arguments.list {
        let ports = words
            .environment
            .expand_words(word, words.budget)
            .map_err(|bad| NotBuilt(bad.0))?
            .ok_or_else(unknown)?;
        ports.iter().try_for_each(|port| config.ports.add(port)).map_err(NotBuilt)?;
    }
    Ok(())
}

fn volume(config: &mut Config, words: &Words) -> Result<()> {
    for word in &words.step.arguments.list {
        let path = words.expand(&word[lex::trim(word)])?;
        if path.is_empty() {
            return Err(NotBuilt("a path of VOLUME is empty".to_string()));
        }
        config.volumes.insert(path);
    }
    Ok(())
}
