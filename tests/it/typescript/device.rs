//! The PowerSync SDK: the schema that it builds is what ours says, column by column, and rows are
//! filled in as ours says.

use serde_json::{Map, Value, json};
use syncline_schema::model::{
    Column, DefaultValue, Index, IndexPart, Literal, Residence, Role, Scalar, Table, TrackPrevious,
};
use syncline_schema::types::{self, Storage};

use super::{AWKWARD, KITCHEN, Package, SAMPLES};

/// A table as the SDK has to see it.
fn expected(table: &Table) -> Value {
    let columns = table.device_columns().filter(|it| it.name != "id");
    let columns: Map<_, _> = columns
        .map(|it| {
            (
                it.name.clone(),
                json!(types::storage(&it.ty).name().to_uppercase()),
            )
        })
        .collect();
    let indexes = table.indexes.iter().filter_map(|it| index(table, it));
    let local = table.residence == Residence::Local;
    json!({
        "columns": columns,
        "indexes": indexes.collect::<Map<_, _>>(),
        "local_only": local,
        "insert_only": table.insert_only,
        "view_name": table.name,
        "track_previous": match &table.track_previous {
            None => json!(false),
            Some(TrackPrevious::All) => json!(true),
            Some(TrackPrevious::Columns(names)) => json!({ "columns": names, "only_when_changed": false }),
        },
        "track_metadata": table.track_metadata,
        "ignore_empty_updates": table.ignore_empty_updates && !local,
    })
}

/// An index as the device has it, if it has it at all.
fn index(table: &Table, index: &Index) -> Option<(String, Value)> {
    let on_device = |name: &str| table.device_columns().any(|column| column.name == name);
    let mut names = Vec::new();
    for part in &index.columns {
        match &part.part {
            IndexPart::Column(name) if on_device(name) => names.push(name.as_str()),
            _ => return None,
        }
    }
    if matches!(index.method.as_deref(), Some("gin" | "gist" | "spgist")) {
        return None;
    }
    // A rule for each owner is looked up without the owner.
    if index.unique
        && !index.global
        && table
            .owner()
            .is_some_and(|owner| names.first() == Some(&owner.name.as_str()))
    {
        names.remove(0);
    }
    Some((index.name.replace(' ', "_"), json!(names)))
}

#[test]
fn the_app_schema_is_what_the_schema_says() {
    testkit::needs!(node);
    for (name, source) in SAMPLES {
        let package = Package::of(source);
        let said = package.judge("judge-app-schema.mjs", &[], "app-schema.ts", &[], "");
        let theirs = said["schema"]["tables"].as_object().expect("tables");
        let ours: Vec<_> = package.schema.on_device().collect();
        assert_eq!(theirs.len(), ours.len(), "{name}");
        for table in ours {
            assert_eq!(
                theirs[&table.name],
                expected(table),
                "{name}: {}",
                table.name
            );
        }
    }
}

#[test]
fn what_the_device_lacks_is_noted() {
    for (name, source) in SAMPLES {
        let package = Package::of(source);
        let sqlite = package.text("sqlite.ts");
        let comments = sqlite
            .lines()
            .filter(|line| line.trim_start().starts_with("// ") && line.starts_with("  "));
        let notes = package
            .notes
            .iter()
            .filter(|note| note.starts_with("index ") && note.contains(" of "));
        assert_eq!(
            notes.count(),
            comments.count(),
            "{name}: {:#?}\n{sqlite}",
            package.notes
        );
    }
}

/// What SQLite has to hold after an insert that says nothing; none where it is not constant.
fn filled(column: &Column) -> Option<Value> {
    if column.read_only {
        return Some(Value::Null);
    }
    match &column.default {
        Some(DefaultValue::Literal(literal)) => Some(match stored(literal, column) {
            value @ (Value::Array(_) | Value::Object(_)) => json!(value.to_string()),
            value => value,
        }),
        Some(DefaultValue::Device) => Some(json!("device-1")),
        Some(DefaultValue::Now | DefaultValue::Uuid) => None,
        Some(DefaultValue::Raw(_)) | None => Some(Value::Null),
    }
}

fn stored(literal: &Literal, column: &Column) -> Value {
    let as_text = types::row_of(&column.ty.scalar).storage == Storage::Text;
    let number = |text: &str| serde_json::from_str::<Value>(text).expect("a number");
    match literal {
        Literal::Bool(value) if column.ty.array => json!(value),
        Literal::Bool(value) => json!(i32::from(*value)),
        // Arrays of 64 bits are numbers in JSON, as the service sends them.
        Literal::Integer(value) if as_text && !column.ty.array => json!(value.to_string()),
        Literal::Integer(value) => json!(value),
        Literal::Number(text) if as_text => json!(text),
        Literal::Number(text) => number(text),
        // As the service would send it.
        Literal::Text(text) if column.ty.scalar == Scalar::Time => match text.len() {
            5 => json!(format!("{text}:00.000")),
            8 => json!(format!("{text}.000")),
            _ => json!(format!("{text:0<12}")),
        },
        Literal::Text(text) => json!(text),
        Literal::Json(text) => json!(text),
        Literal::Array(items) => items.iter().map(|item| stored(item, column)).collect(),
    }
}

#[test]
fn rows_are_filled_in_on_the_device() {
    testkit::needs!(node);
    for (source, name, constant, change) in [
        (
            KITCHEN,
            "every_default",
            "everyDefault",
            json!({ "aText": "changed" }),
        ),
        (AWKWARD, "texts", "texts", json!({ "d": "changed" })),
        (
            AWKWARD,
            "booleans",
            "booleans_",
            json!({ "bigints": ["9223372036854775807"] }),
        ),
    ] {
        let package = Package::of(source);
        let table = package.schema.table(name).expect("the table");
        let rows = json!([{ "table": constant, "values": {}, "set": change }]).to_string();
        let said = package.judge("judge-device-rows.mjs", &[], "app-schema.ts", &[], &rows);
        let row = &said["rows"][0];
        for column in table.device_columns() {
            let found = &row["stored"][&column.name];
            let place = format!("{name}.{}", column.name);
            match filled(column) {
                // -0.0 and 0 are one to SQLite's JSON.
                Some(wanted) if wanted.is_number() => {
                    assert_eq!(found.as_f64(), wanted.as_f64(), "{place}")
                }
                Some(wanted) => assert_eq!(*found, wanted, "{place}"),
                None => assert!(
                    found.as_str().is_some_and(|text| text.len() >= 10),
                    "{place}: {found}"
                ),
            }
            let touched = row["stored"][&column.name] != row["updated"][&column.name];
            let named = ["a_text", "d", "bigints"].contains(&column.name.as_str())
                && !change[camel(column)].is_null();
            assert_eq!(touched, named || column.role == Role::UpdatedAt, "{place}");
        }
        assert_eq!(row["uploads"][0]["op"], "PUT");
        assert_eq!(row["uploads"][1]["op"], "PATCH");
    }
}

fn camel(column: &Column) -> String {
    syncline_schema::names::camel(&column.name)
}
