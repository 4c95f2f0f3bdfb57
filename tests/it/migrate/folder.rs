//! The folder of migrations: written and read again, and every way in which it can be wrong.

use std::fs;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use syncline_codegen::migrate::folder::{
    Folder, NewMigration, Snapshot, Stamp, WriteError, restore_sum, write,
};
use syncline_schema::{Code, Schema};
use tempfile::TempDir;

/// A migration of this stamp behind `parent`.
fn new(stamp: &str, name: &str, parent: Option<String>) -> NewMigration {
    let mut schema = Schema::default();
    schema.settings.project = name.to_owned();
    NewMigration {
        stamp: Stamp::parse(stamp).expect("a stamp"),
        name: name.to_owned(),
        files: vec![
            ("10_last.sql".to_owned(), "SELECT 10;\n".to_owned()),
            ("1_expand.sql".to_owned(), "SELECT 1;\n".to_owned()),
            (
                "2_concurrent.sql".to_owned(),
                "-- syncline:no-transaction\n-- syncline:allow index-build Small.\nSELECT 2;\n"
                    .to_owned(),
            ),
        ],
        down: Some("SELECT 0;\n".to_owned()),
        snapshot: Snapshot::new(schema, parent),
        replaces: None,
    }
}

/// Two migrations, one behind the other.
fn two() -> (TempDir, Folder) {
    let dir = tempfile::tempdir().expect("a folder");
    write(dir.path(), &new("20260101000000", "init", None)).expect("written");
    let parent = Folder::read(dir.path()).latest().expect("a snapshot").1;
    write(dir.path(), &new("20260102000000", "more", parent)).expect("written");
    let folder = Folder::read(dir.path());
    assert_eq!(codes(&folder), []);
    (dir, folder)
}

fn codes(folder: &Folder) -> Vec<Code> {
    folder.diagnostics.iter().map(|it| it.code).collect()
}

/// What reading says, a line a finding.
fn said(dir: &Path) -> String {
    let folder = Folder::read(dir);
    let lines = folder.diagnostics.iter().map(|it| {
        let message = it.message.replace(&format!("{}/", dir.display()), "");
        format!("{} {message}\n", it.code.name())
    });
    lines.collect()
}

#[test]
fn what_was_written_is_read() {
    let (dir, folder) = two();
    let ids: Vec<&str> = folder.migrations.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["20260101000000_init", "20260102000000_more"]);
    let more = &folder.migrations[1];
    let files: Vec<_> = more
        .files
        .iter()
        .map(|it| (it.name.as_str(), it.transactional))
        .collect();
    assert_eq!(
        files,
        [
            ("1_expand.sql", true),
            ("2_concurrent.sql", false),
            ("10_last.sql", true)
        ]
    );
    assert_eq!(more.files[1].allows[0].hazard, "index-build");
    assert_eq!(more.down.as_ref().expect("a down file").text, "SELECT 0;\n");
    let heads: Vec<&str> = folder.heads().iter().map(|it| it.name.as_str()).collect();
    assert_eq!(heads, ["more"]);
    let (schema, parent) = folder.latest().expect("a schema");
    assert_eq!(schema.settings.project, "more");
    assert_eq!(parent, more.snapshot.as_ref().map(|it| it.sha256.clone()));
    assert_eq!(
        folder.find("init").map(|it| &it.id),
        Some(&folder.migrations[0].id)
    );
    let next = folder.next_stamp(UNIX_EPOCH + Duration::from_secs(1));
    assert_eq!(next.as_str(), "20260102000001");
    let kept: Vec<String> = fs::read_dir(dir.path())
        .expect("a folder")
        .map(|it| {
            it.expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|it| it.starts_with(".syncline"))
        .collect();
    assert_eq!(kept, [""; 0], "nothing stays beside");
}

#[test]
fn a_folder_that_is_not_there_is_empty() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = Folder::read(&dir.path().join("migrations"));
    assert!(folder.migrations.is_empty() && folder.diagnostics.is_empty());
    assert_eq!(folder.latest().expect("nothing"), (Schema::default(), None));
}

