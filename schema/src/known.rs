//! What the devices that are out there know: for each version of the schema, the columns that an
//! app of it has.

use std::collections::BTreeSet;

use crate::model::Schema;
use crate::version::version;

/// One version of the schema, as its devices have it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Known {
    /// What its devices send along, as [`version`] makes it.
    pub version: String,
    /// The synced tables, in declared order.
    pub tables: Vec<KnownTable>,
}

/// A table, as the devices of a version have it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KnownTable {
    /// The name that it has there.
    pub name: String,
    /// The names of its columns there, in declared order.
    pub columns: Vec<String>,
}

/// The versions of these schemas, each once: of the migrations' snapshots, oldest first, and of
/// the source.
///
/// A PUT replaces what its device knows, and leaves newer columns as they are. The names are
/// those of that version; the runtime's `Mask::known` finds what they mean today.
pub fn known_columns<'a>(schemas: impl IntoIterator<Item = &'a Schema>) -> Vec<Known> {
    let mut seen = BTreeSet::new();
    let mut versions = Vec::new();
    for schema in schemas {
        let version = version(schema);
        if !seen.insert(version.clone()) {
            continue;
        }
        let tables = schema.synced().map(|table| KnownTable {
            name: table.name.clone(),
            columns: table.device_columns().map(|it| it.name.clone()).collect(),
        });
        versions.push(Known {
            version,
            tables: tables.collect(),
        });
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::load_str;

    #[test]
    fn each_version_has_what_its_devices_have() {
        let rest = "[project]\nname = \"app\"\n[defaults]\ntimestamps = false\ndelete = \"hard\"\n\
                    [tables.jobs]\nsync = \"server\"\n";
        let schema = |notes: &str| load_str(&format!("{rest}{notes}")).schema;
        let first = schema("[tables.memos.columns]\nname = \"text\"\n");
        let indexed =
            schema("[tables.memos]\nindexes = [[\"name\"]]\ncolumns = { name = \"text\" }\n");
        let second = schema(
            "[tables.notes]\nrenamed_from = \"memos\"\n[tables.notes.columns]\n\
             title = { type = \"text\", renamed_from = \"name\" }\nstate = \"text?\"\n\
             secret = { type = \"text?\", server_only = true }\n",
        );
        let known = known_columns([&first, &indexed, &second]);
        let said: Vec<_> = known
            .iter()
            .flat_map(|it| &it.tables)
            .map(|table| format!("{}: {}", table.name, table.columns.join(" ")))
            .collect();
        assert_eq!(
            said,
            ["memos: id owner_id name", "notes: id owner_id title state"]
        );
        assert_eq!(known[1].version, version(&second));
    }
}
