//! Commands of the shell that change the scene for those after them: folder, variables, options.

use super::Command;
use super::words::{self, Scene};

/// Whether a command takes assignments among its words.
pub(super) fn declares(name: &str) -> bool {
    matches!(name, "export" | "readonly" | "declare" | "typeset" | "local")
}

/// The variables that a command sets by its words.
pub(super) fn names(command: &Command) -> Vec<String> {
    let takes_names = matches!(command.name(), Some("read" | "unset" | "getopts" | "mapfile" | "readarray"));
    if !takes_names && !command.name().is_some_and(declares) {
        return Vec::new();
    }
    let name = |w: &super::Word| {
        let text = String::from_utf8_lossy(w.text).into_owned();
        let text = text.trim_start_matches(['"', '\'']);
        text.split('=').next().unwrap_or_default().to_string()
    };
    let words = command.args().iter().filter(|w| !w.text.starts_with(b"-"));
    let all = words.filter(|w| takes_names || w.text.contains(&b'='));
    all.map(name).collect()
}

/// Whether a failure ends the shell from here on, if the command says so.
pub(super) fn errexit(command: &Command) -> Option<bool> {
    if command.name() != Some("set") {
        return None;
    }
    let mut told = None;
    let values: Vec<&str> = command.args().iter().filter_map(|w| w.value.as_deref()).collect();
    for (n, value) in values.iter().enumerate() {
        let is_option = value.len() > 1 && !value.starts_with("--");
        let named = *value == "errexit" && n > 0;
        match value.as_bytes() {
            [b'-', rest @ ..] if is_option && rest.contains(&b'e') => told = Some(true),
            [b'+', rest @ ..] if is_option && rest.contains(&b'e') => told = Some(false),
            _ if named => told = Some(values[n - 1].starts_with('-')),
            _ => {}
        }
    }
    told
}

/// What a command makes of the scene.
pub(super) fn change(command: &Command, scene: &mut Scene) {
    match command.name() {
        Some("cd" | "pushd") => {
            let target = command.args().iter().find(|w| !matches!(w.text, b"-P" | b"-L" | b"-e" | b"--"));
            match target {
                Some(word) if word.value.as_deref() != Some("-") => *scene = scene.entered(word),
                _ => scene.folders = vec![None],
            }
        }
        Some("popd") => scene.folders = vec![None],
        Some("." | "source") => {
            // `bin/activate` of a virtual environment puts its tools first
            let file = command.args().first();
            let activates = file
                .is_some_and(|w| w.text.ends_with(b"/bin/activate") || w.text.ends_with(b"/bin/activate\""));
            if let Some(word) = file.filter(|_| activates) {
                scene.tools.extend(words::folders(word, scene).into_iter().map(words::above));
            }
            scene.variables.iter_mut().for_each(|(_, value)| *value = None);
        }
        _ => {
            for name in names(command) {
                let assigned = command
                    .args()
                    .iter()
                    .find_map(|w| w.value.as_deref()?.strip_prefix(&*name)?.strip_prefix('='));
                let value = assigned.map(str::to_string);
                scene.set(&name, value);
            }
        }
    }
}
