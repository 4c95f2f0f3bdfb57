//! Drizzle: what it reads out of `sqlite.ts` and `pg.ts` is what the schema says, and the
//! relations can be told apart.

use serde_json::{Value, json};
use syncline_schema::model::{Column, Role, Scalar, Table};
use syncline_schema::names::camel;
use syncline_schema::types;

use super::{Package, SAMPLES};

/// What Drizzle reads; fails where two relations cannot be told apart.
#[track_caller]
pub(super) fn read(package: &Package, dialect: &str) -> Value {
    let file = format!("{dialect}.ts");
    let said = package.judge("judge-drizzle-config.mjs", &[dialect], &file, &[], "");
    assert_eq!(said["ambiguous"], json!([]), "{file}");
    said
}

/// What is compared of a column, as the judge says it.
fn theirs(said: &Value) -> Value {
    let column = |it: &Value| {
        json!([
            it["key"],
            it["name"],
            it["sql_type"],
            it["not_null"],
            it["enum"]
        ])
    };
    let table = |it: &Value| {
        let columns: Vec<_> = it["columns"]
            .as_array()
            .into_iter()
            .flatten()
            .map(column)
            .collect();
        json!({ "name": it["name"], "columns": columns })
    };
    said["tables"]
        .as_array()
        .into_iter()
        .flatten()
        .map(table)
        .collect()
}

fn words(column: &Column) -> Value {
    match &column.ty.scalar {
        Scalar::Enum(it) => json!(it.values),
        _ => Value::Null,
    }
}

fn on_device(table: &Table) -> Value {
    let column = |it: &Column| {
        let required = it.role == Role::Id || !it.nullable_on_device();
        let storage = types::storage(&it.ty).name();
        let length = match it.ty.scalar {
            Scalar::Varchar(n) if !it.ty.array => format!("{storage}({n})"),
            _ => storage.to_owned(),
        };
        json!([camel(&it.name), it.name, length, required, words(it)])
    };
    let columns: Vec<_> = table.device_columns().map(column).collect();
    json!({ "name": table.name, "columns": columns })
}

#[test]
fn drizzle_reads_what_the_schema_says() {
    testkit::needs!(node);
    for (name, source) in SAMPLES {
        let package = Package::of(source);
        let device: Vec<_> = package.schema.on_device().collect();
        let said = read(&package, "sqlite");
        let ours: Value = device.iter().map(|it| on_device(it)).collect();
        assert_eq!(sorted(theirs(&said)), sorted(ours), "{name}");
        relations_are_on_both_sides(&format!("{name}, device"), &said, &device, false);
        let server: Vec<_> = package.schema.on_server().collect();
        let said = read(&package, "pg");
        columns_have_their_names(name, &said, &server);
        relations_are_on_both_sides(&format!("{name}, server"), &said, &server, true);
    }
}

/// Only what the catalog does not show: the keys. The rest is compared in PostgreSQL.
fn columns_have_their_names(name: &str, said: &Value, tables: &[&Table]) {
    let columns = said["tables"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|it| it["columns"].as_array());
    let mut theirs: Vec<_> = columns
        .flatten()
        .map(|it| (text(&it["name"]), text(&it["key"])))
        .collect();
    let ours = tables.iter().flat_map(|table| &table.columns);
    let mut ours: Vec<_> = ours.map(|it| (it.name.clone(), camel(&it.name))).collect();
    theirs.sort();
    ours.sort();
    assert_eq!(theirs, ours, "{name}");
}

/// Every reference is a `one` and a `many`.
fn relations_are_on_both_sides(name: &str, said: &Value, tables: &[&Table], server: bool) {
    let mut expected = Vec::new();
    for table in tables {
        for column in table.columns.iter().filter(|it| server || !it.server_only) {
            let Some(reference) = &column.references else {
                continue;
            };
            if tables.iter().any(|it| it.name == reference.table) {
                expected.push([
                    table.name.clone(),
                    reference.table.clone(),
                    column.name.clone(),
                ]);
            }
        }
    }
    expected.sort();
    for kind in ["one", "many"] {
        let relations = said["relations"].as_array().into_iter().flatten();
        let mut found: Vec<_> = relations
            .filter(|it| it["kind"] == kind)
            .map(|it| pointer(it, kind))
            .collect();
        found.sort();
        assert_eq!(found, expected, "{name}, {kind}");
    }
}

/// Which table points at which, by which column; a `many` is seen from the other side.
fn pointer(relation: &Value, kind: &str) -> [String; 3] {
    let (from, to, columns) = match kind {
        "one" => ("table", "to", "fields"),
        _ => ("to", "table", "references"),
    };
    let columns = relation[columns].as_array();
    let column = columns
        .and_then(|it| it.last())
        .map(text)
        .unwrap_or_default();
    [text(&relation[from]), text(&relation[to]), column]
}

#[test]
fn drizzle_kit_reads_the_package_by_its_configuration() {
    testkit::needs!(node);
    for (name, source) in SAMPLES {
        let package = Package::of(source);
        let export = package.judge(
            "judge-drizzle-export.mjs",
            &["--config"],
            "drizzle.config.ts",
            &[],
            "",
        );
        let tables = text(&export["sql"]).matches("CREATE TABLE").count();
        assert_eq!(tables, package.schema.on_device().count(), "{name}");
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A module's exports come in alphabetical order.
fn sorted(mut tables: Value) -> Value {
    if let Some(list) = tables.as_array_mut() {
        list.sort_by_key(|table| text(&table["name"]));
    }
    tables
}
