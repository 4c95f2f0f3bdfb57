//! The reader of Drizzle files against Drizzle's own `getTableConfig`, on the same files: columns
//! with types, defaults and marks, keys, indexes, unique rules, references, checks.
//!
//! `tests/drizzle/styles/<style>/` holds one way each in which people write schemas; what an entry
//! file imports is followed. A sample that the reader must report on belongs to tests/check.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value as Json;
use syncline_codegen::disk::Disk;
use syncline_codegen::read::drizzle::Dialect;
use syncline_codegen::read::{
    self, DeviceStorage, Library, Mode, PgType, ReadColumn, ReadDefault, ReadIndexPart, ReadTable,
    ReadType,
};
use syncline_codegen::render;
use syncline_schema::Sources;

/// One line for each thing that is said of a table.
type Lines = BTreeSet<String>;

fn read_lines(dialect: Dialect, path: &str) -> Lines {
    let mut sources = Sources::default();
    let path = testkit::repo_root().join(path);
    let bytes = std::fs::read(&path).expect("a sample");
    let file = read::text::add(&mut sources, &path, &bytes).expect("a text");
    let library = Library {
        files: &Disk::new(Path::new("")),
        sources: &mut sources,
    };
    let reading = read::drizzle::read_with(dialect, &[file], library);
    let text = render::human(&reading.diagnostics, &sources, false);
    assert!(reading.diagnostics.is_empty(), "{text}");
    reading.tables.iter().flat_map(table_lines).collect()
}

fn table_lines(table: &ReadTable) -> Vec<String> {
    let name = format!("{} {}", table.schema.as_deref().unwrap_or("-"), table.name);
    let mut lines: Vec<_> = table
        .columns
        .iter()
        .map(|it| column_line(&name, it))
        .collect();
    if table.columns.iter().any(|it| it.primary_key) || !table.primary_key.is_empty() {
        lines.push(format!("{name} key {}", table.primary_key.join(", ")));
    }
    for index in &table.indexes {
        let parts: Vec<_> = index.parts.iter().map(part).collect();
        let kind = match (index.constraint, index.unique) {
            (true, _) => "unique",
            (false, unique) => ["index", "unique index"][usize::from(unique)],
        };
        lines.push(format!(
            "{name} {kind} {} ({}) {}",
            index.name.as_deref().unwrap_or("-"),
            parts.join(", "),
            index.predicate.as_deref().unwrap_or("-")
        ));
    }
    for it in &table.references {
        lines.push(reference_line(
            &name,
            &it.name,
            &it.columns.join(", "),
            &it.table,
            &it.targets.join(", "),
            &it.on_delete,
        ));
    }
    for (check, sql) in &table.checks {
        lines.push(format!("{name} check {check} {sql}"));
    }
    lines.push(format!("{name} rls {}", table.rls));
    lines
}

fn part(part: &ReadIndexPart) -> String {
    let Some(column) = &part.column else {
        return format!("sql {}", part.sql);
    };
    match (part.desc, part.nulls_first) {
        (true, true) => format!("{column} desc nulls first"),
        (true, false) => format!("{column} desc"),
        _ => column.clone(),
    }
}

fn reference_line(
    table: &str,
    name: &str,
    columns: &str,
    to: &str,
    targets: &str,
    on_delete: &str,
) -> String {
    format!("{table} foreign key {name} ({columns}) -> {to} ({targets}) {on_delete}")
}

fn column_line(table: &str, it: &ReadColumn) -> String {
    let (ty, mode) = match &it.kind {
        ReadType::Device(DeviceStorage::PowerSync(storage), mode) => {
            (storage.name().to_owned(), mode)
        }
        ReadType::Device(DeviceStorage::Refused(name), mode) => (name.clone(), mode),
        ReadType::Postgres(ty, mode) => (ty.written(), mode),
        ReadType::Unknown => panic!("{} is unknown", it.name),
    };
    let mode = match mode {
        Mode::Boolean => "boolean".to_owned(),
        Mode::Seconds | Mode::Milliseconds => "timestamp".to_owned(),
        Mode::Json => "json".to_owned(),
        Mode::Words(words) => words.join("|"),
        Mode::Custom => "custom".to_owned(),
        Mode::Plain | Mode::Number => String::new(),
    };
    let default = match &it.default {
        ReadDefault::Value(value) => value.to_string(),
        ReadDefault::Sql(sql) => serde_json::json!({ "sql": sql }).to_string(),
        ReadDefault::Unknown => panic!("the default of {} is unknown", it.name),
        ReadDefault::None | ReadDefault::App | ReadDefault::Generated => "-".to_owned(),
    };
    let marks = (it.not_null, it.primary_key, it.has_default);
    format!(
        "{table} {}={} {ty} {mode} {marks:?} {default}",
        it.key, it.name
    )
}

/// The same lines from Drizzle's own `getTableConfig`.
fn judged_lines(dialect: &str, path: &str) -> Lines {
    let path = testkit::repo_root().join(path);
    let args = [dialect.to_owned(), path.display().to_string()];
    let output = testkit::node::run("judge-drizzle-config.mjs", args, "").expect(0);
    let said: Json = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(said["ok"], true, "{}", said["error"]);
    let tables = said["tables"].as_array().expect("tables");
    tables
        .iter()
        .flat_map(|it| judged_table(dialect, it))
        .collect()
}

fn text<'j>(it: &'j Json, key: &str) -> &'j str {
    it[key].as_str().unwrap_or_default()
}

