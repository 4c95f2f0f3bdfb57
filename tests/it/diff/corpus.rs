//! Schema pairs from elsewhere, as SQL: read, planned, applied, undone.
//!
//! `cargo xtask corpus PATH` runs it. The pairs are no part of the repository.

use std::fmt::Write;

use syncline_codegen::diff::{Drops, Pair, Renames, Scope, diff, undeclared};
use syncline_codegen::migrate::plan::plan;
use syncline_codegen::read::sql::replay;
use syncline_schema::{FileId, Schema};

use super::catalog;
use super::ground::Ground;
use crate::live::catalog_of;

struct Case {
    source: String,
    case: String,
    before: String,
    after: String,
}

impl Case {
    fn of(value: &serde_json::Value) -> Self {
        let field = |name: &str| {
            let text = value.get(name).and_then(serde_json::Value::as_str);
            text.unwrap_or_else(|| panic!("a pair without {name}: {value}"))
                .to_owned()
        };
        Self {
            source: field("source"),
            case: field("case"),
            before: field("before"),
            after: field("after"),
        }
    }
}

/// What became of a pair.
enum Outcome {
    Held,
    /// What stands in the way, and where: nothing was done.
    Refused(String),
    Wrong(String),
}

#[test]
#[ignore = "cargo xtask corpus PATH"]
fn every_pair_holds_or_is_refused() {
    testkit::needs!(postgres);
    let path = std::env::var("SYNCLINE_CORPUS").expect("SYNCLINE_CORPUS names a file of pairs");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let cases: Vec<serde_json::Value> = serde_json::from_str(&text).expect("pairs");
    let cases: Vec<_> = cases.iter().map(Case::of).collect();
    let mut grounds = Pair {
        previous: Ground::new(),
        next: Ground::new(),
    };
    let (mut held, mut refused, mut wrong) = (0, String::new(), String::new());
    let (mut refusals, mut wrongs) = (0, 0);
    for case in &cases {
        let name = format!("{} {}", case.source, case.case);
        match judge(case, &mut grounds) {
            Outcome::Held => held += 1,
            Outcome::Refused(why) => {
                refusals += 1;
                let _ = writeln!(refused, "refused  {name}\n{}", indented(&why));
            }
            Outcome::Wrong(why) => {
                wrongs += 1;
                let _ = writeln!(wrong, "WRONG    {name}\n{}", indented(&why));
            }
        }
    }
    let mut out = std::io::stdout().lock();
    let all = cases.len();
    std::io::Write::write_all(
        &mut out,
        format!("\n{refused}{wrong}{all} pairs: {held} hold, {refusals} refused, {wrongs} wrong\n")
            .as_bytes(),
    )
    .expect("stdout");
    assert_eq!(wrongs, 0, "pairs that are neither held nor refused");
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|it| format!("         {it}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn judge(case: &Case, grounds: &mut Pair<Ground>) -> Outcome {
    let made = grounds.previous.make(&case.before);
    let made = made.and_then(|it| Ok((it, grounds.next.make(&case.after)?)));
    let (before, after) = match made {
        Ok(it) => it,
        Err(why) => return Outcome::Wrong(format!("the pair does not load: {why}")),
    };
    let mut said = Vec::new();
    let mut read = |ground: &Ground, which: &str| {
        let catalog = catalog_of(ground.db.url());
        said.extend(
            catalog
                .diagnostics
                .iter()
                .map(|it| format!("{which}: {}: {}", it.code.name(), it.message)),
        );
        catalog.schema
    };
    let schemas = Pair {
        previous: read(&grounds.previous, "before"),
        next: read(&grounds.next, "after"),
    };
    for (text, live, which) in [
        (&case.before, &schemas.previous, "before"),
        (&case.after, &schemas.next, "after"),
    ] {
        match readings_agree(text, live) {
            Ok(None) => {}
            Ok(Some(why)) => said.push(format!("{which}: {why}")),
            Err(why) => return Outcome::Wrong(format!("{which}, read twice: {why}")),
        }
    }
    if !said.is_empty() {
        return Outcome::Refused(said.join("\n"));
    }
    let pair = schemas.as_ref();
    let drops = Drops {
        all: true,
        ..Drops::default()
    };
    let decide = undeclared(pair, &Renames::declared(pair), &drops);
    if decide.has_errors() {
        let said = decide
            .iter()
            .map(|it| format!("{}: {}", it.code.name(), it.message));
        return Outcome::Refused(said.collect::<Vec<_>>().join("\n"));
    }
    match held(pair, &mut grounds.previous, &before, &after) {
        Ok(()) => Outcome::Held,
        Err(why) => Outcome::Wrong(why),
    }
}

/// Is what the SQL says what the database says? A statement that only the SQL reader cannot read
/// is told.
fn readings_agree(text: &str, live: &Schema) -> Result<Option<String>, String> {
    let read = replay([(FileId(0), text)]);
    if let Some(said) = read.diagnostics.iter().next() {
        return Ok(Some(format!("SQL: {}: {}", said.code.name(), said.message)));
    }
    let pair = Pair {
        previous: &read.schema,
        next: live,
    };
    let steps = diff(pair, &Renames::default(), Scope::Tables);
    if steps.is_empty() {
        Ok(None)
    } else {
        Err(format!("{steps:?}"))
    }
}

fn held(
    schemas: Pair<&Schema>,
    ground: &mut Ground,
    before: &[String],
    after: &[String],
) -> Result<(), String> {
    let plan = plan(schemas, Scope::Tables);
    let with_text = |why: String| format!("{why}\n{}", super::text(&plan, schemas.next));
    ground.run(&plan, schemas.next).map_err(with_text)?;
    if let Some(difference) = catalog::difference(&ground.lines(), after) {
        return Err(with_text(format!("after the plan:\n{difference}")));
    }
    let again = catalog_of(ground.db.url()).schema;
    let pair = Pair {
        previous: &again,
        next: schemas.next,
    };
    let rest = diff(pair, &Renames::declared(pair), Scope::Tables);
    if !rest.is_empty() {
        return Err(with_text(format!("a second plan: {rest:?}")));
    }
    ground.undo(&plan, schemas.next).map_err(with_text)?;
    match catalog::difference(&ground.lines(), before) {
        Some(difference) if plan.down.iter().all(|it| it.step.is_some()) => {
            Err(with_text(format!("after the way back:\n{difference}")))
        }
        _ => Ok(()),
    }
}
