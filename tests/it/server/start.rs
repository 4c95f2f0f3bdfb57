//! What the server looks at before it starts, and how it ends.

use std::io::Write;
use std::time::Duration;

use serde_json::json;
use testkit::device::{UPLOAD, put, transaction};
use testkit::http::{answer, request};
use testkit::postgres::{TestDb, database, database_with};

use super::stand::{Stand, command, next, refusal, results, set_up, url_of};
use crate::postgres::Output;

/// What a server says that is not let start; it must not.
#[track_caller]
fn refused(db: &TestDb, settings: &[(&str, &str)], role: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = command(db, &folder, settings);
    command
        .env("DATABASE_URL", url_of(db, role))
        .env("SYNCLINE_START_ANYWAY", "false");
    let why = refusal(command);
    assert_eq!(why.code, Some(1), "{}", why.log);
    assert!(
        why.log.contains("not started; SYNCLINE_START_ANYWAY=true"),
        "{}",
        why.log
    );
    why.log
}

#[test]
fn it_does_not_start_where_promises_would_not_hold() {
    testkit::needs!(postgres);
    let db = database_with("contract", set_up());
    let app = "contract_app";
    // The tests' own server is fast, and says so.
    let sound = refused(&db, &[], app);
    let findings = |log: &str| -> Vec<String> {
        let lines = log.lines().filter_map(|line| line.strip_prefix("error: "));
        lines.map(str::to_owned).collect()
    };
    let normal = findings(&sound);
    let fast = |line: &String| {
        line.contains("fsync")
            || line.contains("synchronous_commit")
            || line.contains("full_page_writes")
    };
    let others: Vec<_> = normal.iter().filter(|line| !fast(line)).collect();
    assert_eq!(others.len(), 1, "only that it did not start: {sound}");

    let said = refused(&db, &[], "postgres");
    assert!(said.contains("postgres is a superuser"), "{said}");
    assert!(said.contains("sign in as contract_app"), "{said}");
    let cases = [
        (
            "ALTER TABLE letters RENAME TO elsewhere",
            "there is no table public.letters",
            "ALTER TABLE elsewhere RENAME TO letters",
        ),
        (
            "ALTER TABLE letters RENAME title TO heading",
            "table public.letters has no column title",
            "ALTER TABLE letters RENAME heading TO title",
        ),
        (
            "REVOKE DELETE ON letters FROM contract_app",
            "the role may not write table public.letters",
            "GRANT DELETE ON letters TO contract_app",
        ),
        (
            "ALTER TABLE letters OWNER TO contract_app",
            "contract_app owns the tables",
            "ALTER TABLE letters OWNER TO postgres; GRANT ALL ON letters TO contract_app",
        ),
        (
            "ALTER SCHEMA syncline RENAME TO elsewhere",
            "the bookkeeping of schema syncline is at version 0",
            "ALTER SCHEMA elsewhere RENAME TO syncline",
        ),
        (
            "UPDATE syncline.bookkeeping SET version = 0",
            "schema syncline is at version 0",
            "UPDATE syncline.bookkeeping SET version = 99",
        ),
        (
            "INSERT INTO syncline.schema_versions VALUES ('00', '[]')",
            "no migration has brought the schema to version",
            "DELETE FROM syncline.schema_versions",
        ),
        (
            "CREATE POLICY open ON vaults USING (true) WITH CHECK (true)",
            "row security of public.vaults let the server write as another user",
            "DROP POLICY open ON vaults",
        ),
    ];
    for (damage, words, mend) in cases {
        db.execute(damage);
        let said = refused(&db, &[], app);
        db.execute(mend);
        assert!(said.contains(words), "{damage}\n{said}");
        assert!(said.contains("fix: "), "{said}");
        assert_eq!(findings(&said).len(), normal.len() + 1, "{damage}\n{said}");
    }
    assert_eq!(findings(&refused(&db, &[], app)), normal, "all is mended");
    let nothing: i64 = db
        .connect()
        .query_one("SELECT count(*) FROM vaults", &[])
        .expect("a row")
        .get(0);
    assert_eq!(nothing, 0, "the self-test leaves nothing");

    // All of it at once, and on an empty database.
    let said = refused(&database("empty"), &[], app);
    assert!(said.matches("there is no table").count() > 10, "{said}");
    assert!(said.contains("contract-server bookkeeping"), "{said}");
}

