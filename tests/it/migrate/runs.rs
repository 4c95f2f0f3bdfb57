//! What a run does when nothing goes wrong.

use super::project::{OUTSIDE, Project, without_times};

const INIT: (&str, &str) = (
    "20260101000000_init/1_expand.sql",
    "CREATE TABLE notes (id text PRIMARY KEY, title text);\nINSERT INTO notes VALUES ('a', 'A');\n",
);

#[test]
fn migrations_are_applied_in_order_and_once() {
    testkit::needs!(postgres);
    let index = format!(
        "{OUTSIDE}CREATE INDEX CONCURRENTLY IF NOT EXISTS notes_title_idx ON notes (title);\nVACUUM notes;\n"
    );
    let project = Project::new(
        "applied",
        &[
            INIT,
            ("20260102000000_more/2_concurrent.sql", &index),
            (
                "20260102000000_more/10_last.sql",
                "-- syncline:allow deletes-data It was never filled.\nALTER TABLE notes DROP COLUMN extra;\n",
            ),
            (
                "20260102000000_more/1_expand.sql",
                "ALTER TABLE notes ADD COLUMN extra text;\n",
            ),
        ],
    );
    insta::assert_snapshot!(project.said(&["apply"], 0));
    assert_eq!(project.value("SELECT count(*) FROM notes"), "1");
    assert_eq!(
        project.value("SELECT string_agg(state || ' ' || file || ' ' || done, ', ' ORDER BY started_at) FROM syncline.migration_files"),
        "applied 1_expand.sql 2, applied 1_expand.sql 1, applied 2_concurrent.sql 2, applied 10_last.sql 1"
    );
    insta::assert_snapshot!(project.said(&["apply"], 0));
    let status = project.run(&["status"]).expect(0);
    insta::assert_snapshot!(without_times(&status.stdout, &project.db));
    assert_eq!(
        project.said(&["verify"], 0).lines().last(),
        Some("3 notes: folder migrations, 2 migrations, against its sum and DB at HOST")
    );
    let json = project
        .run(&["status", "--format", "json"])
        .expect(0)
        .stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["migrations"][1]["state"], "applied");
    assert_eq!(
        json["migrations"][1]["files"][1]["file"],
        "2_concurrent.sql"
    );
    assert!(
        json["migrations"][0]["finishedAt"]
            .as_str()
            .is_some_and(|it| it.ends_with('Z'))
    );
}

#[test]
fn the_history_is_published_nowhere_and_made_once() {
    testkit::needs!(postgres);
    let project = Project::new("unpublished", &[INIT]);
    project.db.execute("CREATE PUBLICATION powersync");
    project.run(&["apply"]).expect(0);
    assert_eq!(
        project.value("SELECT count(*) FROM pg_publication_tables"),
        "0"
    );
    assert_eq!(
        project.value("SELECT version FROM syncline.migration_format"),
        "1"
    );
    project
        .db
        .execute("UPDATE syncline.migration_format SET version = 9");
    let refused = project.run(&["status"]).expect(2);
    assert!(refused.stderr.contains("format 9"), "{refused}");
}

#[test]
fn batches_commit_inside_and_notices_are_shown() {
    testkit::needs!(postgres);
    let batches = format!(
        "{OUTSIDE}DO $$ BEGIN FOR n IN 1..3 LOOP INSERT INTO notes VALUES (n::text); COMMIT; RAISE NOTICE 'batch %', n; END LOOP; END $$;\n"
    );
    let project = Project::new(
        "batches",
        &[INIT, ("20260102000000_fill/1_fill.sql", &batches)],
    );
    let said = project.said(&["apply"], 0);
    assert!(said.contains("    notice: batch 3\n"), "{said}");
    assert_eq!(project.value("SELECT count(*) FROM notes"), "4");
}

