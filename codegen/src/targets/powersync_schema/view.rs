//! What `app-schema.ts` prints.

use syncline_schema::Schema;
use syncline_schema::model::{Residence, Table, TrackPrevious};

use crate::targets::{BANNER, typescript};

/// The file.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    /// What import specifiers end in.
    extension: &'static str,
    tables: Vec<TableView>,
}

#[derive(Debug, serde::Serialize)]
struct TableView {
    constant: String,
    /// The inside of the options object; empty for none.
    options: String,
}

impl View {
    pub(super) fn lower(schema: &Schema) -> Self {
        let tables = schema.on_device().map(|table| TableView {
            constant: typescript::constant(&table.name),
            options: options(table).join(", "),
        });
        Self {
            banner: BANNER,
            extension: typescript::extension(schema),
            tables: tables.collect(),
        }
    }
}

/// What is not PowerSync's own default. Nothing of a local table is ever uploaded, so that the
/// options about uploads would be refused there.
fn options(table: &Table) -> Vec<String> {
    if table.residence == Residence::Local {
        return vec!["localOnly: true".to_owned()];
    }
    let mut options = Vec::new();
    let mut flag = |name: &str, on: bool| options.extend(on.then(|| format!("{name}: true")));
    flag("insertOnly", table.insert_only);
    flag("trackMetadata", table.track_metadata);
    flag("ignoreEmptyUpdates", table.ignore_empty_updates);
    match &table.track_previous {
        None => {}
        Some(TrackPrevious::All) => options.push("trackPrevious: true".to_owned()),
        Some(TrackPrevious::Columns(columns)) => {
            let columns: Vec<_> = columns
                .iter()
                .map(|name| typescript::string(name))
                .collect();
            options.push(format!(
                "trackPrevious: {{ columns: [{}] }}",
                columns.join(", ")
            ));
        }
    }
    options
}
