//! The laws of a plan, on PostgreSQL: it leads from the one schema to the other, a second plan has
//! nothing to do, and the way back leads back.

use syncline_codegen::diff::{Pair, Renames, Scope, diff};
use syncline_codegen::migrate::plan::{Plan, plan};
use syncline_codegen::{generate, sql, targets};
use syncline_schema::Schema;
use testkit::postgres::{Client, TestDb, database};

use super::{cases, catalog, schemas};

/// What the schema's tables are made with.
pub(crate) fn ddl(schema: &Schema) -> String {
    let postgres = targets::TARGETS
        .iter()
        .copied()
        .filter(|it| it.name == "postgres");
    let made = generate(schema, &postgres.collect::<Vec<_>>()).expect("templates that fit");
    let file = made
        .files
        .iter()
        .find(|(path, _)| path.ends_with("postgres/schema.sql"));
    file.expect("schema.sql").1.text.clone()
}

/// A database that holds the schema, and what it holds.
pub(crate) fn made(schema: &Schema) -> (TestDb, Vec<String>) {
    let db = database("plan");
    db.execute(&ddl(schema));
    let lines = catalog::lines(&mut db.connect());
    (db, lines)
}

/// Runs a plan as the runner does: phases in transactions, or step by step.
pub(crate) fn run(client: &mut Client, plan: &Plan, next: &Schema) -> Result<(), String> {
    let files = plan.files(next);
    for (planned, (name, text)) in plan.phases.iter().zip(&files) {
        if planned.phase.in_transaction() {
            let text = format!("BEGIN;\n{text}\nCOMMIT;");
            if let Err(error) = client.batch_execute(&text) {
                let _ = client.batch_execute("ROLLBACK");
                return Err(format!("{name}: {error:?}\n{text}"));
            }
        } else {
            for step in &planned.steps {
                let statement = sql::step(step);
                client
                    .batch_execute(&statement)
                    .map_err(|error| format!("{name}: {error:?}\n{statement}"))?;
            }
        }
    }
    Ok(())
}

/// Runs the way back.
pub(crate) fn undo(client: &mut Client, plan: &Plan, next: &Schema) -> Result<(), String> {
    let files = plan.files(next);
    let (_, down) = files.last().expect("down.sql");
    client
        .batch_execute(&format!("BEGIN;\n{down}\nCOMMIT;"))
        .map_err(|error| format!("down.sql: {error:?}\n{down}"))
}

/// The laws, for one pair.
pub(crate) fn hold(previous: &Schema, next: &Schema) -> Result<(), String> {
    let schemas = Pair { previous, next };
    let plan = plan(schemas, Scope::Declared);
    let (db, before) = made(previous);
    let (_wanted, after) = made(next);
    let mut client = db.connect();
    run(&mut client, &plan, next)?;
    if let Some(difference) = catalog::difference(&catalog::lines(&mut client), &after) {
        return Err(format!(
            "after the plan:\n{difference}\n{}",
            super::text(&plan, next)
        ));
    }
    let again = Pair {
        previous: next,
        next,
    };
    let rest = diff(again, &Renames::declared(again), Scope::Declared);
    if !rest.is_empty() {
        return Err(format!("a second plan: {rest:?}"));
    }
    undo(&mut client, &plan, next)?;
    let stays = plan.down.iter().any(|it| it.step.is_none());
    match catalog::difference(&catalog::lines(&mut client), &before) {
        Some(difference) if !stays => Err(format!(
            "after the way back:\n{difference}\n{}",
            super::text(&plan, next)
        )),
        _ => Ok(()),
    }
}

#[test]
fn every_case_holds_on_postgresql() {
    testkit::needs!(postgres);
    let mut wrong = Vec::new();
    for (name, folder) in cases() {
        if folder.join("refused.txt").exists() {
            continue;
        }
        let held = schemas(&folder).and_then(|it| hold(&it.previous, &it.next));
        if let Err(why) = held {
            wrong.push(format!("{name}: {why}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
