//! XML as build tools write it: elements by their local names, and the text in them.
//!
//! A document type is refused: it could bring in other files.

pub use roxmltree::Document;

/// An element.
pub type Element<'d> = roxmltree::Node<'d, 'd>;

/// Reads a text.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Document<'_>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Document::parse(text).map_err(|e| format!("it is not XML that dfmt can read: {e}"))
}

/// The elements right below one, of a name.
pub fn children<'d>(of: Element<'d>, name: &'d str) -> impl Iterator<Item = Element<'d>> {
    of.children().filter(move |e| is(*e, name))
}

/// The elements at any depth below one, of a name.
pub fn all<'d>(of: Element<'d>, name: &'d str) -> impl Iterator<Item = Element<'d>> {
    of.descendants().skip(1).filter(move |e| is(*e, name))
}

/// The text of the first child of a name.
pub fn value<'d>(of: Element<'d>, name: &'d str) -> Option<String> {
    children(of, name).next().map(text)
}

/// The text in an element, without the blanks around it.
pub fn text(of: Element) -> String {
    of.children()
        .filter_map(|n| n.is_text().then(|| n.text()).flatten())
        .collect::<String>()
        .trim()
        .to_string()
}

/// Whether it is an element of this name.
pub fn is(element: Element, name: &str) -> bool {
    element.is_element() && element.tag_name().name() == name
}
