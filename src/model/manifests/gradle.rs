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
    let tokens = tokens(text)?;
    let at = |n: usize| tokens.get(n).unwrap_or(&Token::Sign(';'));
    let is_word = |n: usize, word: &str| matches!(at(n), Token::Word(w) if w == word);
    let mut is_accessor = false;
    for (n, token) in tokens.iter().enumerate() {
        match token {
            Token::Word(_) if is_accessor => {}
            Token::Word(word) => {
                let is_set = n > 0 && (is_word(n - 1, "val") || is_word(n - 1, "def"));
                // `libs.spring.web`: what a catalog of versions names
                is_accessor = word == "libs" && *at(n + 1) == Token::Sign('.');
                let is_number = word.chars().all(|c| c.is_ascii_digit());
                if !is_accessor && !is_set && !is_number && !DECLARE.contains(&word.as_str()) {
                    return Err(format!("dfmt does not know what `{word}` does"));
                }
            }
            Token::Text(text) if !plain(text) => return Err(format!("`{text}` holds more than a name")),
            Token::Text(_) => {}
            Token::Sign(c) => is_accessor &= *c == '.' && matches!(at(n + 1), Token::Word(_)),
        }
        // the dots of an accessor are behind each of its names
        is_accessor &= *token == Token::Sign('.') || *at(n + 1) == Token::Sign('.');
        named(&tokens, n)?;
    }
    Ok(())
}

/// Places and plugins, which have to be written out: a name could stand for anything.
fn named(tokens: &[Token], n: usize) -> Result<(), String> {
    let Some(Token::Word(word)) = tokens.get(n) else { return Ok(()) };
    let behind = |t: &&Token| match t {
        Token::Sign('=' | '(') => true,
        Token::Word(w) => w == "uri",
        _ => false,
    };
    let next = tokens[n + 1..].iter().find(|t| !behind(t));
    let is_remote = |t: &str| t.starts_with("https://") || t.starts_with("http://");
    match (word.as_str(), next) {
        ("url" | "uri" | "maven", Some(Token::Text(text))) if is_remote(text) => Ok(()),
        ("maven", Some(Token::Sign('{'))) => Ok(()),
        ("url" | "uri" | "maven", Some(Token::Text(text))) => {
            Err(format!("the repository `{text}` may lie in the source"))
        }
        ("url" | "uri" | "maven", _) => Err("the place of a repository is not written out".to_string()),
        ("id", Some(Token::Text(text))) if PLUGINS.contains(&text.as_str()) => Ok(()),
        ("id", Some(Token::Text(text))) => Err(format!("the plugin {text} may read the source")),
        ("id", _) => Err("a plugin is not written out".to_string()),
        _ => Ok(()),
    }
}

/// A string that holds nothing but text and names.
fn plain(text: &str) -> bool {
    text.split("${").skip(1).all(|t| t.split_once('}').is_some_and(|(name, _)| is_name(name)))
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
        let moves = key.ends_with("Dir");
        let is_known = KNOWN.contains(&key) || is_name(key) && !moves;
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
            "libs.x\nexec { }",
            "def version = 'repo'\nrepositories { maven { url version } }",
            "repositories { maven(\"repo\") }",
            "plugins { kotlin(\"jvm\") }",
            "/* open",
            "'open",
        ] {
            assert!(only_declares(text).is_err(), "{text}");
        }
    }

    #[test]
    fn properties() {
        assert_eq!(properties_are_plain("# c\nversion=1\norg.gradle.jvmargs=-Xmx1g\n"), Ok(()));
        for text in [
            "org.gradle.projectcachedir=x",
            "buildDir=out",
            "systemProp.x=y",
            "org.gradle.jvmargs=-javaagent:x",
            "x",
        ] {
            assert!(properties_are_plain(text).is_err(), "{text}");
        }
    }
}
