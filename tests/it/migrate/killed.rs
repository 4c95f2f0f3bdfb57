//! Runs that end in the middle: killed, disconnected, out of time. Nothing is half recorded, and the
//! next run ends the work or says what it wants to know.

use super::project::{OUTSIDE, Project, end, kill};

/// Four phases; each passes a gate of its own and leaves a row in `log`.
fn phases() -> Vec<(String, String)> {
    let init = "CREATE TABLE log (phase text);\nCREATE TABLE notes (id text);\n";
    let mut files = vec![("20260101000000_init/1_init.sql".to_owned(), init.to_owned())];
    let names = ["1_expand", "2_concurrent", "3_validate", "4_contract"];
    for name in names {
        let outside = name == "2_concurrent";
        let (head, set) = if outside {
            (OUTSIDE, "SET")
        } else {
            ("", "SET LOCAL")
        };
        // What runs outside a transaction may run twice.
        let work = if outside {
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS notes_idx ON notes (id);\nCREATE TABLE IF NOT EXISTS concurrent ();\n".to_owned()
        } else {
            format!("INSERT INTO log VALUES ('{name}');\n")
        };
        let gate = format!("CREATE TABLE IF NOT EXISTS past_{name} AS SELECT FROM gate_{name};\n");
        let text = format!("{head}{set} lock_timeout = 0;\n{work}{gate}");
        files.push((format!("20260102000000_work/{name}.sql"), text));
    }
    files
}

#[test]
fn killed_in_each_phase() {
    testkit::needs!(postgres);
    for phase in ["1_expand", "2_concurrent", "3_validate", "4_contract"] {
        let files = phases();
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let project = Project::new("killed", &files);
        for gate in ["1_expand", "2_concurrent", "3_validate", "4_contract"] {
            project.db.execute(&format!("CREATE TABLE gate_{gate} ()"));
        }
        let mut holder = project.db.connect();
        holder
            .batch_execute(&format!(
                "BEGIN; LOCK TABLE gate_{phase} IN ACCESS EXCLUSIVE MODE"
            ))
            .expect("the gate");
        let run = project.start(&["apply"]);
        project.wait_at_gate();
        kill(run);
        // The server ends the session by itself, while the lock is still held by another.
        project.wait_for_silence();
        assert_eq!(project.state("20260101000000_init"), "applied");
        assert_eq!(project.state("20260102000000_work"), "running");
        let recorded = project.value(&format!(
            "SELECT count(*) FROM log WHERE phase >= '{phase}'"
        ));
        assert_eq!(recorded, "0", "{phase}: nothing of a transaction stays");
        let status = project.run(&["status"]).expect(1);
        let (shown, at) = (
            "20260102000000_work  interrupted",
            format!("of {phase}.sql"),
        );
        assert!(
            status.stdout.contains(shown) && status.stdout.contains(&at),
            "{status}"
        );
        holder.batch_execute("ROLLBACK").expect("the gate is open");
        let resumed = project.run(&["apply"]).expect(0);
        assert!(
            resumed
                .stderr
                .contains("goes on where an earlier run stopped"),
            "{resumed}"
        );
        assert_eq!(
            project.value("SELECT string_agg(phase, ' ' ORDER BY phase) FROM log"),
            "1_expand 3_validate 4_contract",
            "{phase}: each ran once"
        );
        project.run(&["verify"]).expect(0);
    }
}

#[test]
fn an_index_left_half_built_is_built_again() {
    testkit::needs!(postgres);
    let text = format!(
        "{OUTSIDE}SET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY IF NOT EXISTS notes_title_idx ON notes (title);\n"
    );
    let project = Project::new(
        "half built",
        &[("20260101000000_index/1_concurrent.sql", &text)],
    );
    project.db.execute("CREATE TABLE notes (title text)");
    // A transaction that has written: the second scan of the index waits for its end.
    let mut writer = project.db.connect();
    writer
        .batch_execute("BEGIN; INSERT INTO notes VALUES ('a')")
        .expect("a row");
    let run = project.start(&["apply"]);
    project.wait(
        "the index, invalid",
        "EXISTS (SELECT FROM pg_index WHERE NOT indisvalid)",
    );
    project.wait_at_gate();
    kill(run);
    project.wait_for_silence();
    writer.batch_execute("COMMIT").expect("an end");
    assert_eq!(
        project.value(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'notes_title_idx'::regclass"
        ),
        "false"
    );
    let resumed = project.run(&["apply"]).expect(0);
    assert!(
        resumed
            .stderr
            .contains("notes_title_idx was left half-built"),
        "{resumed}"
    );
    assert_eq!(
        project.value(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'notes_title_idx'::regclass"
        ),
        "true"
    );
}

