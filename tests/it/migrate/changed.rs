//! Folders that are not what the database has run.

use std::fs;

use super::project::{Project, without_times};

const INIT: (&str, &str) = (
    "20260101000000_init/1_expand.sql",
    "CREATE TABLE notes (id text);\n",
);
const MORE: (&str, &str) = (
    "20260103000000_more/1_expand.sql",
    "ALTER TABLE notes ADD COLUMN more text;\n",
);

fn applied(name: &str) -> Project {
    let project = Project::new(name, &[INIT, MORE]);
    project.run(&["apply"]).expect(0);
    project
}

#[test]
fn an_edited_migration_is_refused_until_somebody_decides() {
    testkit::needs!(postgres);
    let project = applied("edited");
    project.write_only(&[(INIT.0, "CREATE TABLE notes (id uuid);\n")]);
    insta::assert_snapshot!(project.said(&["apply"], 1));
    project.run(&["repair", "--sum"]).expect(0);
    insta::assert_snapshot!(project.said(&["apply"], 1));
    let status = project.run(&["status"]).expect(1);
    assert!(
        status
            .stdout
            .contains("20260101000000_init  edited       1_expand.sql"),
        "{status}"
    );
    project.run(&["verify"]).expect(1);
    project.run(&["repair", "init", "--applied"]).expect(0);
    project.run(&["apply"]).expect(0);
    project.run(&["verify"]).expect(0);
}

#[test]
fn files_added_to_and_removed_from_an_applied_migration_are_seen() {
    testkit::needs!(postgres);
    let project = applied("added");
    project.write(&[("20260101000000_init/2_fix.sql", "SELECT 1;\n")]);
    let said = project.said(&["apply"], 1);
    assert!(said.contains("not the same any more: 2_fix.sql"), "{said}");
    fs::remove_file(project.folder().join("20260101000000_init/2_fix.sql")).expect("removed");
    fs::remove_file(project.folder().join(INIT.0)).expect("removed");
    project.run(&["repair", "--sum"]).expect(0);
    let said = project.said(&["apply"], 1);
    assert!(
        said.contains("not the same any more: 1_expand.sql"),
        "{said}"
    );
}

#[test]
fn a_migration_merged_behind_is_run_and_said() {
    testkit::needs!(postgres);
    let project = applied("behind");
    project.write(&[(
        "20260102000000_late/1_expand.sql",
        "ALTER TABLE notes ADD COLUMN late text;\n",
    )]);
    let status = project.run(&["status"]).expect(0);
    insta::assert_snapshot!(without_times(&status.stdout, &project.db));
    assert!(status.stderr.contains("note[M026]"), "{status}");
    project.run(&["apply"]).expect(0);
    assert_eq!(project.state("20260102000000_late"), "applied");
    // It was applied last, so it is what is undone first.
    let refused = project.said(&["down"], 1);
    assert!(
        refused.contains("`20260102000000_late` cannot be undone"),
        "{refused}"
    );
}

#[test]
fn a_migration_that_only_the_database_knows_is_said() {
    testkit::needs!(postgres);
    let project = applied("unknown");
    fs::remove_dir_all(project.folder().join("20260103000000_more")).expect("removed");
    let said = project.said(&["apply"], 1);
    assert!(
        said.contains("was removed after its migration was written"),
        "{said}"
    );
    project.run(&["repair", "--sum"]).expect(0);
    let said = project.said(&["apply"], 0);
    assert!(said.contains("warning[M024]"), "{said}");
    let status = project.run(&["status"]).expect(0);
    assert!(
        status
            .stdout
            .contains("20260103000000_more  unknown      not in the folder"),
        "{status}"
    );
    project
        .run(&["repair", "20260103000000_more", "--forget"])
        .expect(0);
    assert!(!project.said(&["apply"], 0).contains("M024"));
}

#[test]
fn a_folder_without_sum_is_not_run() {
    testkit::needs!(postgres);
    let project = Project::new("no sum", &[INIT]);
    fs::remove_file(project.folder().join("syncline.sum")).expect("removed");
    let said = project.said(&["apply"], 1);
    assert!(said.contains("error[M021]"), "{said}");
    assert_eq!(project.value("SELECT to_regclass('notes')"), "");
    assert_eq!(
        project.value("SELECT to_regclass('syncline.migrations')"),
        ""
    );
    project.run(&["repair", "--sum"]).expect(0);
    project.run(&["apply"]).expect(0);
}
