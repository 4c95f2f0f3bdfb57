//! The laws on random pairs of schemas: two that have nothing to do with each other, and one that
//! was changed here and there, renames declared.
//!
//! `SYNCLINE_CASES` says how many; a few dozen otherwise.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};
use syncline_codegen::diff::{Drops, Pair, Renames, undeclared};

use super::ground::Ground;
use super::{laws, load};
use crate::postgres::random;
use toml::{Table, Value};

/// A change of a source, by numbers that are taken modulo what is there.
#[derive(Clone, Debug)]
enum Change {
    RenameTable(usize),
    DropTable(usize),
    RenameColumn(usize, usize),
    DropColumn(usize, usize),
    Retype(usize, usize, &'static str),
    Nullable(usize, usize),
    Option(usize, &'static str),
    Rule(usize, usize, &'static str),
    Server(usize, bool),
}

fn change() -> impl Strategy<Value = Change> {
    let at = 0..8_usize;
    let types = prop::sample::select(vec![
        "text",
        "varchar(3)",
        "varchar(40)",
        "integer",
        "bigint",
        "smallint",
        "decimal(12,2)",
        "decimal(14,4)",
        "double",
        "boolean",
        "timestamp",
        "date",
        "json",
        "uuid",
        "text[]",
        "enum a b",
        "enum b c",
        "native a b",
        "native a z b",
    ]);
    let options = prop::sample::select(vec![
        "delete = \"hard\"",
        "key = \"owner\"",
        "timestamps = false",
        "rls = true",
        "rls = false",
        "key = \"id\"",
        "delete = \"soft\"",
        "doc = \"another\"",
        "owner = \"who\"",
    ]);
    let rules = prop::sample::select(vec![
        "index",
        "desc",
        "unique",
        "check",
        "max_length",
        "partial",
    ]);
    prop_oneof![
        at.clone().prop_map(Change::RenameTable),
        at.clone().prop_map(Change::DropTable),
        (at.clone(), at.clone()).prop_map(|(a, b)| Change::RenameColumn(a, b)),
        (at.clone(), at.clone()).prop_map(|(a, b)| Change::DropColumn(a, b)),
        (at.clone(), at.clone(), types).prop_map(|(a, b, ty)| Change::Retype(a, b, ty)),
        (at.clone(), at.clone()).prop_map(|(a, b)| Change::Nullable(a, b)),
        (at.clone(), options).prop_map(|(a, it)| Change::Option(a, it)),
        (at.clone(), at.clone(), rules).prop_map(|(a, b, it)| Change::Rule(a, b, it)),
        (at, any::<bool>()).prop_map(|(a, it)| Change::Server(a, it)),
    ]
}

/// A source and another.
fn pair() -> impl Strategy<Value = (String, String)> {
    let apart = (random::source(), random::source());
    let changed = (
        random::source(),
        any::<bool>(),
        prop::collection::vec(change(), 0..3),
        prop::collection::vec(change(), 1..6),
    );
    let changed = changed.prop_map(|(source, on_server, mut some, more)| {
        if on_server {
            some.extend((0..6).map(|at| Change::Server(at, false)));
        }
        let before = changed_by(&source, &some, false);
        let after = changed_by(&before, &more, true);
        (before, after)
    });
    prop_oneof![1 => apart, 3 => changed]
}

/// The source after the changes; renames are declared, where `declared`.
fn changed_by(source: &str, changes: &[Change], declared: bool) -> String {
    let mut root: Table = source.parse().expect("a source");
    for change in changes {
        apply(&mut root, change, declared);
    }
    toml::to_string(&root).expect("a source")
}

fn nth(table: &Table, at: usize) -> Option<String> {
    let count = table.len();
    (count > 0)
        .then(|| table.keys().nth(at % count).cloned())
        .flatten()
}

fn child<'a>(table: &'a mut Table, key: &str) -> Option<&'a mut Table> {
    table.get_mut(key)?.as_table_mut()
}

fn apply(root: &mut Table, change: &Change, declared: bool) -> Option<()> {
    let tables = child(root, "tables")?;
    match change {
        Change::RenameTable(at) => {
            let old = nth(tables, *at)?;
            let new = format!("{}_x", old.chars().take(20).collect::<String>());
            let mut table = tables.remove(&old)?;
            if declared {
                let table = table.as_table_mut()?;
                table.insert("renamed_from".to_owned(), Value::String(old));
            }
            tables.insert(new, table);
        }
        Change::DropTable(at) => {
            let old = nth(tables, *at)?;
            tables.remove(&old);
        }
        Change::RenameColumn(at, column) => {
            let name = nth(tables, *at)?;
            let columns = child(child(tables, &name)?, "columns")?;
            let old = nth(columns, *column)?;
            let new = format!("{}_y", old.chars().take(20).collect::<String>());
            let mut column = columns.remove(&old)?;
            if declared {
                column = long(column);
                column
                    .as_table_mut()?
                    .insert("renamed_from".to_owned(), Value::String(old));
            }
            columns.insert(new, column);
        }
        Change::DropColumn(at, column) => {
            let name = nth(tables, *at)?;
            let columns = child(child(tables, &name)?, "columns")?;
            let old = nth(columns, *column)?;
            columns.remove(&old);
        }
        Change::Retype(at, column, ty) => {
            let name = nth(tables, *at)?;
            let columns = child(child(tables, &name)?, "columns")?;
            let old = nth(columns, *column)?;
            let renamed = columns
                .get(&old)
                .and_then(|it| it.get("renamed_from").cloned());
            let mut column = typed(ty);
            if let Some(renamed) = renamed {
                column
                    .as_table_mut()?
                    .insert("renamed_from".to_owned(), renamed);
            }
            columns.insert(old, column);
        }
        Change::Nullable(at, column) => {
            let name = nth(tables, *at)?;
            let columns = child(child(tables, &name)?, "columns")?;
            let old = nth(columns, *column)?;
            let column = columns.get_mut(&old)?;
            *column = long(column.clone());
            let ty = column.as_table_mut()?.get_mut("type")?;
            let text = ty.as_str()?;
            let other = text
                .strip_suffix('?')
                .map_or(format!("{text}?"), str::to_owned);
            *ty = Value::String(other);
        }
        Change::Option(at, option) => {
            let name = nth(tables, *at)?;
            let table = child(tables, &name)?;
            let option: Table = option.parse().ok()?;
            table.extend(option);
        }
        Change::Rule(at, column, rule) => {
            let name = nth(tables, *at)?;
            let table = child(tables, &name)?;
            let column = nth(child(table, "columns")?, *column)?;
            let list = Value::Array(vec![Value::String(column.clone())]);
            let mut index = Table::new();
            index.insert("columns".to_owned(), list.clone());
            index.insert(
                "name".to_owned(),
                Value::String(format!("{name}_i").chars().take(20).collect()),
            );
            match *rule {
                "index" => drop(table.insert("indexes".to_owned(), Value::Array(vec![list]))),
                "unique" => drop(table.insert("unique".to_owned(), Value::Array(vec![list]))),
                "desc" => {
                    index.insert("desc".to_owned(), Value::Boolean(true));
                    table.insert(
                        "indexes".to_owned(),
                        Value::Array(vec![Value::Table(index)]),
                    );
                }
                "partial" => {
                    index.insert(
                        "where".to_owned(),
                        Value::String("id IS NOT NULL".to_owned()),
                    );
                    table.insert(
                        "indexes".to_owned(),
                        Value::Array(vec![Value::Table(index)]),
                    );
                }
                "check" => {
                    let mut checks = Table::new();
                    let quoted = column.replace('"', "\"\"");
                    checks.insert(
                        "a_check".to_owned(),
                        Value::String(format!("\"{quoted}\" IS NOT NULL OR id <> 'x'")),
                    );
                    table.insert("checks".to_owned(), Value::Table(checks));
                }
                _ => {
                    let columns = child(table, "columns")?;
                    let value = columns.get_mut(&column)?;
                    *value = long(value.clone());
                    value
                        .as_table_mut()?
                        .insert("max_length".to_owned(), Value::Integer(70));
                }
            }
        }
        Change::Server(at, moved) => {
            let name = nth(tables, *at)?;
            let table = child(tables, &name)?;
            table.insert("sync".to_owned(), Value::String("server".to_owned()));
            let columns = child(table, "columns")?;
            if !columns.contains_key("id") {
                columns.insert("id".to_owned(), Value::String("text".to_owned()));
            }
            if *moved {
                table.insert("schema".to_owned(), Value::String("else where".to_owned()));
            }
        }
    }
    Some(())
}

/// A nullable column of a type; `enum a b` and `native a b` have the words `a` and `b`.
fn typed(ty: &str) -> Value {
    let mut words = ty.split(' ');
    let (name, values) = (words.next().unwrap_or(ty), words.collect::<Vec<_>>());
    if values.is_empty() {
        return long(Value::String(format!("{ty}?")));
    }
    let mut column = Table::new();
    column.insert("type".to_owned(), Value::String("enum?".to_owned()));
    let values = values.into_iter().map(|it| Value::String(it.to_owned()));
    column.insert("values".to_owned(), Value::Array(values.collect()));
    if name == "native" {
        column.insert("native".to_owned(), Value::String("a_type".to_owned()));
    }
    Value::Table(column)
}

/// A column in the long form.
fn long(column: Value) -> Value {
    match column {
        Value::String(ty) => {
            let mut table = Table::new();
            table.insert("type".to_owned(), Value::String(ty));
            Value::Table(table)
        }
        other => other,
    }
}

/// How many pairs somebody asked for: new ones each time. Without, the same ones always, so that a
/// change is judged by what it changes.
fn asked() -> Option<u32> {
    std::env::var("SYNCLINE_CASES").ok()?.parse().ok()
}

#[test]
fn random_pairs_hold_on_postgresql() {
    testkit::needs!(postgres);
    let ground = RefCell::new(Ground::new());
    let counts = RefCell::new(BTreeSet::new());
    let judged = RefCell::new(0_u32);
    let cases = asked().unwrap_or(100);
    let config = Config {
        cases,
        max_global_rejects: cases * 20,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    let mut runner = match asked() {
        Some(_) => TestRunner::new(config),
        None => {
            let rng = TestRng::deterministic_rng(config.rng_algorithm);
            TestRunner::new_with_rng(config, rng)
        }
    };
    let outcome = runner.run(&pair(), |(before, after)| {
        let both = load("before", &before).and_then(|it| Ok((it, load("after", &after)?)));
        // Not every change gives a sound source.
        let Ok((previous, next)) = both else {
            return Err(TestCaseError::reject("unsound"));
        };
        let mut pair = Pair { previous, next };
        let drops = Drops {
            all: true,
            ..Drops::default()
        };
        let schemas = pair.as_ref();
        if undeclared(schemas, &Renames::declared(schemas), &drops).has_errors() {
            return Err(TestCaseError::reject("refused"));
        }
        *judged.borrow_mut() += 1;
        let mut ground = ground.borrow_mut();
        let fail = |why: String| {
            TestCaseError::fail(format!("{why}\n---- before\n{before}\n---- after\n{after}"))
        };
        laws::hold(pair.as_ref(), &mut ground).map_err(fail)?;
        let project = ground.db.name().to_owned();
        pair.previous.settings.project.clone_from(&project);
        pair.next.settings.project = project;
        let rows = laws::hold_with_rows(pair.as_ref(), &mut ground).map_err(fail)?;
        counts.borrow_mut().insert(matches!(rows, laws::Rows::Kept));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("after {} pairs: {error}", judged.borrow()));
    assert!(counts.borrow().contains(&true), "some pair keeps its rows");
}
