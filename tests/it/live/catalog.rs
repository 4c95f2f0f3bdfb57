//! `schema.sql` loaded and read gives the schema back.

use syncline_codegen::diff::TableName;
use syncline_codegen::sql;
use syncline_schema::Schema;
use syncline_schema::model::{Index, IndexPart};
use syncline_schema::source::load_str;
use syncline_schema::types;
use testkit::postgres::database;

use super::catalog_of;
use crate::postgres::{Output, sources};

/// What PostgreSQL holds of a schema, one line a fact, so that a difference can be read.
fn facts(schema: &Schema) -> Vec<String> {
    let mut out = Vec::new();
    let tables = sql::by_name(schema);
    for table in schema.on_server() {
        let name = sql::qualified(table);
        let mut say = |fact: String| out.push(format!("{name}: {fact}"));
        say(format!("doc {:?} rls {}", table.doc, table.rls));
        let key = sql::primary_key_name(table);
        say(format!("key {key} {:?}", table.key_columns()));
        for (at, column) in table.columns.iter().enumerate() {
            say(format!(
                "column {at} {:?} {} null {} doc {:?} default {}",
                column.name,
                types::postgres(&column.ty),
                column.nullable,
                column.doc,
                sql::default_of(column).is_some()
            ));
        }
        for check in table.all_checks() {
            say(format!("check {}", check.name));
        }
        for index in &table.indexes {
            say(format!(
                "index {}",
                sql::create_index(&TableName::of(table), &unspelled(index), false)
            ));
        }
        for key in sql::foreign_keys(table, &tables) {
            say(format!(
                "foreign key {} {:?} to {} {:?} {:?} deferred {}",
                key.name,
                key.columns,
                sql::qualified(key.target),
                key.target_columns,
                key.on_delete,
                key.deferred
            ));
        }
    }
    out.sort();
    out
}

/// An index whose expressions are only there or not: PostgreSQL spells them its own way.
fn unspelled(index: &Index) -> Index {
    let mut index = index.clone();
    for column in &mut index.columns {
        if let IndexPart::Expression(sql) = &mut column.part {
            "expression".clone_into(sql);
        }
    }
    index.predicate = index.predicate.map(|_| "condition".to_owned());
    index
}

#[test]
fn every_sample_is_read_back() {
    testkit::needs!(postgres);
    for (name, source) in sources() {
        let output = Output::of(&source, &["postgres"]);
        let db = database("catalog");
        db.execute(output.text("postgres/schema.sql"));
        let catalog = catalog_of(db.url());
        let said: Vec<_> = catalog.diagnostics.iter().map(|it| &it.message).collect();
        assert!(said.is_empty(), "{name}: {said:#?}");
        let (want, found) = (facts(&load_str(&source).schema), facts(&catalog.schema));
        let missing: Vec<_> = want.iter().filter(|it| !found.contains(it)).collect();
        let extra: Vec<_> = found.iter().filter(|it| !want.contains(it)).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{name}: missing {missing:#?} extra {extra:#?}"
        );
    }
}
