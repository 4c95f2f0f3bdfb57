//! The laws of a plan, on PostgreSQL: it leads from the one schema to the other, a second plan has
//! nothing to do, and the way back leads back.

use syncline_codegen::diff::{Pair, Renames, Scope, diff};
use syncline_codegen::migrate::plan::plan;
use syncline_schema::Schema;

use super::ground::{Ground, ddl};
use super::{cases, catalog, schemas};

/// The laws, for one pair.
pub(crate) fn hold(schemas: Pair<&Schema>, ground: &mut Ground) -> Result<(), String> {
    let Pair { previous, next } = schemas;
    let plan = plan(schemas, Scope::Declared);
    let after = ground.make(&ddl(next))?;
    let before = ground.make(&ddl(previous))?;
    ground.run(&plan, next)?;
    if let Some(difference) = catalog::difference(&ground.lines(), &after) {
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
    ground.undo(&plan, next)?;
    let stays = plan.down.iter().any(|it| it.step.is_none());
    match catalog::difference(&ground.lines(), &before) {
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
    let mut ground = Ground::new();
    let mut wrong = Vec::new();
    for (name, folder) in cases() {
        if folder.join("refused.txt").exists() {
            continue;
        }
        let held = schemas(&folder).and_then(|it| hold(it.as_ref(), &mut ground));
        if let Err(why) = held {
            wrong.push(format!("{name}: {why}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