#[test]
fn edited_added_and_removed_files_are_named() {
    let (dir, _) = two();
    let init = dir.path().join("20260101000000_init");
    fs::write(init.join("1_expand.sql"), "SELECT 11;\n").expect("edited");
    fs::write(init.join("3_fix.sql"), "SELECT 3;\n").expect("added");
    fs::remove_file(init.join("10_last.sql")).expect("removed");
    insta::assert_snapshot!(said(dir.path()), @r"
    M020 20260101000000_init/3_fix.sql was added after its migration was written
    M020 20260101000000_init/1_expand.sql was edited after its migration was written
    M020 20260101000000_init/10_last.sql was removed after its migration was written
    ");
    // Writing would confirm what nobody looked at.
    let refused = write(dir.path(), &new("20260103000000", "third", None));
    assert!(matches!(refused, Err(WriteError::Findings(found)) if found.iter().count() == 3));
    assert_eq!(restore_sum(dir.path()).expect("a sum").iter().count(), 3);
    assert_eq!(said(dir.path()), "");
}

#[test]
fn a_run_killed_before_the_sum_is_explained_and_mended() {
    let (dir, _) = two();
    let sum = fs::read(dir.path().join("syncline.sum")).expect("a sum");
    let parent = Folder::read(dir.path()).latest().expect("a snapshot").1;
    write(dir.path(), &new("20260103000000", "third", parent)).expect("written");
    fs::write(dir.path().join("syncline.sum"), sum).expect("the old sum");
    fs::create_dir(dir.path().join(".syncline-staging-1")).expect("what such a run leaves");
    insta::assert_snapshot!(said(dir.path()), @"M020 syncline.sum does not know the migration `20260103000000_third`");
    restore_sum(dir.path()).expect("a sum");
    assert_eq!(said(dir.path()), "");
}

#[test]
fn branches_that_met_are_found() {
    let (dir, folder) = two();
    let parent = folder.migrations[0]
        .snapshot
        .as_ref()
        .map(|it| it.sha256.clone());
    write(dir.path(), &new("20260103000000", "third", parent)).expect("written");
    write(
        dir.path(),
        &new("20260104000000", "lost", Some("00".repeat(32))),
    )
    .expect("written");
    let second = folder.migrations[1]
        .snapshot
        .as_ref()
        .map(|it| it.sha256.clone());
    write(dir.path(), &new("20251231000000", "early", second)).expect("written");
    insta::assert_snapshot!(said(dir.path()), @r"
    M018 `20251231000000_early` runs before `20260102000000_more`, which it follows
    M017 `20260104000000_lost` follows a migration that is not here
    M016 `20260102000000_more` and `20260103000000_third` both follow `20260101000000_init`
    ");
}

#[test]
fn a_rebased_migration_takes_the_place_of_the_old_one() {
    let (dir, folder) = two();
    let parent = folder.migrations[0]
        .snapshot
        .as_ref()
        .map(|it| it.sha256.clone());
    write(dir.path(), &new("20260101120000", "branch", parent)).expect("written");
    assert_eq!(codes(&Folder::read(dir.path())), [Code::M016]);
    let behind = folder.migrations[1]
        .snapshot
        .as_ref()
        .map(|it| it.sha256.clone());
    let rebased = NewMigration {
        replaces: Some("20260101120000_branch".to_owned()),
        ..new("20260103000000", "branch", behind)
    };
    write(dir.path(), &rebased).expect("written");
    let folder = Folder::read(dir.path());
    assert_eq!(codes(&folder), []);
    assert_eq!(folder.migrations.len(), 3);
}

#[test]
fn what_does_not_belong_is_said() {
    let (dir, _) = two();
    let init = dir.path().join("20260101000000_init");
    fs::write(dir.path().join("loose.sql"), "SELECT 1;\n").expect("a file");
    fs::write(dir.path().join("README.md"), "Notes.\n").expect("a file");
    fs::create_dir(dir.path().join("add_title")).expect("a folder");
    fs::create_dir(init.join("sql")).expect("a folder");
    fs::write(init.join("fix.sql"), "SELECT 1;\n").expect("a file");
    fs::write(init.join("3_latin.sql"), b"-- caf\xe9\n").expect("a file");
    fs::write(init.join("4_typo.sql"), "-- syncline:no-transation\n").expect("a file");
    fs::write(init.join("snapshot.json"), "{\"version\": 7}\n").expect("a file");
    fs::create_dir(dir.path().join("20260102000000_again")).expect("a folder");
    insta::assert_snapshot!(said(dir.path()), @r"
    M010 cannot read 20260101000000_init/3_latin.sql: it is not UTF-8
    M019 the directive `no-transation`: did you mean `no-transaction`?
    M012 20260101000000_init/fix.sql would never run
    M015 20260101000000_init/snapshot.json: it is of version 7, and this Syncline reads up to 1: use the newer one that wrote it
    M012 20260101000000_init/sql would never run
    M014 `20260102000000_again` has no snapshot.json
    M011 add_title is no migration's name
    M012 loose.sql is in no migration
    M013 `20260102000000_again` and `20260102000000_more` have one stamp
    M020 20260101000000_init/3_latin.sql was added after its migration was written
    M020 20260101000000_init/4_typo.sql was added after its migration was written
    M020 20260101000000_init/fix.sql was added after its migration was written
    M020 20260101000000_init/snapshot.json was edited after its migration was written
    ");
}

#[test]
fn a_missing_or_broken_sum_is_said() {
    let (dir, _) = two();
    let sum = dir.path().join("syncline.sum");
    let text = fs::read_to_string(&sum).expect("a sum");
    fs::write(
        &sum,
        format!("<<<<<<< main\n{text}=======\n>>>>>>> branch\n"),
    )
    .expect("a conflict");
    insta::assert_snapshot!(said(dir.path()), @"M021 syncline.sum: it holds a merge that was not resolved: two branches added migrations");
    fs::remove_file(&sum).expect("removed");
    insta::assert_snapshot!(said(dir.path()), @"M021 there is no syncline.sum");
    restore_sum(dir.path()).expect("a sum");
    assert_eq!(fs::read_to_string(&sum).expect("a sum"), text);
}
