//! Solutions of Visual Studio: which projects a .sln or a .slnx holds.
//!
//! A .sln has a line `Project("{kind}") = "name", "path", "{id}"` for each project, and for folders that group them, which
//! are told by their kind (Microsoft's "Solution (.sln) file"). A .slnx is XML with `Project` elements.

use super::xml;

/// The kind of a folder.
const FOLDER: &str = "2150E333-8FDC-42A3-9474-1A3956D46DE8";

/// The paths of its projects, as they are written, with slashes.
///
/// # Errors
/// What is not understood.
pub fn projects(name: &str, text: &str) -> Result<Vec<String>, String> {
    if matches!(name.rsplit_once('.'), Some((_, "slnx"))) {
        let document = xml::parse(text)?;
        let projects = xml::all(document.root_element(), "Project");
        let paths =
            projects.map(|p| p.attribute("Path").map(slashes).ok_or("a project has no path".to_string()));
        return paths.collect();
    }
    if !text.contains("Microsoft Visual Studio Solution File") {
        return Err("it is no solution of Visual Studio".to_string());
    }
    let lines = text.lines().map(str::trim).filter(|l| l.starts_with("Project("));
    lines.filter(|l| !l.to_ascii_uppercase().contains(FOLDER)).map(project).collect()
}

/// The path in a line of a .sln.
fn project(line: &str) -> Result<String, String> {
    let quoted: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
    match quoted[..] {
        [_, _, path, _] => Ok(slashes(path)),
        _ => Err(format!("`{line}` is not understood")),
    }
}

/// MSBuild reads a backslash as a slash.
fn slashes(path: &str) -> String {
    path.replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solution_of_lines() {
        let text = "\u{feff}\r\nMicrosoft Visual Studio Solution File, Format Version 12.00\r\n\
            Project(\"{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}\") = \"Web\", \"src\\Web\\Web.csproj\", \"{1}\"\r\nEndProject\r\n\
            Project(\"{2150e333-8fdc-42a3-9474-1a3956d46de8}\") = \"items\", \"items\", \"{2}\"\r\nEndProject\r\n";
        assert_eq!(projects("a.sln", text).unwrap(), ["src/Web/Web.csproj"]);
        assert!(projects("a.sln", "").is_err());
        assert!(projects("a.sln", "Microsoft Visual Studio Solution File\nProject(x)\n").is_err());
    }

    #[test]
    fn a_solution_of_elements() {
        let text = "<Solution><Folder Name=\"/src/\"><Project Path=\"src\\A.csproj\"/></Folder><Project Path=\"B.fsproj\"/></Solution>";
        assert_eq!(projects("a.slnx", text).unwrap(), ["src/A.csproj", "B.fsproj"]);
        assert!(projects("a.slnx", "<Solution><Project/></Solution>").is_err());
    }
}