#[test]
fn bookkeeping_makes_what_is_missing_once_and_again() {
    testkit::needs!(postgres);
    let output = Output::of(super::stand::source(), &["postgres"]);
    let db = database("bookkeeping");
    db.execute(output.text("postgres/schema.sql"));
    let folder = tempfile::tempdir().expect("a folder");
    for _ in 0..2 {
        let mut bookkeeping = command(&db, &folder, &[]);
        bookkeeping.env("DATABASE_URL", db.url()).arg("bookkeeping");
        let said = bookkeeping.output().expect("the binary");
        assert!(said.status.success(), "{said:?}");
        db.execute("INSERT INTO syncline.clients (user_id, client_id) VALUES ('a', 'b') ON CONFLICT DO NOTHING");
    }
    let kept: i64 = db
        .connect()
        .query_one("SELECT count(*) FROM syncline.clients", &[])
        .expect("a row")
        .get(0);
    assert_eq!(kept, 1);
    // A role that may not make schemas is told so, and nobody else is.
    let mut bookkeeping = command(&database("bookkeeping"), &folder, &[]);
    let said = bookkeeping.arg("bookkeeping").output().expect("the binary");
    assert_eq!(said.status.code(), Some(1), "{said:?}");
}

#[test]
fn the_configuration_is_checked_as_a_whole() {
    testkit::needs!(postgres);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("server.toml");
    let run = |text: &str, settings: &[(&str, &str)]| {
        std::fs::write(&file, text).expect("a file");
        let mut command = std::process::Command::new(super::stand::binary());
        command.args(["--check-config", "--config"]).arg(&file);
        for name in ["DATABASE_URL", "SYNCLINE_LISTEN"] {
            command.env_remove(name);
        }
        command.envs(settings.iter().copied());
        let said = command.output().expect("the binary");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (said.status.code(), text(said.stdout), text(said.stderr))
    };
    let good = "database_url = \"postgres://u:hunter2@127.0.0.1:1/x\"\nauth_jwks_file = \"k.json\"\nauth_audience = \"a\"\n";
    let (code, out, _) = run(good, &[]);
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "the configuration is complete\n")
    );
    let bad = "database_url = \"\"\nnothing = 1\nmax_body = \"16 apples\"\nlisten = \"hunter2\"\n";
    let (code, _, errors) = run(bad, &[]);
    assert_eq!(code, Some(1));
    for words in [
        "nothing: there is no such key",
        "SYNCLINE_MAX_BODY",
        "SYNCLINE_LISTEN",
        "DATABASE_URL: is empty",
    ] {
        assert!(errors.contains(words), "{words}\n{errors}");
    }
    assert!(!errors.contains("hunter2"), "{errors}");
    // The environment wins.
    assert_eq!(
        run(
            &format!("{good}max_body = \"no\""),
            &[("SYNCLINE_MAX_BODY", "1MiB")]
        )
        .0,
        Some(0)
    );
    let (code, _, errors) = run("this is = no TOML = hunter2", &[]);
    assert!(code == Some(1) && !errors.contains("hunter2"), "{errors}");
}

/// SIGTERM: what is under way has its answer, and nobody else gets in.
#[cfg(unix)]
#[test]
fn it_ends_in_good_order() {
    testkit::needs!(postgres);
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.6); RETURN NEW; END $$;
      CREATE TRIGGER slow BEFORE INSERT ON vaults FOR EACH ROW EXECUTE FUNCTION slow()";
    let stand = Stand::prepared(slow, &[("SYNCLINE_SHUTDOWN_DELAY", "0s")]);
    let device = stand.device("ada");
    let body = device.body(&[transaction(
        next(),
        &[put("vaults", "1", json!({"name": "n"}))],
    )]);
    let bearer = format!("Bearer {}", device.token);
    let bytes = request(
        "PUT",
        UPLOAD,
        &[("authorization", &bearer)],
        body.to_string().as_bytes(),
    );
    let mut connection = device.http.open().expect("a connection");
    connection.write_all(&bytes).expect("a request");
    std::thread::sleep(Duration::from_millis(200));
    stand.server.ask_to_end();
    stand.server.says("waiting for what is under way");
    assert!(device.http.open().is_err(), "nobody listens any more");
    let answer = answer(&mut connection)
        .expect("an answer")
        .expect("an answer");
    assert_eq!(results(answer), [json!({"status": "applied"})]);
    let (status, log) = stand.server.terminate();
    assert!(status.is_some_and(|it| it.success()), "{log}");
    let mut client = stand.db.connect();
    assert_eq!(
        client
            .query("SELECT 1 FROM vaults", &[])
            .expect("rows")
            .len(),
        1
    );
}
