//! NuGet.config: whether NuGet is led to files by it.
//!
//! The source is Microsoft's "nuget.config reference": paths in `packageSources`, `fallbackPackageFolders`, `config` and
//! others are relative to the file.

use super::xml::{self, Element};

/// Sections whose entries name no file, or are held below to name none.
const SECTIONS: &[&str] = &[
    "packageSources",
    "disabledPackageSources",
    "activePackageSource",
    "packageSourceMapping",
    "packageSourceCredentials",
    "apikeys",
    "packageRestore",
    "packageManagement",
    "bindingRedirects",
    "solution",
    "auditSources",
    "trustedSigners",
];

/// Whether all that it names is fetched over http.
///
/// # Errors
/// The entry that may lead to a file.
pub fn leads_to_no_file(text: &str) -> Result<(), String> {
    let document = xml::parse(text)?;
    for section in document.root_element().children().filter(Element::is_element) {
        let name = section.tag_name().name();
        if name == "config" {
            const KEYS: [&str; 4] =
                ["dependencyVersion", "signatureValidationMode", "maxHttpRequestsPerSource", "http_proxy"];
            let mut entries = section.children().filter(Element::is_element);
            let harmless = |e: Element| e.attribute("key").is_none_or(|k| KEYS.contains(&k));
            if let Some(entry) = entries.find(|e| !harmless(*e)) {
                return Err(format!("{} may lead to files", entry.attribute("key").unwrap_or_default()));
            }
        } else if !SECTIONS.contains(&name) {
            return Err(format!("{name} may lead to files"));
        }
        let is_source = matches!(name, "packageSources" | "auditSources");
        let values = xml::all(section, "add").filter_map(|e| e.attribute("value"));
        let local = |v: &&str| !v.starts_with("https://") && !v.starts_with("http://");
        if let Some(value) = values.filter(|_| is_source).find(local) {
            return Err(format!("the source `{value}` may be a folder"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Result<(), String> {
        leads_to_no_file(&format!("<configuration>{body}</configuration>"))
    }

    #[test]
    fn what_is_fetched() {
        let sources = "<packageSources><clear/><add key=\"own\" value=\"https://own.test/v3/index.json\"/></packageSources>";
        assert_eq!(of(sources), Ok(()));
        assert_eq!(
            of(
                "<packageSourceMapping><packageSource key=\"own\"><package pattern=\"*\"/></packageSource></packageSourceMapping>"
            ),
            Ok(())
        );
    }

    #[test]
    fn what_may_be_a_file() {
        for body in [
            "<packageSources><add key=\"own\" value=\"./packages\"/></packageSources>",
            "<config><add key=\"globalPackagesFolder\" value=\"x\"/></config>",
            "<fallbackPackageFolders><add key=\"a\" value=\"x\"/></fallbackPackageFolders>",
        ] {
            assert!(of(body).is_err(), "{body}");
        }
    }
}
