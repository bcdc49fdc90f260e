//! Build scripts of Gradle that only declare: plugins, repositories, dependencies, a few settings of Java.
//!
//! A build script is a program, in Groovy or Kotlin. One whose names are all on a list of names that declare can read no
//! file: what is not named is not called. The source is Gradle's "Build Language Reference".

/// Names that declare something, or are part of a declaration.
const DECLARE: &[&str] = &[
    "plugins",
    "id",
    "version",
    "apply",
    "false",
    "true",
    "java",
    "application",
    "war",
    "jacoco",
    "group",
    "description",
    "sourceCompatibility",
    "targetCompatibility",
    "JavaVersion",
    "toolchain",
    "languageVersion",
    "JavaLanguageVersion",
    "of",
    "toVersion",
    "repositories",
    "mavenCentral",
    "google",
    "gradlePluginPortal",
    "maven",
    "url",
    "uri",
    "name",
    "dependencies",
    "implementation",
    "api",
    "compileOnly",
    "runtimeOnly",
    "annotationProcessor",
    "developmentOnly",
    "providedRuntime",
    "testImplementation",
    "testCompileOnly",
    "testRuntimeOnly",
    "testAnnotationProcessor",
    "platform",
    "enforcedPlatform",
    "exclude",
    "module",
    "configurations",
    "extendsFrom",
    "all",
    "tasks",
    "named",
    "test",
    "Test",
    "withType",
    "useJUnitPlatform",
    "mainClass",
    "mainClassName",
    "set",
    "dependencyManagement",
    "imports",
    "mavenBom",
    "ext",
    "extra",
    "rootProject",
    "pluginManagement",
    "dependencyResolutionManagement",
    "repositoriesMode",
    "RepositoriesMode",
    "FAIL_ON_PROJECT_REPOS",
    "PREFER_SETTINGS",
    "tasks",
    "jar",
    "bootJar",
    "enabled",
    "archiveFileName",
    "compile",
    "testCompile",
    "runtime",
    "because",
    "constraints",
    "strictly",
    "prefer",
    "options",
    "encoding",
    "JavaCompile",
    "compileJava",
    "compileTestJava",
    "kotlin",
    "get",
    "val",
    "def",
    "String",
    "by",
];

/// Plugins that read nothing of the source before a task of theirs runs.
const PLUGINS: &[&str] = &[
    "java",
    "java-library",
    "application",
    "war",
    "jacoco",
    "org.springframework.boot",
    "io.spring.dependency-management",
    "com.github.johnrengelman.shadow",
    "com.gradleup.shadow",
];

/// Whether a script only declares.
///
/// # Errors
/// What does more, or is not understood.
pub fn only_declares(text: &str) -> Result<(), String> {
    let mut tokens = tokens(text)?.into_iter().peekable();
    let mut before = [String::new(), String::new()];
    let mut is_accessor = false;
    while let Some(token) = tokens.next() {
        match &token {
            Token::Word(word) if is_accessor && before[1] == "." => {
                before = [std::mem::take(&mut before[1]), word.clone()];
                continue;
            }
            Token::Word(word) => {
                // `libs.spring.web`: what a catalog of versions names
                is_accessor = word == "libs" && tokens.peek() == Some(&Token::Sign('.'));
                let is_set = matches!(before[0].as_str(), "val" | "def");
                if !is_accessor
                    && !is_set
                    && !DECLARE.contains(&word.as_str())
                    && !word.chars().all(|c| c.is_ascii_digit())
                {
                    return Err(format!("dfmt does not know what `{word}` does"));
                }
            }
            Token::Text(text) => plain(text, &before)?,
            Token::Sign(c) => is_accessor &= *c == '.',
        }
        let shown = match token {
            Token::Word(word) => word,
            Token::Sign(c) => c.to_string(),
            Token::Text(_) => String::new(),
        };
        before = [std::mem::take(&mut before[1]), shown];
    }
    Ok(())
}

