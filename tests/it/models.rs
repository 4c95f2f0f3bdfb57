//! The notes app as Rust structs (tests/models) and as TOML: one schema, one output.

mod postgres_rows;

use std::path::Path;

use syncline_codegen::disk::Disk;
use syncline_codegen::{generate, targets::TARGETS};
use syncline_models::TABLES;
use syncline_runtime::{Table, Value};
use syncline_schema::descriptor::{self, Style};
use syncline_schema::{Loaded, load};

fn loaded(source: &str) -> Loaded {
    let source = testkit::repo_root().join(source);
    let folder = source.parent().unwrap_or(Path::new(""));
    let loaded = load(&Disk::new(folder), &source);
    let found: Vec<_> = loaded.diagnostics.iter().collect();
    assert!(found.is_empty(), "{found:#?}");
    loaded
}

#[test]
fn both_sources_generate_the_same_bytes() {
    let files = |source: &str| {
        let schema = loaded(source).schema;
        generate(&schema, TARGETS)
            .expect("templates that fit")
            .files
    };
    let (toml, rust) = (files("syncline.toml"), files("tests/models/syncline.toml"));
    let paths = |files: &syncline_codegen::files::FileSet| {
        files
            .iter()
            .map(|(path, _)| path.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(paths(&toml), paths(&rust));
    for ((path, toml), (_, rust)) in toml.iter().zip(rust.iter()) {
        assert!(toml == rust, "{path} differs");
    }
}

#[test]
fn the_derive_says_what_the_files_say() {
    let schema = loaded("tests/models/syncline.toml").schema;
    assert_eq!(schema.tables.len(), TABLES.len());
    for (table, derived) in schema.tables.iter().zip(TABLES) {
        // Both descriptors as Rust prints them: the derive's own constant, and the text.
        assert_eq!(derived.name, table.name);
        let columns = table.columns.iter();
        for (column, derived) in columns.zip(derived.columns) {
            let text = descriptor::column(column, Style::default());
            assert!(text.starts_with(&format!(
                "Column::new({:?}, {:?}",
                derived.name, derived.camel
            )));
            assert_eq!(text.contains(".nullable()"), derived.nullable, "{text}");
            assert_eq!(
                text.contains(".role("),
                derived.role != syncline_runtime::Role::Data
            );
            assert_eq!(
                text.contains(".default_sql("),
                derived.default_sql.is_some()
            );
        }
        assert_eq!(table.columns.len(), derived.columns.len());
    }
}

#[test]
fn rows_pass_through_both_sides() {
    use syncline_models::Projects;
    use syncline_runtime::{
        DeviceValue, Row, SyncTable, Timestamp, from_device, from_upload, to_device,
    };

    let row = Projects {
        id: "a".into(),
        owner_id: None,
        name: "One".into(),
        is_default: true,
        created_at: Timestamp(0),
        updated_at: Timestamp(1_000),
        deleted_at: None,
    };
    let device = to_device(row.clone());
    let get = |column: &'static syncline_runtime::Column| {
        let found = device.iter().find(|(it, _)| it.name == column.name);
        found.map_or(DeviceValue::Null, |(_, value)| value.clone())
    };
    assert_eq!(
        get(column(Projects::TABLE, "is_default")),
        DeviceValue::Integer(1)
    );
    assert_eq!(from_device::<Projects>(get), Ok(row.clone()));
    let json: Vec<_> = device
        .iter()
        .map(|(it, value)| (it.name, value.to_json()))
        .collect();
    let upload = from_upload::<Projects>(|column| {
        let found = json.iter().find(|(name, _)| *name == column.name);
        found.map(|(_, json)| json.as_str())
    });
    assert_eq!(upload, Ok(row.clone()));
    let values = row.clone().into_values();
    assert_eq!(values[3], Value::Boolean(true));
    assert_eq!(Projects::from_values(values), Ok(row));
    // A name is required: NULL is refused by the column's rule, not by chance.
    let refused = from_device::<Projects>(|column| match column.name {
        "name" => DeviceValue::Null,
        _ => get(column),
    });
    assert_eq!(
        refused.expect_err("a name").to_string(),
        "name: is required and cannot be null"
    );
}

fn column(table: &'static Table, name: &str) -> &'static syncline_runtime::Column {
    table.column(name).expect("declared")
}