#[test]
fn settings_of_one_file_do_not_reach_the_next() {
    testkit::needs!(postgres);
    let outside = format!(
        "{OUTSIDE}SET lock_timeout = '7s';\nSET search_path = pg_catalog;\nCREATE TEMP TABLE t ();\nINSERT INTO public.seen SELECT current_setting('lock_timeout');\n"
    );
    let project = Project::new(
        "settings",
        &[
            (
                "20260101000000_a/1_seen.sql",
                "CREATE TABLE seen (it text);\nCREATE ROLE syncline_test_reset_role;\nSET ROLE syncline_test_reset_role;\n",
            ),
            ("20260101000000_a/2_set.sql", &outside),
            (
                "20260101000000_a/3_look.sql",
                "INSERT INTO seen SELECT current_setting('lock_timeout') || ' ' || split_part(current_setting('search_path'), ',', 1) || ' ' || (to_regclass('pg_temp.t') IS NULL);\nDROP ROLE syncline_test_reset_role;\n",
            ),
        ],
    );
    project.run(&["apply"]).expect(0);
    assert_eq!(
        project.value("SELECT string_agg(it, ', ' ORDER BY it) FROM seen"),
        "2s public true, 7s"
    );
}

#[test]
fn down_undoes_the_last_one_and_apply_runs_it_again() {
    testkit::needs!(postgres);
    let project = Project::new(
        "down",
        &[
            INIT,
            ("20260101000000_init/down.sql", "DROP TABLE notes;\n"),
            (
                "20260102000000_more/1_expand.sql",
                "ALTER TABLE notes ADD COLUMN a text;\n",
            ),
            (
                "20260102000000_more/down.sql",
                "ALTER TABLE notes DROP COLUMN a;\n",
            ),
            (
                "20260103000000_last/1_expand.sql",
                "ALTER TABLE notes ADD COLUMN b text;\n",
            ),
            (
                "20260103000000_last/down.sql",
                "ALTER TABLE notes DROP COLUMN b;\n",
            ),
        ],
    );
    project.run(&["apply", "--to", "more"]).expect(0);
    project.run(&["apply"]).expect(0);
    insta::assert_snapshot!(project.said(&["down"], 0));
    assert_eq!(project.state("20260103000000_last"), "down");
    project.run(&["apply"]).expect(0);
    insta::assert_snapshot!(project.said(&["down", "--to", "init"], 0));
    let columns = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'notes'";
    assert_eq!(project.value(columns), "2");
    project.run(&["apply"]).expect(0);
    assert_eq!(project.value(columns), "4");
}

#[test]
fn what_cannot_be_undone_is_refused_before_anything_is() {
    testkit::needs!(postgres);
    let project = Project::new(
        "irreversible",
        &[
            INIT,
            (
                "20260102000000_gone/1_contract.sql",
                "ALTER TABLE notes DROP COLUMN title;\n",
            ),
            (
                "20260102000000_gone/down.sql",
                "-- syncline:irreversible The titles are gone.\n",
            ),
            (
                "20260103000000_last/1_expand.sql",
                "ALTER TABLE notes ADD COLUMN b text;\n",
            ),
            (
                "20260103000000_last/down.sql",
                "ALTER TABLE notes DROP COLUMN nothing;\n",
            ),
        ],
    );
    // Dropping a column loses data: nothing is run before somebody allows it.
    insta::assert_snapshot!(project.said(&["apply"], 1));
    assert_eq!(project.value("SELECT to_regclass('notes')"), "");
    assert!(
        project
            .said(&["apply", "--allow", "drop"], 2)
            .contains("there is no hazard `drop`")
    );
    let allowed = [
        "apply",
        "--allow",
        "deletes-data",
        "--allow",
        "breaks-clients",
    ];
    project.run(&allowed).expect(0);
    insta::assert_snapshot!(project.said(&["down", "--to", "init"], 1));
    insta::assert_snapshot!(project.said(&["down"], 1));
    assert_eq!(project.state("20260103000000_last"), "applied");
}

#[test]
fn a_baseline_records_what_is_there_and_runs_nothing() {
    testkit::needs!(postgres);
    let project = Project::new(
        "baseline",
        &[
            INIT,
            (
                "20260102000000_more/1_expand.sql",
                "ALTER TABLE notes ADD COLUMN a text;\n",
            ),
        ],
    );
    let refused = project.said(&["baseline"], 2);
    assert!(refused.contains("holds no table"), "{refused}");
    project
        .db
        .execute("CREATE TABLE notes (id text PRIMARY KEY, title text)");
    insta::assert_snapshot!(project.said(&["baseline", "init"], 0));
    project.run(&["apply"]).expect(0);
    assert_eq!(project.value("SELECT count(*) FROM notes"), "0");
    let status = project.run(&["status"]).expect(0);
    insta::assert_snapshot!(without_times(&status.stdout, &project.db));
}