/// A string: what it holds must not lead to a file, and the plugin that it names must be known.
fn plain(text: &str, before: &[String; 2]) -> Result<(), String> {
    let is_behind =
        |name: &str| before[1] == name || before[0] == name && matches!(before[1].as_str(), "(" | "=" | " ");
    if text.contains("${") && text.split("${").skip(1).any(|t| !t.split('}').next().is_some_and(is_name)) {
        return Err(format!("`{text}` holds more than a name"));
    }
    let is_remote = text.starts_with("https://") || text.starts_with("http://");
    if (is_behind("url") || is_behind("uri")) && !is_remote {
        return Err(format!("the repository `{text}` may lie in the source"));
    }
    if is_behind("id") && !PLUGINS.contains(&text) {
        return Err(format!("the plugin {text} may read the source"));
    }
    if is_behind("apply") || is_behind(":") && before[0] == "plugin" {
        return Err(format!("dfmt does not know what `{text}` applies"));
    }
    Ok(())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").ok_or("a comment is not closed")? + 2
        } else if c == '"' || c == '\'' || c == '`' {
            let length = rest[1..].find([c, '\n', '\\']).ok_or("a string is not closed")?;
            if !rest[1 + length..].starts_with(c) || rest[1..].starts_with(&format!("{c}{c}")) {
                return Err("a string holds more than a line of text".to_string());
            }
            found.push(if c == '`' {
                plugin(&rest[1..=length])?
            } else {
                Token::Text(rest[1..=length].to_string())
            });
            length + 2
        } else if c.is_ascii_alphanumeric() || c == '_' {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            found.push(Token::Word(rest[..end].to_string()));
            end
        } else if c.is_ascii() {
            if !c.is_ascii_whitespace() {
                found.push(Token::Sign(c));
            }
            1
        } else {
            return Err(format!("`{c}` is not understood"));
        };
        rest = &rest[end..];
    }
    Ok(found)
}

/// A name between backticks is that of a plugin.
fn plugin(name: &str) -> Result<Token, String> {
    if PLUGINS.contains(&name) {
        Ok(Token::Text(String::new()))
    } else {
        Err(format!("the plugin {name} may read the source"))
    }
}

/// Whether gradle.properties leads to no file.
///
/// # Errors
/// The setting that may.
pub fn properties_are_plain(text: &str) -> Result<(), String> {
    const KNOWN: [&str; 6] = [
        "org.gradle.parallel",
        "org.gradle.caching",
        "org.gradle.daemon",
        "org.gradle.configureondemand",
        "org.gradle.configuration-cache",
        "org.gradle.jvmargs",
    ];
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with(['#', '!']));
    for line in lines {
        let (key, value) = line.split_once('=').ok_or_else(|| format!("`{line}` is not understood"))?;
        let key = key.trim();
        let is_known = KNOWN.contains(&key) || is_name(key);
        if !is_known || line.ends_with('\\') || value.contains("-javaagent") || value.contains("-XX:Flags") {
            return Err(format!("{key} may lead to files"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_that_declare() {
        for text in [
            "plugins {\n id 'java'\n id 'org.springframework.boot' version '3.3.4'\n}\ngroup = 'g'\njava { toolchain { languageVersion = JavaLanguageVersion.of(17) } }\nrepositories { mavenCentral() }\ndependencies {\n implementation 'a:b:1' // c\n testRuntimeOnly(\"a:c:$v\")\n}\ntasks.named('test') { useJUnitPlatform() }\n",
            "plugins { `java-library` }\ndependencies { implementation(libs.spring.boot.web)\n api(libs.x) }",
            "repositories { maven { url = uri(\"https://r.test/m2\") } }",
            "rootProject.name = 'demo'",
        ] {
            assert_eq!(only_declares(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn scripts_that_may_do_more() {
        for text in [
            "version = file('VERSION').text",
            "version = \"${new File('VERSION').text}\"",
            "plugins { id 'com.diffplug.spotless' }",
            "plugins { id(\"com.palantir.git-version\") version \"3\" }",
            "plugins { `my-conventions` }",
            "apply plugin: 'java'",
            "apply from: 'x.gradle'",
            "repositories { maven { url 'repo' } }",
            "repositories { maven { url = uri(\"repo\") } }",
            "dependencies { implementation files('a.jar') }",
            "dependencies { implementation fileTree('libs') }",
            "libs.x; exec { }",
            "description = '''\n${file('x').text}'''",
            "/* open",
            "'open",
        ] {
            assert!(only_declares(text).is_err(), "{text}");
        }
    }

    #[test]
    fn properties() {
        assert_eq!(properties_are_plain("# c\nversion=1\norg.gradle.jvmargs=-Xmx1g\n"), Ok(()));
        for text in ["org.gradle.projectcachedir=x", "systemProp.x=y", "org.gradle.jvmargs=-javaagent:x", "x"]
        {
            assert!(properties_are_plain(text).is_err(), "{text}");
        }
    }
}
