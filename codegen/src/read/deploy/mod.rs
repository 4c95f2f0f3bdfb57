//! The reader of what runs the sync service: its own configuration, and a compose file. In: YAML.
//! Out: the tree, and what is wrong with it whatever the schema is.

pub(crate) mod compose;
mod service_keys;

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, FileId, Place};

use super::text::Source;
use super::yaml::{self, Node};

/// A file of a deployment.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) file: FileId,
    /// As it is shown.
    pub(crate) path: String,
    pub(crate) root: Node,
}

impl Tree {
    /// The place of a node.
    pub(crate) fn place(&self, node: &Node) -> Place {
        Place::new(self.file, node.span.clone())
    }

    /// The place of the first line, for what is not there.
    pub(crate) fn top(&self) -> Place {
        Place::new(self.file, self.root.span.start..self.root.span.start)
    }
}

/// What a value says: itself, or the variable that it is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said<'a> {
    Text(&'a str),
    Env(&'a str),
}

/// What a node says; none where it is no text.
pub(crate) fn said(node: &Node) -> Option<Said<'_>> {
    let text = node.text()?;
    Some(match node.tag.as_deref() {
        Some("env") => Said::Env(text.split("::").next().unwrap_or(text).trim()),
        _ => Said::Text(text),
    })
}

/// Reads the service's configuration.
///
/// # Errors
/// C001, once.
pub(crate) fn service(source: &Source) -> Result<(Tree, Vec<Diagnostic>), Diagnostic> {
    let tree = tree(source)?;
    let known = [
        "replication",
        "storage",
        "client_auth",
        "sync_config",
        "sync_rules",
    ];
    if !tree.root.entries().any(|(key, _, _)| known.contains(&key)) {
        return Err(not(
            &tree,
            "the service's configuration",
            "no `replication` and no `storage`",
        ));
    }
    let found = service_keys::check(&tree);
    Ok((tree, found))
}

/// Reads a compose file.
///
/// # Errors
/// C001, once.
pub(crate) fn compose(source: &Source) -> Result<Tree, Diagnostic> {
    let tree = tree(source)?;
    if tree.root.get("services").is_none() {
        return Err(not(&tree, "a compose file", "no `services`"));
    }
    Ok(tree)
}

fn tree(source: &Source) -> Result<Tree, Diagnostic> {
    Ok(Tree {
        file: source.file,
        path: source.path.clone(),
        root: yaml::parse(source.file, &source.path, &source.text)?,
    })
}

fn not(tree: &Tree, what: &str, label: &str) -> Diagnostic {
    Diagnostic::new(Code::C001, format!("{} is not {what}", tree.path))
        .at(tree.top(), label)
        .help("name the file under the key of `[check]` that fits it")
}
