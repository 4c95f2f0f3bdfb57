//! Two schemas, the plan between them, and PostgreSQL's word on it.
//!
//! tests/diff/<case>/: before.toml, after.toml, and what is planned in plan.sql, or what has to be
//! decided first in refused.txt. `UPDATE_EXPECT=1` writes them.

mod catalog;
#[cfg(feature = "live")]
mod corpus;
mod fill;
pub(crate) mod ground;
mod laws;
mod random;
mod rows;
mod squawk;

use std::fs;
use std::path::{Path, PathBuf};

use syncline_codegen::diff::{Drops, Pair, Renames, Scope, undeclared};
use syncline_codegen::migrate::plan::{Plan, plan};
use syncline_schema::source::load_str;
use syncline_schema::{Loaded, Schema};

/// The cases, by name.
pub(crate) fn cases() -> Vec<(String, PathBuf)> {
    let folder = testkit::repo_root().join("tests/diff");
    let entries = fs::read_dir(folder).expect("tests/diff");
    let mut cases: Vec<_> = entries
        .map(|it| it.expect("an entry").path())
        .map(|it| {
            (
                it.file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned(),
                it,
            )
        })
        .collect();
    cases.sort();
    cases
}

/// A source that must be sound.
#[track_caller]
pub(crate) fn sound(name: &str, text: &str) -> Schema {
    load(name, text).unwrap_or_else(|why| panic!("{why}"))
}

/// A file that must be sound.
#[track_caller]
pub(crate) fn schema(path: &Path) -> Schema {
    let text = fs::read_to_string(path);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    sound(&path.display().to_string(), &text)
}

/// A source; what is wrong with it otherwise.
pub(crate) fn load(name: &str, text: &str) -> Result<Schema, String> {
    let Loaded {
        schema,
        diagnostics,
        sources,
    } = load_str(text);
    if diagnostics.has_errors() {
        return Err(format!(
            "{name}:\n{}",
            syncline_codegen::render::human(&diagnostics, &sources, false)
        ));
    }
    Ok(schema)
}

/// The two schemas of a case.
pub(crate) fn schemas(folder: &Path) -> Result<Pair<Schema>, String> {
    let read = |name: &str| {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).map_err(|error| format!("{path:?}: {error}"))?;
        load(&path.display().to_string(), &text)
    };
    Ok(Pair {
        previous: read("before.toml")?,
        next: read("after.toml")?,
    })
}

/// The files one after another, as they are read.
fn text(plan: &Plan, next: &Schema) -> String {
    let files = plan.files(next);
    let files = files.iter();
    let files = files.map(|(name, text)| format!("---- {name}\n{text}"));
    files.collect::<Vec<_>>().join("\n")
}

fn expect(path: &Path, found: Option<&str>, wrong: &mut Vec<String>) {
    let there = fs::read_to_string(path).ok();
    if there.as_deref() == found {
        return;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        match found {
            Some(text) => fs::write(path, text).expect("an expected file"),
            None => fs::remove_file(path).expect("an expected file"),
        }
    } else {
        wrong.push(format!(
            "{}\n{}",
            path.display(),
            found.unwrap_or("(not expected)")
        ));
    }
}

#[test]
fn plans_are_what_their_cases_say() {
    let mut wrong = Vec::new();
    for (_, folder) in cases() {
        let pair = match schemas(&folder) {
            Ok(pair) => pair,
            Err(why) => {
                wrong.push(why);
                continue;
            }
        };
        let schemas = pair.as_ref();
        let refused = undeclared(schemas, &Renames::declared(schemas), &Drops::default());
        let refused: Vec<_> = refused
            .iter()
            .map(|it| {
                format!(
                    "{}: {}\n{}\n",
                    it.code.name(),
                    it.message,
                    it.help
                        .iter()
                        .map(|it| format!("  {it}"))
                        .collect::<Vec<_>>()
                        .join("\n")
                )
            })
            .collect();
        let refused = (!refused.is_empty()).then(|| refused.concat());
        let planned = refused
            .is_none()
            .then(|| text(&plan(schemas, Scope::Declared), &pair.next));
        expect(&folder.join("refused.txt"), refused.as_deref(), &mut wrong);
        expect(&folder.join("plan.sql"), planned.as_deref(), &mut wrong);
    }
    assert!(
        wrong.is_empty(),
        "UPDATE_EXPECT=1 writes them:\n{}",
        wrong.join("\n")
    );
}
