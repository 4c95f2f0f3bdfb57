//! Databases, roles and folders that do not let a run do its work.

use std::fs;

use super::project::Project;

const INIT: (&str, &str) = (
    "20260101000000_init/1_expand.sql",
    "CREATE TABLE notes (id text);\n",
);

#[test]
fn a_database_that_takes_no_writes() {
    testkit::needs!(postgres);
    let project = Project::new("read only", &[INIT]);
    let name = project.db.name();
    project.db.execute(&format!(
        "ALTER DATABASE {name} SET default_transaction_read_only = on"
    ));
    let said = project.said(&["apply"], 2);
    assert!(said.contains("takes no writes from this role"), "{said}");
    let status = project.run(&["status"]).expect(0);
    assert!(status.stdout.contains("1 pending"), "{status}");
    project.run(&["verify"]).expect(0);
}

#[test]
fn a_role_without_the_right_to_make_a_schema() {
    testkit::needs!(postgres);
    let project = Project::new("no right", &[INIT]);
    let role = format!("{}_role", project.db.name());
    project
        .db
        .execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'secret'"));
    let url = as_role(project.db.url(), &role);
    let args = ["migrate", "apply", "--database-url", &url];
    let refused =
        testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, project.dir.path()).expect(2);
    assert!(
        refused
            .stderr
            .contains("may not keep the history of migrations"),
        "{refused}"
    );
    assert!(
        refused.stderr.contains("GRANT CREATE ON DATABASE"),
        "{refused}"
    );
    assert!(!refused.stderr.contains("secret"), "{refused}");
    let status = ["migrate", "status", "--database-url", &url];
    testkit::syncline(env!("CARGO_BIN_EXE_syncline"), status, project.dir.path()).expect(0);
    // With a history that somebody else made, and rights on it, the role may migrate.
    project.run(&["baseline"]).expect(2);
    project.db.execute("CREATE TABLE there ()");
    project.run(&["baseline", "init"]).expect(0);
    project.run(&["repair", "init", "--forget"]).expect(0);
    project.db.execute(&format!(
        "GRANT USAGE ON SCHEMA syncline TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA syncline TO {role}; GRANT ALL ON SCHEMA public TO {role}"
    ));
    let args = ["migrate", "apply", "--database-url", &url];
    testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, project.dir.path()).expect(0);
    project
        .db
        .execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

/// The URL with another user.
fn as_role(url: &str, role: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("a URL");
    let host = rest.split_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{role}:secret@{host}")
}

#[test]
fn a_statement_without_the_right_to_run_is_a_circumstance() {
    testkit::needs!(postgres);
    let project = Project::new(
        "transaction",
        &[("20260101000000_vacuum/1_expand.sql", "VACUUM;\n")],
    );
    let said = project.said(&["apply"], 1);
    assert!(
        said.contains("cannot run inside a transaction block"),
        "{said}"
    );
    assert!(said.contains("syncline:no-transaction"), "{said}");
}

#[test]
fn statements_that_would_break_the_record_are_refused_before_the_run() {
    testkit::needs!(postgres);
    let project = Project::new(
        "commit",
        &[
            INIT,
            (
                "20260102000000_commit/1_expand.sql",
                "BEGIN;\nCREATE TABLE a ();\nCOMMIT;\n\\i other.sql\nCOPY a FROM STDIN;\n\\.\n",
            ),
        ],
    );
    insta::assert_snapshot!(project.said(&["apply"], 1));
    assert_eq!(project.value("SELECT to_regclass('notes')"), "");
}

#[test]
fn no_database_named_or_none_there() {
    let project = tempfile::tempdir().expect("a folder");
    fs::create_dir(project.path().join("migrations")).expect("a folder");
    let run =
        |args: &[&str]| testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, project.path());
    let said = run(&["migrate", "apply", "--dir", "migrations"]).expect(2);
    assert!(
        said.stderr.contains("--database-url or set DATABASE_URL"),
        "{said}"
    );
    let nobody = "postgres://nobody@127.0.0.1:1/none";
    let said = run(&[
        "migrate",
        "status",
        "--dir",
        "migrations",
        "--database-url",
        nobody,
    ])
    .expect(2);
    assert!(said.stderr.contains("nothing listens at"), "{said}");
    let said = run(&["migrate", "status", "--dir", "elsewhere"]).expect(2);
    assert!(
        said.stderr.contains("there is no folder elsewhere"),
        "{said}"
    );
    run(&["migrate", "verify", "--dir", "migrations"]).expect(0);
    run(&["migrate", "repair"]).expect(2);
}

/// A folder that cannot be written: running needs no write, mending does.
#[cfg(unix)]
#[test]
fn a_read_only_folder_is_run_and_not_mended() {
    use std::os::unix::fs::PermissionsExt;

    testkit::needs!(postgres);
    let project = Project::new("frozen", &[INIT]);
    let folder = project.folder();
    let file = folder.join("20260101000000_init/2_more.sql");
    let set =
        |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).expect("rights");
    set(0o555);
    project.run(&["apply"]).expect(0);
    let is_root = fs::write(folder.join("probe"), "").is_ok();
    if is_root {
        // Nothing is read-only to root.
        fs::remove_file(folder.join("probe")).expect("removed");
    } else {
        project.run(&["repair", "--sum"]).expect(0);
        fs::write(&file, "SELECT 1;\n")
            .expect("a file of the migration's folder, which is not frozen");
        let said = project.said(&["repair", "--sum"], 2);
        assert!(said.contains("cannot write"), "{said}");
    }
    set(0o755);
}
