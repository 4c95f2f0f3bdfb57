//! Probes, and a database that comes and goes.

use testkit::Server;
use testkit::postgres::{Client, NoTls, Second};

use super::stand::{ROLE, Stand, command, device, eventually, get, project, set_up};

#[test]
fn readiness_looks_at_the_database_the_migrations_and_the_bookkeeping() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let ready = || stand.get("/readyz");
    stand.get("/healthz").expect(200);
    assert_eq!(ready().expect(200).json()["status"], "ready");
    for (spoil, mend) in [
        (
            "INSERT INTO syncline.schema_versions VALUES ('0000000000000000', '[]')",
            "DELETE FROM syncline.schema_versions",
        ),
        (
            "UPDATE syncline.bookkeeping SET version = 0",
            "UPDATE syncline.bookkeeping SET version = 1000",
        ),
    ] {
        stand.db.execute(spoil);
        eventually("it is not ready", || ready().status == 503);
        let answer = ready().expect(503);
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
        assert!(answer.header("retry-after").is_some(), "{answer}");
        assert_eq!(answer.json()["detail"], "migrations are missing");
        stand.get("/healthz").expect(200);
        stand.db.execute(mend);
        eventually("it is ready", || ready().status == 200);
    }
}

#[test]
fn the_server_can_be_asked_without_a_web_client() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let folder = tempfile::tempdir().expect("a folder");
    let url = stand.db.url().to_owned();
    let ask = |port: u16| {
        let address = format!("0.0.0.0:{port}");
        let settings = [("SYNCLINE_LISTEN", address.as_str())];
        let mut command = command(&url, folder.path(), &settings);
        let output = command
            .arg("healthy")
            .output()
            .expect("the server's binary");
        output.status.code()
    };
    let port = stand.server.address().port();
    assert_eq!(ask(port), Some(0));
    drop(stand.server);
    assert_eq!(ask(port), Some(1));
}

#[test]
fn a_crash_of_postgresql_heals_by_itself() {
    testkit::needs!(postgres);
    let Some(second) = Second::durable("") else {
        return testkit::skip(module_path!(), "no superuser of a server on this machine");
    };
    let owner = second.url("127.0.0.1", "");
    let mut client = Client::connect(&owner, NoTls).expect("a connection");
    client.batch_execute(set_up()).expect("tables and roles");
    let password = format!("ALTER ROLE {ROLE} LOGIN PASSWORD 'pass_of_server'");
    client.batch_execute(&password).expect("a password");
    let url = owner.replace(
        "postgres:pass_of_second@",
        &format!("{ROLE}:pass_of_server@"),
    );
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [("SYNCLINE_START_ANYWAY", "false")];
    let server = Server::start(command(&url, folder.path(), &settings));
    let server = server.unwrap_or_else(|why| panic!("{why:?}"));
    let mut device = device(&server, "ann");
    let mut upload = |id: &str| device.upload(&[project(id, "before")]).expect("an answer");
    upload("p1").expect(200);
    let up = || {
        String::from_utf8_lossy(&get(&server, "/metrics", &[]).body)
            .contains("syncline_database_up 1")
    };
    eventually("the metrics say up", up);

    second.crash();
    eventually("it is not ready", || {
        get(&server, "/readyz", &[]).status == 503
    });
    get(&server, "/healthz", &[]).expect(200);
    let answer = upload("p2").expect(503);
    assert!(answer.header("retry-after").is_some(), "{answer}");
    eventually("the metrics say down", || !up());

    second.go_on("");
    eventually("it is ready", || get(&server, "/readyz", &[]).status == 200);
    upload("p3").expect(200);
    eventually("the metrics say up", up);
    let log = server.log();
    assert!(!log.contains("pass_of_server"), "{log}");
}
