//! Projects as people write them.

use super::*;

fn of(body: &str) -> Result<Project, String> {
    read(&format!("<Project Sdk=\"Microsoft.NET.Sdk\">{body}</Project>"))
}

#[test]
fn other_files() {
    let project = of(
        "<ItemGroup><ProjectReference Include=\"..\\Core\\Core.csproj;..\\B\\B.csproj\"/></ItemGroup>\
         <Import Project=\"$(MSBuildThisFileDirectory)..\\common.props\" Condition=\"Exists('..\\common.props')\"/>\
         <Import Project=\"$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))\"/>",
    );
    let project = project.unwrap();
    assert_eq!(project.references, ["../Core/Core.csproj", "../B/B.csproj"]);
    assert_eq!(project.imports, ["../common.props"]);
    assert_eq!(project.looked_at, ["../common.props"]);
    assert_eq!(project.found_above, ["Directory.Build.props"]);
}

#[test]
fn what_reaches_no_restore() {
    for body in [
        "<PropertyGroup><TargetFramework>net8.0</TargetFramework><Nullable>enable</Nullable></PropertyGroup>",
        "<PropertyGroup Condition=\"'$(Configuration)' == 'Release'\"><Optimize>true</Optimize></PropertyGroup>",
        "<ItemGroup><Content Include=\"**\\*.json\"/><PackageReference Include=\"x\" Version=\"1\"/></ItemGroup>",
        "<Target Name=\"Npm\" BeforeTargets=\"Build\"><Exec Command=\"npm run x\" Condition=\"!Exists('node_modules')\"/></Target>",
        "<PropertyGroup><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile></PropertyGroup>",
    ] {
        assert_eq!(of(body), Ok(Project::default()), "{body}");
    }
}

#[test]
fn what_may_read_more() {
    for body in [
        "<PropertyGroup><BaseIntermediateOutputPath>x</BaseIntermediateOutputPath></PropertyGroup>",
        "<PropertyGroup><restorepackagespath>x</restorepackagespath></PropertyGroup>",
        "<PropertyGroup><V>$([System.IO.File]::ReadAllText('version.txt'))</V></PropertyGroup>",
        "<PropertyGroup Condition=\"$([MSBuild]::GetDirectoryNameOfFileAbove('a', 'b')) != ''\"/>",
        "<Target Name=\"Npm\" BeforeTargets=\"CollectPackageReferences\"/>",
        "<Target Name=\"Npm\" AfterTargets=\"Build;Restore\"/>",
        "<Target Name=\"Restore\"/>",
        "<Sdk Name=\"My.Sdk\" Version=\"1\"/>",
        "<Import Project=\"Sdk.props\" Sdk=\"My.Sdk\"/>",
        "<Import Project=\"x\" Condition=\"Exists($(X))\"/>",
    ] {
        assert!(of(body).is_err(), "{body}");
    }
    assert!(read("<Project InitialTargets=\"a\"/>").is_err());
    assert!(read("<project/>").is_err());
    assert!(read("<Project Sdk=\"Microsoft.NET.Sdk;Other\"/>").is_err());
}
