//! The laws of a plan, on PostgreSQL: it leads from the one schema to the other, a second plan has
//! nothing to do, no value is lost that no hazard spoke of, and the way back leads back.

use std::collections::BTreeSet;

use syncline_codegen::diff::hazard::Hazard;
use syncline_codegen::diff::{Pair, Renames, Scope, diff};
use syncline_codegen::migrate::lint::of_plan;
use syncline_codegen::migrate::plan::{Plan, plan};
use syncline_schema::Schema;

use super::ground::{Ground, ddl};
use super::{cases, catalog, rows, schemas};

/// The laws of structure, in a database without rows and roles.
pub(crate) fn hold(schemas: Pair<&Schema>, ground: &mut Ground) -> Result<(), String> {
    let Pair { previous, next } = schemas;
    let plan = plan(schemas, Scope::Declared);
    let after = ground.make(&ddl(next))?;
    let before = ground.make(&ddl(previous))?;
    ground.run(&plan, next)?;
    let with_text = |why: String| format!("{why}\n{}", super::text(&plan, next));
    if let Some(difference) = catalog::difference(&ground.lines(), &after) {
        return Err(with_text(format!("after the plan:\n{difference}")));
    }
    let again = Pair {
        previous: next,
        next,
    };
    let rest = diff(again, &Renames::declared(again), Scope::Declared);
    if !rest.is_empty() {
        return Err(format!("a second plan: {rest:?}"));
    }
    #[cfg(feature = "live")]
    {
        let live = crate::live::catalog_of(ground.db.url()).schema;
        let pair = Pair {
            previous: &live,
            next,
        };
        let rest = diff(pair, &Renames::declared(pair), Scope::Tables);
        if !rest.is_empty() {
            return Err(format!("a plan from the database: {rest:?}"));
        }
    }
    ground.undo(&plan, next)?;
    match catalog::difference(&ground.lines(), &before) {
        Some(difference) if !stays(&plan) => {
            Err(with_text(format!("after the way back:\n{difference}")))
        }
        _ => Ok(()),
    }
}

/// Does the way back leave something as it is, and say so?
fn stays(plan: &Plan) -> bool {
    plan.down.iter().any(|it| it.step.is_none())
}

/// What became of the rows.
pub(crate) enum Rows {
    Kept,
    /// They stopped the migration, as a hazard said that they may.
    InTheWay,
}

/// The laws of rows and rights, in a database that has both.
pub(crate) fn hold_with_rows(schemas: Pair<&Schema>, ground: &mut Ground) -> Result<Rows, String> {
    let Pair { previous, next } = schemas;
    let plan = plan(schemas, Scope::Declared);
    let with_text = |why: String| format!("{why}\n{}", super::text(&plan, next));
    let hazards: BTreeSet<Hazard> = of_plan(plan.steps().map(|(_, step)| step), schemas)
        .into_iter()
        .map(|(_, found)| found.hazard)
        .collect();
    ground.make(&ddl(next))?;
    ground.set_up(next)?;
    let rights = ground.rights()?;
    ground.make(&ddl(previous))?;
    ground.set_up(previous)?;
    let rights_before = ground.rights()?;
    rows::insert(ground, schemas)?;
    let kept = rows::kept(schemas);
    let in_the_way = |why: String| {
        // Class 22: the value; 23: the rule.
        let mut words = why.split(' ');
        let of_rows =
            words.any(|it| it.len() == 5 && (it.starts_with("22") || it.starts_with("23")));
        if hazards.contains(&Hazard::MayFail) && of_rows {
            Ok(Rows::InTheWay)
        } else {
            Err(with_text(format!("with rows, without a hazard: {why}")))
        }
    };
    let mut values = Vec::new();
    for it in &kept {
        // As they must become: what has no such value stops the migration as well.
        let wanted = match ground.texts(&it.queries.previous) {
            Ok(rows) => rows,
            Err(why) => return in_the_way(why),
        };
        values.push((wanted, ground.texts(&it.undone)?));
    }
    if let Err(why) = ground.run(&plan, next) {
        return in_the_way(why);
    }
    if let Some(difference) = catalog::difference(&ground.rights()?, &rights) {
        return Err(with_text(format!("rights:\n{difference}")));
    }
    for (it, (before, _)) in kept.iter().zip(&values) {
        let after = ground.texts(&it.queries.next)?;
        if after != *before {
            let (is, was) = (after.join("\n"), before.join("\n"));
            return Err(with_text(format!(
                "rows:\n{}\n{was}\n{}\n{is}",
                it.queries.previous, it.queries.next
            )));
        }
    }
    for query in rows::without_default(schemas) {
        let lacking = ground.texts(&query)?;
        if !lacking.is_empty() {
            return Err(with_text(format!("{query}: {lacking:?}")));
        }
    }
    if let Err(why) = ground.undo(&plan, next) {
        let warned = |it: &str| it.contains("this fails");
        let said = plan
            .down
            .iter()
            .any(|it| it.lost.as_deref().is_some_and(warned));
        return if said { Ok(Rows::Kept) } else { Err(why) };
    }
    if let Some(difference) = catalog::difference(&ground.rights()?, &rights_before) {
        return Err(with_text(format!(
            "rights after the way back:\n{difference}"
        )));
    }
    for (it, (_, before)) in kept.iter().zip(&values) {
        let undone = ground.texts(&it.undone)?;
        if undone != *before {
            return Err(with_text(format!("undone rows:\n{before:?}\n{undone:?}")));
        }
    }
    Ok(Rows::Kept)
}

/// The cases that have a plan.
pub(crate) fn planned() -> impl Iterator<Item = (String, Result<Pair<Schema>, String>)> {
    let cases = cases().into_iter();
    let cases = cases.filter(|(_, folder)| !folder.join("refused.txt").exists());
    cases.map(|(name, folder)| (name, schemas(&folder)))
}

#[test]
fn every_case_holds_on_postgresql() {
    testkit::needs!(postgres);
    let mut ground = Ground::new();
    let mut wrong = Vec::new();
    for (name, pair) in planned() {
        let held = pair.and_then(|it| hold(it.as_ref(), &mut ground));
        if let Err(why) = held {
            wrong.push(format!("{name}: {why}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Cases whose rows stand in the way, as a hazard says: a required column, and nothing to put there.
const IN_THE_WAY: &[&str] = &[
    "access-public-to-owner",
    "column-required",
    "default-each-kind",
    "drop-column-undeclared-other-type",
    "names-over-63-bytes",
    "residence-server-to-synced",
];

#[test]
fn every_case_keeps_its_rows_and_rights() {
    testkit::needs!(postgres);
    let mut ground = Ground::new();
    let (mut wrong, mut in_the_way) = (Vec::new(), Vec::new());
    for (name, pair) in planned() {
        let held = pair.and_then(|mut it| {
            it.previous.settings.project = ground.db.name().to_owned();
            it.next.settings.project = ground.db.name().to_owned();
            hold_with_rows(it.as_ref(), &mut ground)
        });
        match held {
            Ok(Rows::Kept) => {}
            Ok(Rows::InTheWay) => in_the_way.push(name),
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert_eq!(in_the_way, IN_THE_WAY);
}
