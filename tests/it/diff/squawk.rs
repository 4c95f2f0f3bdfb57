//! squawk reads every planned file, and finds what a hazard says, or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use syncline_codegen::diff::hazard::Hazard;
use syncline_codegen::diff::{Cast, Pair, Scope, Step, cast};
use syncline_codegen::migrate::lint::of_plan;
use syncline_codegen::migrate::plan::plan;
use syncline_codegen::sql;
use syncline_schema::Schema;

use super::laws::planned;

/// A step where it was printed.
struct Printed {
    step: Step,
    hazards: BTreeSet<Hazard>,
}

#[test]
fn squawk_finds_what_hazards_say() {
    testkit::needs!(node);
    let folder = tempfile::tempdir().expect("a folder");
    // By the file's name and the line that a step begins on.
    let mut printed = BTreeMap::new();
    let mut files = [Vec::new(), Vec::new()];
    for (name, pair) in planned() {
        let pair = pair.unwrap_or_else(|why| panic!("{why}"));
        write(
            &name,
            pair.as_ref(),
            folder.path(),
            &mut files,
            &mut printed,
        );
    }
    let mut wrong = Vec::new();
    for (files, args) in files
        .iter()
        .zip([&["--assume-in-transaction"] as &[&str], &[]])
    {
        for found in judge(files, args) {
            let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
            let (file, rule) = (text("file"), text("rule_name"));
            let line = found["line"].as_u64().unwrap_or_default();
            let steps = printed.range((file.clone(), 0)..=(file.clone(), line));
            let step = steps.last().map(|(_, it)| it);
            if !step.is_some_and(|it| announced(&rule, it)) {
                wrong.push(format!("{file}:{line}: {rule}: {}", text("message")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Writes the files of a plan, in a transaction or not.
fn write(
    name: &str,
    schemas: Pair<&Schema>,
    folder: &Path,
    files: &mut [Vec<String>; 2],
    printed: &mut BTreeMap<(String, u64), Printed>,
) {
    let plan = plan(schemas, Scope::Declared);
    let mut hazards: BTreeMap<usize, BTreeSet<Hazard>> = BTreeMap::new();
    for (at, found) in of_plan(plan.steps().map(|(_, step)| step), schemas) {
        hazards.entry(at).or_default().insert(found.hazard);
    }
    let mut at = 0;
    for (planned, (file, text)) in plan.phases.iter().zip(plan.files(schemas.next)) {
        let path = folder.join(format!("{name}-{file}")).display().to_string();
        let mut read = 0;
        for step in &planned.steps {
            let statement = sql::step(step);
            read += text[read..]
                .find(&statement)
                .expect("the step is in its file");
            let line = text[..read].matches('\n').count() as u64;
            let it = Printed {
                step: step.clone(),
                hazards: hazards.remove(&at).unwrap_or_default(),
            };
            printed.insert((path.clone(), line), it);
            read += statement.len();
            at += 1;
        }
        fs::write(&path, text).expect("a file");
        files[usize::from(!planned.phase.in_transaction())].push(path);
    }
}

/// Does a hazard of the step say what the rule says?
fn announced(rule: &str, it: &Printed) -> bool {
    match rule {
        "ban-drop-column" | "ban-drop-table" => it.hazards.contains(&Hazard::DeletesData),
        "changing-column-type" => match &it.step {
            Step::SetType {
                from: Some(from),
                to,
                ..
            } => cast(from, to) == Cast::Free || !it.hazards.is_empty(),
            _ => false,
        },
        _ => false,
    }
}

/// What squawk finds.
fn judge(files: &[String], args: &[&str]) -> Vec<Value> {
    let config = testkit::repo_root().join("squawk.toml");
    let mut all = vec!["--config".to_owned(), config.display().to_string()];
    all.extend(["--reporter", "json"].map(str::to_owned));
    all.extend(args.iter().map(|it| (*it).to_owned()));
    all.extend(files.iter().cloned());
    let output = testkit::node::run("node_modules/squawk-cli/js/bin/squawk", &all, "");
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"))
}
