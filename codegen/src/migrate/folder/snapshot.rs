//! `snapshot.json`: the schema behind a migration, and which snapshot it followed.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use syncline_schema::Schema;

/// The version of the format that this version of Syncline writes, and the newest that it reads.
const VERSION: u32 = 1;

/// A schema, and where it stands in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The version of the format.
    version: u32,
    /// SHA-256 of the bytes of the snapshot that this one follows, in hex; none for the first.
    pub parent: Option<String>,
    /// The version that devices built from this schema send with their uploads.
    #[serde(rename = "syncVersion")]
    pub sync_version: String,
    /// The whole schema.
    pub schema: Schema,
}

/// What a snapshot says beside its schema, which takes long to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotHead {
    /// SHA-256 of its bytes, in hex: what a child names.
    pub sha256: String,
    /// See [`Snapshot::parent`].
    pub parent: Option<String>,
    /// See [`Snapshot::sync_version`].
    pub sync_version: String,
}

#[derive(Deserialize)]
struct OnlyVersion {
    version: u32,
}

#[derive(Deserialize)]
struct Head {
    parent: Option<String>,
    #[serde(rename = "syncVersion")]
    sync_version: String,
    #[serde(rename = "schema")]
    _schema: IgnoredAny,
}

impl Snapshot {
    /// The snapshot of a schema that follows `parent`, the hash of another.
    pub fn new(schema: Schema, parent: Option<String>) -> Self {
        Self {
            version: VERSION,
            parent,
            sync_version: syncline_schema::version::version(&schema),
            schema,
        }
    }

    /// The text of the file: indented, so that a merge shows what differs.
    pub fn text(&self) -> String {
        // Nothing in a schema refuses to be JSON: keys are strings, numbers are finite.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a snapshot.
    ///
    /// # Errors
    /// A sentence: it is no JSON, no snapshot, or of a newer format.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        readable(bytes)?;
        serde_json::from_slice(bytes).map_err(|error| said(&error))
    }
}

impl SnapshotHead {
    /// Reads everything but the schema. Errors as [`Snapshot::parse`].
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        readable(bytes)?;
        let head: Head = serde_json::from_slice(bytes).map_err(|error| said(&error))?;
        Ok(Self {
            sha256: crate::output::sha256(bytes),
            parent: head.parent,
            sync_version: head.sync_version,
        })
    }
}

/// The version comes first: a newer format may differ in everything else.
fn readable(bytes: &[u8]) -> Result<(), String> {
    let version = serde_json::from_slice::<OnlyVersion>(bytes)
        .map_err(|error| said(&error))?
        .version;
    if version > VERSION {
        return Err(format!(
            "it is of version {version}, and this Syncline reads up to {VERSION}: use the newer one that wrote it"
        ));
    }
    Ok(())
}

fn said(error: &serde_json::Error) -> String {
    format!("it is no snapshot: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_read_as_it_was_written() {
        let source = include_str!("../../../../tests/schemas/kitchen.toml");
        let schema = syncline_schema::source::load_str(source).schema;
        let snapshot = Snapshot::new(schema, Some("ab".repeat(32)));
        let text = snapshot.text();
        let again = Snapshot::parse(text.as_bytes()).expect("a snapshot");
        assert_eq!(again.text(), text);
        let head = SnapshotHead::parse(text.as_bytes()).expect("a head");
        assert_eq!(head.parent, snapshot.parent);
        assert_eq!(head.sync_version.len(), 16);
    }

    #[test]
    fn a_newer_or_broken_one_is_refused_with_the_reason() {
        let newer =
            Snapshot::parse(b"{\"version\": 2, \"shape\": \"another\"}").expect_err("newer");
        assert!(newer.contains("version 2"), "{newer}");
        for broken in [
            "",
            "[]",
            "{\"version\": 1}",
            "{\"version\": 1, \"parent\": null, \"syncVersion\": \"\"}",
        ] {
            assert!(Snapshot::parse(broken.as_bytes()).is_err(), "{broken}");
            assert!(SnapshotHead::parse(broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
