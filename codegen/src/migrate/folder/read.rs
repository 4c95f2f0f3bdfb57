//! Reads the folder: everything that is wrong with it in one go.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use syncline_schema::{Code, Diagnostic, Place};

use super::sum::{Hashes, Mismatch, SUM, Sum};
use super::{
    DOWN, Down, Folder, Migration, SNAPSHOT, SnapshotHead, SqlFile, branches, contents, directive,
    name,
};
use crate::output::sha256;

pub(super) fn read(dir: &Path) -> Folder {
    let mut folder = Folder {
        dir: dir.to_owned(),
        ..Folder::default()
    };
    let mut hashes = Hashes::new();
    for (entry, is_dir) in entries(dir, &mut folder, true) {
        if is_dir {
            migration(&mut folder, &entry, &mut hashes);
        } else if entry.ends_with(".sql") {
            let path = dir.join(&entry);
            folder.diagnostics.push(
                Diagnostic::new(Code::M012, format!("{} is in no migration", path.display()))
                    .note("only files in a migration's folder are run")
                    .help("`syncline migrate new` makes a folder for it"),
            );
        }
    }
    stamps(&mut folder);
    folder.diagnostics.extend(branches::check(&folder));
    sum(&mut folder, &hashes);
    folder
}

/// The names in a folder and whether they are folders; sorted, without hidden ones.
fn entries(dir: &Path, folder: &mut Folder, may_miss: bool) -> Vec<(String, bool)> {
    let listed = fs::read_dir(dir).and_then(|list| {
        list.map(|entry| {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            Ok((name, fs::metadata(entry.path())?.is_dir()))
        })
        .collect::<Result<Vec<_>, _>>()
    });
    match listed {
        Ok(mut names) => {
            names.retain(|(name, _)| !name.starts_with('.'));
            names.sort();
            names
        }
        Err(error) if may_miss && error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            folder.diagnostics.push(unreadable(dir, &error.to_string()));
            Vec::new()
        }
    }
}

fn unreadable(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::new(Code::M010, format!("cannot read {}: {why}", path.display()))
        .note("nothing is run from a folder that can be read in part only")
}

/// One folder in it.
fn migration(folder: &mut Folder, id: &str, hashes: &mut Hashes) {
    let dir = folder.dir.join(id);
    let Some((stamp, name)) = name::of_migration(id) else {
        folder.diagnostics.push(
            Diagnostic::new(Code::M011, format!("{} is no migration's name", dir.display()))
                .note("a folder whose place in the order is not known cannot be run")
                .help("name it `<YYYYMMDDHHMMSS>_<name>` with a moment in UTC and letters, digits, `_`, `-` and `.`, or move it away"),
        );
        return;
    };
    let mut migration = Migration {
        id: id.to_owned(),
        stamp,
        name,
        files: Vec::new(),
        down: None,
        snapshot: None,
    };
    let mut has_snapshot = false;
    for (entry, is_dir) in entries(&dir, folder, false) {
        let path = dir.join(&entry);
        if is_dir {
            folder
                .diagnostics
                .push(no_phase(&path, "a folder in a migration is not run"));
            continue;
        }
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                folder
                    .diagnostics
                    .push(unreadable(&path, &error.to_string()));
                continue;
            }
        };
        hashes.insert(format!("{id}/{entry}"), sha256(&bytes));
        if entry == SNAPSHOT {
            has_snapshot = true;
            match SnapshotHead::parse(&bytes) {
                Ok(head) => migration.snapshot = Some(head),
                Err(why) => folder.diagnostics.push(
                    Diagnostic::new(Code::M015, format!("{}: {why}", path.display()))
                        .note("the snapshot is what the next migration is planned from")
                        .help("bring it back from version control"),
                ),
            }
        } else if entry.ends_with(".sql") {
            sql(folder, &mut migration, &entry, bytes);
        }
    }
    migration
        .files
        .sort_by(|a, b| (a.number, &a.name).cmp(&(b.number, &b.name)));
    if !has_snapshot {
        let place = folder.place(&migration);
        folder.diagnostics.push(
            Diagnostic::new(Code::M014, format!("`{id}` has no {SNAPSHOT}"))
                .at(place, "")
                .note(
                    "its SQL is run, but what it makes of the schema is not known to the next plan",
                )
                .help(format!("`syncline migrate rebase {id}` writes one")),
        );
    }
    folder.migrations.push(migration);
}

fn no_phase(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::new(Code::M012, format!("{} would never run", path.display()))
        .note(why.to_owned())
        .help(format!("name a step `<number>_<what>.sql`, what undoes the migration `{DOWN}`, or move the file away"))
}