/// A statement by hand outside a transaction, at which the run was killed.
fn in_doubt(name: &str) -> Project {
    let text = format!(
        "{OUTSIDE}SET lock_timeout = 0;\nINSERT INTO log VALUES ('one');\nINSERT INTO log SELECT 'two' FROM (SELECT count(*) FROM gate) AS it;\nINSERT INTO log VALUES ('three');\n"
    );
    let project = Project::new(name, &[("20260101000000_fix/1_fix.sql", &text)]);
    project.db.execute("CREATE TABLE log (it text)");
    let holder = project.hold_gate();
    let run = project.start(&["apply"]);
    project.wait_at_gate();
    kill(run);
    project.wait_for_silence();
    drop(holder);
    project
}

const LOG: &str = "SELECT string_agg(it, ' ') FROM log";

#[test]
fn a_statement_in_doubt_asks_before_it_runs_again() {
    testkit::needs!(postgres);
    let project = in_doubt("retry");
    let refused = project.said(&["apply"], 1);
    insta::assert_snapshot!(refused);
    assert_eq!(project.value(LOG), "one");
    insta::assert_snapshot!(project.said(&["repair", "fix", "--retry"], 0));
    project.run(&["apply"]).expect(0);
    assert_eq!(project.value(LOG), "one two three");
}

#[test]
fn a_statement_in_doubt_can_be_skipped_forgotten_or_taken_as_applied() {
    testkit::needs!(postgres);
    let project = in_doubt("skip");
    project.run(&["repair", "fix", "--skip"]).expect(0);
    project.run(&["apply"]).expect(0);
    assert_eq!(project.value(LOG), "one three");

    let project = in_doubt("taken");
    project.run(&["repair", "fix", "--applied"]).expect(0);
    project.run(&["apply"]).expect(0);
    assert_eq!(project.value(LOG), "one");
    project.run(&["verify"]).expect(0);

    let project = in_doubt("forget");
    project.run(&["repair", "fix", "--forget"]).expect(0);
    project.run(&["apply"]).expect(0);
    assert_eq!(project.value(LOG), "one one two three");
    assert!(
        project
            .said(&["repair", "nothing", "--retry"], 2)
            .contains("no record of `nothing`")
    );
}

#[test]
fn a_connection_that_is_cut_is_said_and_the_next_run_goes_on() {
    testkit::needs!(postgres);
    let text =
        "CREATE TABLE a ();\nSET LOCAL lock_timeout = 0;\nCREATE TABLE b AS SELECT FROM gate;\n";
    let project = Project::new("cut", &[("20260101000000_cut/1_expand.sql", text)]);
    let mut holder = project.hold_gate();
    let run = project.start(&["apply"]);
    project.wait_at_gate();
    project.db.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'syncline migrate' AND datname = current_database()",
    );
    let cut = end(run).expect(2);
    assert!(
        cut.stderr.contains("the connection to PostgreSQL broke"),
        "{cut}"
    );
    assert!(cut.stderr.contains("syncline migrate status"), "{cut}");
    assert_eq!(project.value("SELECT to_regclass('a')"), "");
    holder.batch_execute("ROLLBACK").expect("the gate is open");
    project.run(&["apply"]).expect(0);
    assert_eq!(project.value("SELECT to_regclass('b')"), "b");
}

#[test]
fn a_statement_that_takes_too_long_fails_and_says_what_to_do() {
    testkit::needs!(postgres);
    let project = Project::with(
        "slow",
        "statement_timeout = \"200ms\"",
        &[(
            "20260101000000_slow/1_expand.sql",
            "CREATE TABLE a ();\nSELECT pg_sleep(20);\n",
        )],
    );
    let said = project.said(&["apply"], 2);
    insta::assert_snapshot!(said);
    assert_eq!(project.state("20260101000000_slow"), "failed");
    assert_eq!(project.value("SELECT to_regclass('a')"), "");
    // It never ran, so it may be mended.
    project.write(&[("20260101000000_slow/1_expand.sql", "CREATE TABLE a ();\n")]);
    project.run(&["apply"]).expect(0);
    assert_eq!(project.state("20260101000000_slow"), "applied");
}

#[test]
fn a_statement_that_fails_leaves_a_failed_state_and_its_place() {
    testkit::needs!(postgres);
    let outside = format!("{OUTSIDE}CREATE TABLE IF NOT EXISTS b ();\nSELECT nothing FROM a;\n");
    let project = Project::new(
        "fails",
        &[
            ("20260101000000_fails/1_expand.sql", "CREATE TABLE a ();\n"),
            ("20260101000000_fails/2_concurrent.sql", &outside),
        ],
    );
    insta::assert_snapshot!(project.said(&["apply"], 1));
    let status = project.run(&["status"]).expect(1);
    assert!(
        status
            .stdout
            .contains("failed       at statement 2 of 2_concurrent.sql"),
        "{status}"
    );
    project.write(&[(
        "20260101000000_fails/2_concurrent.sql",
        &outside.replace("nothing", "1"),
    )]);
    // Its first statement has run from another text, so somebody has to look.
    let asked = project.said(&["apply"], 1);
    assert!(
        asked.contains("the file was edited after a part of it had run"),
        "{asked}"
    );
    project.run(&["repair", "fails", "--retry"]).expect(0);
    project.run(&["apply"]).expect(0);
}
