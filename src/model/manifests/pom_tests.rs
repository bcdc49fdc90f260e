//! POMs as people write them.

use super::*;

fn of(body: &str) -> Pom {
    read(&format!("<project xmlns=\"http://maven.apache.org/POM/4.0.0\">{body}</project>")).unwrap()
}

#[test]
fn the_place_of_a_parent() {
    let path = |inside: &str| {
        of(&format!("<parent><artifactId>p</artifactId>{inside}</parent>")).parent.unwrap().path
    };
    assert_eq!(path("").as_deref(), Some("../pom.xml"));
    assert_eq!(path("<relativePath/>"), None);
    assert_eq!(path("<relativePath></relativePath>"), None);
    assert_eq!(path("<relativePath> ../p </relativePath>").as_deref(), Some("../p"));
}

#[test]
fn what_profiles_say_counts() {
    let pom = of(
        "<modules><module>a</module></modules><profiles><profile><activation><file><exists>x</exists></file></activation>\
         <modules><module>b</module></modules><repositories><repository><url>file:r</url></repository></repositories>\
         </profile></profiles>",
    );
    assert_eq!(pom.modules, ["a", "b"]);
    assert_eq!(pom.looked_at, ["x"]);
    assert_eq!(pom.repositories, ["file:r"]);
}

#[test]
fn where_artifacts_are_sent_does_not_matter() {
    let pom = of(
        "<distributionManagement><repository><url>file:out</url></repository></distributionManagement><url>u</url>",
    );
    assert_eq!(pom.repositories, [""; 0]);
}

#[test]
fn who_takes_part_in_reading_it() {
    let plugin = |extensions: &str| {
        of(&format!("<build><plugins><plugin><groupId>g</groupId><artifactId>p</artifactId>{extensions}</plugin></plugins></build>"))
            .extensions
    };
    assert_eq!(plugin("<extensions>true</extensions>"), ["g:p"]);
    assert_eq!(plugin("<extensions>${x}</extensions>"), ["g:p"]);
    assert_eq!(plugin("<extensions>false</extensions>"), [""; 0]);
    assert_eq!(plugin(""), [""; 0]);
    let extension = "<build><extensions><extension><groupId>g</groupId><artifactId>e</artifactId></extension></extensions></build>";
    assert_eq!(of(extension).extensions, ["g:e"]);
}

#[test]
fn settings_of_the_plugin_that_is_called() {
    let plugin = |inside: &str| {
        of(&format!("<build><plugins><plugin><artifactId>maven-dependency-plugin</artifactId>{inside}</plugin></plugins></build>"))
            .told
    };
    assert_eq!(plugin("<configuration><outputFile>x</outputFile></configuration>"), ["outputFile"]);
    let execution = |id: &str| {
        plugin(&format!(
            "<executions><execution><id>{id}</id><configuration><silent/></configuration></execution></executions>"
        ))
    };
    assert_eq!(execution("default-cli"), ["silent"]);
    assert_eq!(execution("unpack"), [""; 0]);
}

#[test]
fn what_is_not_understood() {
    for text in [
        "",
        "<project>",
        "<project><modelVersion>4.1.0</modelVersion></project>",
        "<!DOCTYPE p [<!ENTITY x SYSTEM \"versions.ent\">]><project>&x;</project>",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
    let deep = "<a>".repeat(100_000);
    assert!(read(&deep).is_err());
}
