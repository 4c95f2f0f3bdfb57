//! Keys of YAML files that their readers pass over in silence.

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::did_you_mean;
use syncline_schema::{Diagnostic, FileId, Place, Severity};

use super::yaml::Node;

/// The keys of a map that are none of `known`. One that is close to a known one is an error: what
/// it says is meant, and does not happen. `of` is what the map is, in a few words.
pub(super) fn unknown(
    file: FileId,
    map: &Node,
    known: &[&str],
    of: &str,
    out: &mut Vec<Diagnostic>,
) {
    for (name, key, _) in map.entries() {
        // What begins so is for the user's own anchors.
        if known.contains(&name) || name.starts_with("x-") {
            continue;
        }
        let place = Place::new(file, key.span.clone());
        let meant = did_you_mean(name, known.iter().copied());
        let mut found = Diagnostic::new(Code::C040, format!("`{name}` is no key of {of}"))
            .at(place, "nothing reads it")
            .note("what it says does not happen, and nothing complains");
        if meant.is_some() {
            found.severity = Severity::Error;
        }
        out.push(found.help(meant.unwrap_or_else(|| format!("the keys are {}", known.join(", ")))));
    }
}
