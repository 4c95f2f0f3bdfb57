//! What a compose file says of a container, in the several forms that each thing has.

use super::Tree;
use crate::read::yaml::{Node, Value};

/// One container.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Container<'a> {
    pub(crate) name: &'a str,
    pub(crate) key: &'a Node,
    pub(crate) node: &'a Node,
}

/// A port that a container publishes.
#[derive(Clone, Debug)]
pub(crate) struct Port<'a> {
    pub(crate) node: &'a Node,
    /// The address of the host that it is bound to; none for all of them.
    pub(crate) address: Option<String>,
    /// None where Docker chooses, or where it is a range.
    pub(crate) host: Option<u32>,
    pub(crate) container: Option<u32>,
}

/// All containers.
pub(crate) fn containers(tree: &Tree) -> Vec<Container<'_>> {
    let services = tree.root.get("services").into_iter();
    services
        .flat_map(Node::entries)
        .map(|(name, key, node)| Container { name, key, node })
        .collect()
}

impl<'a> Container<'a> {
    /// The image: its name without registry and tag, its tag, and where it stands. None where it
    /// is built here or put together from variables.
    pub(crate) fn image(&self) -> Option<(&'a str, Option<&'a str>, &'a Node)> {
        let node = self.node.get("image")?;
        let text = node.text()?;
        if text.contains('$') {
            return None;
        }
        let (text, digest) = match text.split_once('@') {
            Some((text, digest)) => (text, Some(digest)),
            None => (text, None),
        };
        let last = text.rfind('/').map_or(0, |at| at + 1);
        let (name, tag) = match text[last..].split_once(':') {
            Some((name, tag)) => (&text[..last + name.len()], Some(tag)),
            None => (text, None),
        };
        Some((name, digest.or(tag), node))
    }

    /// The words of its command; none where it has none of its own.
    pub(crate) fn command(&self) -> Option<(Vec<&'a str>, &'a Node)> {
        let node = self.node.get("command").filter(|it| !it.is_null())?;
        let words = match &node.value {
            Value::List(items) => items.iter().filter_map(Node::text).collect(),
            Value::Text { text, .. } => text.split_whitespace().collect(),
            Value::Map(_) => Vec::new(),
        };
        Some((words, node))
    }

    /// A variable that it is given: its value, none where the host's is passed on.
    pub(crate) fn variable(&self, name: &str) -> Option<(Option<&'a str>, &'a Node)> {
        let node = self.node.get("environment")?;
        match &node.value {
            Value::Map(_) => node.get(name).map(|it| {
                let value = it.text().filter(|_| !it.is_null());
                (value, it)
            }),
            Value::List(items) => items.iter().find_map(|it| {
                let text = it.text()?;
                match text.split_once('=') {
                    Some((key, value)) if key == name => Some((Some(value), it)),
                    None if text == name => Some((None, it)),
                    _ => None,
                }
            }),
            Value::Text { .. } => None,
        }
    }

    /// Does it take variables or files from where this reader does not look?
    pub(crate) fn has_more(&self) -> bool {
        ["env_file", "extends", "configs", "secrets", "build"]
            .iter()
            .any(|key| self.node.get(key).is_some())
    }

    /// The paths in the container that volumes are mounted on.
    pub(crate) fn mounts(&self) -> Vec<&'a str> {
        let items = self.node.get("volumes").map_or(&[][..], Node::items);
        items
            .iter()
            .filter_map(|it| match &it.value {
                Value::Map(_) => it.get("target").and_then(Node::text),
                _ => {
                    let text = it.text()?;
                    // A host's path may begin with a drive: `C:\x:/y`.
                    let parts: Vec<&str> = text.split(':').collect();
                    let at = parts.iter().skip(1).find(|part| part.starts_with('/'));
                    at.copied().or_else(|| parts.first().copied())
                }
            })
            .collect()
    }

    /// The ports that it publishes.
    pub(crate) fn ports(&self) -> Vec<Port<'a>> {
        let items = self.node.get("ports").map_or(&[][..], Node::items);
        items.iter().filter_map(port).collect()
    }
}

fn port(node: &Node) -> Option<Port<'_>> {
    let number = |key: &str| {
        let text = node.get(key).and_then(Node::text)?;
        text.parse().ok()
    };
    let Some(text) = node.text() else {
        return Some(Port {
            node,
            address: node.get("host_ip").and_then(Node::text).map(str::to_owned),
            host: number("published"),
            container: number("target"),
        });
    };
    if text.contains('$') {
        return None;
    }
    let text = text.split('/').next().unwrap_or(text);
    let mut parts = text.rsplitn(3, ':');
    let container = parts.next().and_then(|it| it.parse().ok());
    let host = parts.next().and_then(|it| it.parse().ok());
    let address = parts.next().map(str::to_owned);
    Some(Port {
        node,
        address,
        host,
        container,
    })
}