fn list<'j>(it: &'j Json, key: &str) -> &'j [Json] {
    it[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn names(it: &Json, key: &str) -> String {
    let names: Vec<_> = list(it, key).iter().filter_map(Json::as_str).collect();
    names.join(", ")
}

fn judged_table(dialect: &str, table: &Json) -> Vec<String> {
    let schema = table["schema"].as_str().unwrap_or("-");
    let name = format!("{schema} {}", text(table, "name"));
    let columns = list(table, "columns");
    let mut lines: Vec<_> = columns
        .iter()
        .map(|it| judged_column(dialect, &name, it))
        .collect();
    let mut key: Vec<_> = columns
        .iter()
        .filter(|it| it["primary_key"] == true)
        .map(|it| text(it, "name").to_owned())
        .collect();
    if let [primary, ..] = list(table, "primary_keys") {
        key = vec![names(primary, "columns")];
    }
    if !key.is_empty() {
        lines.push(format!("{name} key {}", key.join(", ")));
    }
    for it in columns.iter().filter(|it| it.get("unique").is_some()) {
        let (rule, column) = (text(it, "unique"), text(it, "name"));
        lines.push(format!("{name} unique {rule} ({column}) -"));
    }
    for it in list(table, "uniques") {
        let (rule, columns) = (text(it, "name"), names(it, "columns"));
        lines.push(format!("{name} unique {rule} ({columns}) -"));
    }
    for it in list(table, "indexes") {
        let parts: Vec<_> = list(it, "columns")
            .iter()
            .map(|part| match part.as_str() {
                Some(column) => column.to_owned(),
                None => format!("sql {}", text(part, "sql")),
            })
            .collect();
        let kind = ["index", "unique index"][usize::from(it["unique"] == true)];
        lines.push(format!(
            "{name} {kind} {} ({}) {}",
            it["name"].as_str().unwrap_or("-"),
            parts.join(", "),
            it["where"].as_str().unwrap_or("-")
        ));
    }
    for it in list(table, "foreign_keys") {
        lines.push(reference_line(
            &name,
            text(it, "name"),
            &names(it, "columns"),
            text(it, "foreign_table"),
            &names(it, "foreign_columns"),
            text(it, "on_delete"),
        ));
    }
    for it in list(table, "checks") {
        lines.push(format!(
            "{name} check {} {}",
            text(it, "name"),
            text(it, "sql")
        ));
    }
    lines.push(format!("{name} rls {}", table["rls"]));
    lines
}

fn judged_column(dialect: &str, table: &str, it: &Json) -> String {
    let is = |key: &str| it[key].as_bool().expect("a flag");
    let ty = match text(it, "sql_type") {
        "serial" => "integer".to_owned(),
        "smallserial" => "smallint".to_owned(),
        "bigserial" => "bigint".to_owned(),
        other if dialect == "pg" => PgType::parse(other).written(),
        // SQLite reads over the length of a text.
        other => other.split('(').next().unwrap_or_default().to_owned(),
    };
    let mode = match text(it, "builder") {
        "SQLiteBoolean" => "boolean".to_owned(),
        "SQLiteTimestamp" => "timestamp".to_owned(),
        "SQLiteTextJson" | "PgJson" | "PgJsonb" => "json".to_owned(),
        "SQLiteCustomColumn" | "PgCustomColumn" => "custom".to_owned(),
        _ => names(it, "enum").replace(", ", "|"),
    };
    let default = it.get("default").map_or("-".to_owned(), Json::to_string);
    // In PostgreSQL a bigserial is never null, in both of its modes, and a generated column is
    // filled; Drizzle's marks say neither.
    let marks = (
        is("not_null") || text(it, "sql_type") == "bigserial",
        is("primary_key"),
        is("has_default") || is("generated"),
    );
    format!(
        "{table} {}={} {ty} {mode} {marks:?} {default}",
        text(it, "key"),
        text(it, "name")
    )
}

fn compare(dialect: &str, path: &str, at_least: usize) {
    let side = if dialect == "pg" {
        Dialect::Pg
    } else {
        Dialect::Sqlite
    };
    let (read, judged) = (read_lines(side, path), judged_lines(dialect, path));
    assert!(judged.len() >= at_least, "{path}: {} lines", judged.len());
    let missing: Vec<_> = judged.difference(&read).collect();
    let extra: Vec<_> = read.difference(&judged).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "{path}: Drizzle says {missing:#?}, we say {extra:#?}"
    );
}

#[test]
fn files_are_read_as_drizzle_itself_reads_them() {
    testkit::needs!(node);
    for (dialect, path, at_least) in [
        ("sqlite", "tests/drizzle/sqlite.ts", 40),
        ("pg", "tests/drizzle/pg.ts", 60),
        ("sqlite", "generated/ts/sqlite.ts", 60),
        ("pg", "generated/ts/pg.ts", 50),
    ] {
        compare(dialect, path, at_least);
    }
}

#[test]
fn each_style_of_schema_is_read_as_drizzle_itself_reads_it() {
    testkit::needs!(node);
    let root = testkit::repo_root();
    let styles = std::fs::read_dir(root.join("tests/drizzle/styles")).expect("the styles");
    let mut count = 0;
    let mut names: Vec<_> = styles
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    names.sort();
    for name in names {
        for dialect in ["pg", "sqlite"] {
            let path = format!(
                "tests/drizzle/styles/{}/{dialect}.ts",
                name.to_string_lossy()
            );
            if root.join(&path).is_file() {
                count += 1;
                compare(dialect, &path, 5);
            }
        }
    }
    assert!(count >= 10, "only {count} styles");
}