/// One SQL file.
fn sql(folder: &mut Folder, migration: &mut Migration, entry: &str, bytes: Vec<u8>) {
    let path = folder.dir.join(&migration.id).join(entry);
    let down = entry == DOWN;
    let number = name::of_file(entry);
    if number.is_none() && !down {
        folder
            .diagnostics
            .push(no_phase(&path, "its name gives it no place in the order"));
        return;
    }
    let sha256 = sha256(&bytes);
    let Ok(text) = String::from_utf8(bytes) else {
        folder
            .diagnostics
            .push(unreadable(&path, "it is not UTF-8"));
        return;
    };
    // PostgreSQL takes the byte-order mark of some editors for a name.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    let file = folder.sources.add(path, text.as_str());
    folder.diagnostics.extend(contents::check(&text, file));
    let said = directive::read(&text, file, down, &mut folder.diagnostics);
    match number {
        Some(number) => migration.files.push(SqlFile {
            name: entry.to_owned(),
            number,
            text,
            sha256,
            transactional: !said.no_transaction,
            repeatable: said.repeatable,
            allows: said.allows,
            file,
        }),
        None => {
            migration.down = Some(Down {
                text,
                sha256,
                irreversible: said.irreversible,
                file,
            });
        }
    }
}

/// Two migrations of one second: which runs first would be an accident.
fn stamps(folder: &mut Folder) {
    let twice: Vec<Diagnostic> = folder
        .migrations
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if a.stamp == b.stamp => Some(
                Diagnostic::new(
                    Code::M013,
                    format!("`{}` and `{}` have one stamp", a.id, b.id),
                )
                .at(folder.place(b), "")
                .note("which of them runs first would hang on their names")
                .help(format!(
                    "`syncline migrate rebase {}` gives it a new one",
                    b.id
                )),
            ),
            _ => None,
        })
        .collect();
    folder.diagnostics.extend(twice);
}

/// Compares the folder with its sum.
fn sum(folder: &mut Folder, hashes: &Hashes) {
    let path = folder.dir.join(SUM);
    let mend = "look at what changed; where it is meant, `syncline migrate repair --sum` writes the sum again";
    let problem = |why: String| {
        Diagnostic::new(Code::M021, why)
            .note("without it nobody can tell whether a migration is still what was looked at")
            .help(mend)
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if !hashes.is_empty() {
                folder
                    .diagnostics
                    .push(problem(format!("there is no {}", path.display())));
            }
            return;
        }
        Err(error) => {
            folder
                .diagnostics
                .push(problem(format!("cannot read {}: {error}", path.display())));
            return;
        }
    };
    let sum = match Sum::parse(&text) {
        Ok(sum) => sum,
        Err(why) => {
            folder
                .diagnostics
                .push(problem(format!("{}: {why}", path.display())));
            return;
        }
    };
    let mismatches = sum.compare(hashes);
    let unknown = whole_migrations(&mismatches, hashes);
    for id in &unknown {
        let place = folder
            .find(id)
            .map_or(Place::NOWHERE, |it| folder.place(it));
        folder.diagnostics.push(
            Diagnostic::new(Code::M020, format!("{SUM} does not know the migration `{id}`"))
                .at(place, "")
                .note("it was written by hand, or the run that wrote it was killed before it could write the sum")
                .help(mend),
        );
    }
    for mismatch in mismatches {
        let (path, what) = match mismatch {
            Mismatch::Added(path) if unknown.iter().any(|id| in_folder(&path, id)) => continue,
            Mismatch::Added(path) => (path, "was added"),
            Mismatch::Edited(path) => (path, "was edited"),
            Mismatch::Removed(path) => (path, "was removed"),
            Mismatch::Broken(path) => (path, "has another place in the sum"),
        };
        let full = folder.dir.join(&path);
        let place = folder
            .sources
            .find(&full)
            .map_or(Place::NOWHERE, |file| Place::new(file, 0..0));
        folder.diagnostics.push(
            Diagnostic::new(Code::M020, format!("{} {what} after its migration was written", full.display()))
                .at(place, "")
                .note("a migration that has run somewhere must stay what it was: other databases would get another schema")
                .help(mend),
        );
    }
}

fn in_folder(path: &str, id: &str) -> bool {
    path.split('/').next() == Some(id)
}

/// The migrations of which the sum knows no file at all.
fn whole_migrations(mismatches: &[Mismatch], hashes: &Hashes) -> Vec<String> {
    let added = |path: &String| mismatches.contains(&Mismatch::Added(path.clone()));
    let mut ids: Vec<&str> = hashes
        .keys()
        .filter_map(|path| path.split('/').next())
        .collect();
    ids.dedup();
    ids.into_iter()
        .filter(|id| hashes.keys().filter(|path| in_folder(path, id)).all(added))
        .map(str::to_owned)
        .collect()
}
