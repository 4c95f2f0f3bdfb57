//! What SQL migrations add up to.

use std::collections::BTreeMap;

use syncline_schema::{Code, Diagnostic, Place, Schema, Severity};

use super::finding::Findings;
use super::postgres::{self, Database};
use super::tables::Form;
use crate::diff::TableName;
use crate::read::{sql, text};

/// Replays the scripts in order, and compares.
pub(super) fn compare(schema: &Schema, files: &[text::Source], findings: &mut Findings) {
    let (found, place) = read(files);
    postgres::compare(schema, Form::Migrations, found, &place, findings);
}

/// What the scripts add up to. A table is where the statement that touched it last stands.
pub(super) fn read(files: &[text::Source]) -> (Database, impl Fn(&TableName) -> Place + use<>) {
    let folder = common(files);
    let named: Vec<(String, String)> = (files.iter())
        .map(|it| (it.path[folder..].to_owned(), it.text.to_string()))
        .collect();
    let order = sql::in_order(&named);
    let scripts = order
        .scripts
        .iter()
        .map(|at| (files[*at].file, sql::upward(&named[*at].1)));
    let replay = sql::replay(scripts);
    let mut places = BTreeMap::new();
    for done in &replay.statements {
        let place = Place::new(done.file, done.range.clone());
        places.extend(
            done.steps
                .iter()
                .filter_map(|step| Some((step.about()?, place))),
        );
    }
    let last = order
        .scripts
        .last()
        .map(|at| Place::new(files[*at].file, 0..0));
    let last = last.unwrap_or(Place::NOWHERE);
    let mut said: Vec<_> = replay.diagnostics.iter().cloned().collect();
    // What is left alone is worth a word only where the rest is clean; it is never drift.
    said.retain(|it| it.severity != Severity::Note && it.code != Code::M003);
    said.extend(order.missing.iter().map(|missing| {
        let journal = named.iter().position(|(path, _)| path == sql::JOURNAL);
        let place = journal.map_or(Place::NOWHERE, |at| Place::new(files[at].file, 0..0));
        let message = format!("the journal names `{missing}.sql`, which is not beside it");
        let finding = Diagnostic::new(Code::C001, message).at(place, "");
        finding.note("what it changes is not known")
    }));
    let found = Database {
        published: (!replay.published.is_empty()).then(|| replay.published.clone()),
        schema: replay.schema,
        said,
    };
    let place = move |name: &TableName| places.get(name).copied().unwrap_or(last);
    (found, place)
}

/// The length of the folder that all files are below. drizzle-kit's journal, one folder further
/// down, is beside its scripts.
fn common(files: &[text::Source]) -> usize {
    let folders = files
        .iter()
        .map(|it| match it.path.strip_suffix("meta/_journal.json") {
            Some(folder) => folder,
            None => it.path.rfind('/').map_or("", |at| &it.path[..=at]),
        });
    let shared = folders.reduce(|a, b| {
        let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
        a[..a.floor_char_boundary(same)]
            .rfind('/')
            .map_or("", |at| &a[..=at])
    });
    shared.map_or(0, str::len)
}
