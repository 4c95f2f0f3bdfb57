//! Two runs at once, and locks that others hold.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::project::{OUTSIDE, Project, end};

/// The number of the lock: "SYNCLINE" in ASCII.
const KEY: i64 = 0x5359_4e43_4c49_4e45;

const INIT: (&str, &str) = (
    "20260101000000_init/1_expand.sql",
    "CREATE TABLE notes (id text);\n",
);

#[test]
fn of_two_runs_one_works_and_the_other_finds_nothing_to_do() {
    testkit::needs!(postgres);
    let slow = "INSERT INTO log VALUES (1);\nSELECT pg_sleep(1);\n";
    let project = Project::new("two", &[("20260101000000_slow/1_expand.sql", slow)]);
    project.db.execute("CREATE TABLE log (n int)");
    let runs = [project.start(&["apply"]), project.start(&["apply"])];
    let said: Vec<String> = runs
        .into_iter()
        .map(|run| end(run).expect(0).stderr)
        .collect();
    let count = |what: &str| said.iter().filter(|it| it.contains(what)).count();
    assert_eq!(count("applied 1 migration"), 1, "{said:?}");
    assert_eq!(count("nothing to do"), 1, "{said:?}");
    assert_eq!(count("another run migrates this database"), 1, "{said:?}");
    assert_eq!(project.value("SELECT count(*) FROM log"), "1");
}

#[test]
fn who_holds_the_lock_is_said() {
    testkit::needs!(postgres);
    let project = Project::new("held", &[INIT]);
    let mut holder = project.db.connect();
    let held = format!("SET application_name = 'somebody'; SELECT pg_advisory_lock({KEY})");
    holder.batch_execute(&held).expect("the lock");
    let started = Instant::now();
    let refused = project.said(&["apply", "--lock-wait", "0"], 2);
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(
        refused.contains("another run migrates this database: process "),
        "{refused}"
    );
    assert!(
        refused.contains("`somebody`") && refused.contains("--lock-wait"),
        "{refused}"
    );
    let waiting = project.start(&["apply"]);
    sleep(Duration::from_secs(1));
    holder
        .batch_execute(&format!("SELECT pg_advisory_unlock({KEY})"))
        .expect("unlocked");
    let done = end(waiting).expect(0);
    assert!(done.stderr.contains("waiting for it: process "), "{done}");
    assert_eq!(project.state("20260101000000_init"), "applied");
}

#[test]
fn a_table_that_is_locked_is_asked_for_again() {
    testkit::needs!(postgres);
    let outside = format!("{OUTSIDE}CREATE TABLE IF NOT EXISTS b AS SELECT FROM gate;\n");
    let project = Project::with(
        "again",
        "lock_timeout = \"100ms\"",
        &[
            (
                "20260101000000_gate/1_expand.sql",
                "CREATE TABLE a AS SELECT FROM gate;\n",
            ),
            ("20260101000000_gate/2_concurrent.sql", &outside),
        ],
    );
    let mut holder = project.hold_gate();
    let run = project.start(&["apply"]);
    sleep(Duration::from_secs(1));
    holder.batch_execute("ROLLBACK").expect("the gate is open");
    let done = end(run).expect(0);
    assert!(
        done.stderr
            .contains("canceling statement due to lock timeout; once more in"),
        "{done}"
    );
}

#[test]
fn a_lock_that_is_never_given_up_ends_the_run_with_advice() {
    testkit::needs!(postgres);
    let project = Project::with(
        "never",
        "lock_timeout = \"50ms\"",
        &[(
            "20260101000000_gate/1_expand.sql",
            "CREATE TABLE first ();\nCREATE TABLE a AS SELECT FROM gate;\n",
        )],
    );
    let mut holder = project.hold_gate();
    let said = project.said(&["apply"], 2);
    assert!(
        said.contains("error[M028]: statement 2 of 2 of 20260101000000_gate/1_expand.sql"),
        "{said}"
    );
    assert!(said.contains("raise `lock_timeout`"), "{said}");
    assert_eq!(project.value("SELECT to_regclass('first')"), "");
    assert_eq!(project.state("20260101000000_gate"), "failed");
    holder.batch_execute("ROLLBACK").expect("the gate is open");
    project.run(&["apply"]).expect(0);
}

#[test]
fn who_holds_a_table_is_said_while_a_statement_waits() {
    testkit::needs!(postgres);
    let text = "SET LOCAL lock_timeout = 0;\nCREATE TABLE a AS SELECT FROM gate;\n";
    let project = Project::new("blocked", &[("20260101000000_gate/1_expand.sql", text)]);
    let mut holder = project.hold_gate();
    let run = project.start(&["apply"]);
    sleep(Duration::from_secs(3));
    holder.batch_execute("ROLLBACK").expect("the gate is open");
    let done = end(run).expect(0);
    assert!(
        done.stderr
            .contains("waits for a lock that another session holds: process "),
        "{done}"
    );
}

#[test]
fn an_index_that_waits_for_old_transactions_is_built_when_they_end() {
    testkit::needs!(postgres);
    let text =
        format!("{OUTSIDE}CREATE INDEX CONCURRENTLY IF NOT EXISTS notes_id_idx ON notes (id);\n");
    let project = Project::with(
        "patient",
        "lock_timeout = \"100ms\"",
        &[("20260101000000_index/1_concurrent.sql", &text)],
    );
    project.db.execute("CREATE TABLE notes (id text)");
    let mut writer = project.db.connect();
    writer
        .batch_execute("BEGIN; INSERT INTO notes VALUES ('a')")
        .expect("a row");
    let run = project.start(&["apply"]);
    sleep(Duration::from_millis(2_500));
    writer.batch_execute("COMMIT").expect("an end");
    let done = end(run).expect(0);
    assert!(done.stderr.contains("once more in"), "{done}");
    assert!(done.stderr.contains("was left half-built"), "{done}");
    assert_eq!(
        project
            .value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'notes_id_idx'::regclass"),
        "true"
    );
}
