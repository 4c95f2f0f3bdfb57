//! Which migration follows which, by the hashes of snapshots: branches that met are found here.

use std::collections::{BTreeMap, BTreeSet};

use syncline_schema::{Code, Diagnostic, Place};

use super::{Folder, Migration};

/// The migrations with a snapshot that no other one follows.
pub(super) fn heads(migrations: &[Migration]) -> Vec<&Migration> {
    let parents: BTreeSet<&str> = migrations
        .iter()
        .filter_map(|it| it.snapshot.as_ref()?.parent.as_deref())
        .collect();
    let followed = |it: &&Migration| {
        let head = it.snapshot.as_ref();
        head.is_some_and(|head| !parents.contains(head.sha256.as_str()))
    };
    migrations.iter().filter(followed).collect()
}

/// Parents that are shared, unknown, or run behind their children.
pub(super) fn check(folder: &Folder) -> Vec<Diagnostic> {
    let mut by_hash = BTreeMap::new();
    for (at, migration) in folder.migrations.iter().enumerate() {
        if let Some(head) = &migration.snapshot {
            by_hash.entry(head.sha256.as_str()).or_insert(at);
        }
    }
    // A parent that cannot be read is here all the same.
    let unread = folder.diagnostics.iter().any(|it| it.code == Code::M015);
    let mut found = Vec::new();
    let mut children: BTreeMap<Option<&str>, Vec<&Migration>> = BTreeMap::new();
    for (at, migration) in folder.migrations.iter().enumerate() {
        let Some(head) = &migration.snapshot else {
            continue;
        };
        let parent = head.parent.as_deref();
        children.entry(parent).or_default().push(migration);
        let place = folder.place(migration);
        match parent.map(|hash| by_hash.get(hash)) {
            Some(None) if !unread => found.push(orphan(migration, place)),
            Some(Some(parent)) if *parent >= at => {
                found.push(early(migration, &folder.migrations[*parent], place));
            }
            _ => {}
        }
    }
    for (parent, siblings) in children {
        let parent = parent
            .and_then(|hash| by_hash.get(hash))
            .map(|at| &folder.migrations[*at]);
        for pair in siblings.windows(2) {
            if let [first, second] = pair {
                found.push(forked(parent, first, second, folder.place(second)));
            }
        }
    }
    found
}

fn forked(
    parent: Option<&Migration>,
    first: &Migration,
    second: &Migration,
    place: Place,
) -> Diagnostic {
    let follow = parent.map_or_else(
        || "begin the history".to_owned(),
        |parent| format!("follow `{}`", parent.id),
    );
    Diagnostic::new(
        Code::M016,
        format!("`{}` and `{}` both {follow}", first.id, second.id),
    )
    .at(place, "")
    .note("two branches were merged; the later one was planned without the earlier one, so its snapshot does not hold what that one does, and the next plan would undo it")
    .help(format!("`syncline migrate rebase {}` plans it again behind `{}`", second.id, first.id))
}

fn orphan(migration: &Migration, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::M017,
        format!("`{}` follows a migration that is not here", migration.id),
    )
    .at(place, "")
    .note(
        "its snapshot names its parent by hash: the parent was removed, or its snapshot was edited",
    )
    .help("bring the parent back from version control")
    .help(format!(
        "or `syncline migrate rebase {}` plans it again behind the newest one",
        migration.id
    ))
}

fn early(migration: &Migration, parent: &Migration, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::M018,
        format!(
            "`{}` runs before `{}`, which it follows",
            migration.id, parent.id
        ),
    )
    .at(place, "")
    .note("migrations run in the order of their stamps, and this one expects what its parent makes")
    .help(format!(
        "`syncline migrate rebase {}` gives it a new stamp",
        migration.id
    ))
}
