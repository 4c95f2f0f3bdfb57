//! Why there is no connection.

use std::net::TcpListener;

use syncline_codegen::live::{ConnectError, Refusal, block_on, connect};
use testkit::postgres::{TestDb, database};

#[track_caller]
fn refused(url: &str) -> ConnectError {
    let outcome = block_on(connect(url)).expect("a runtime");
    let Err(error) = outcome else {
        panic!("{url} connects");
    };
    let text = format!("{error}\n{error:?}");
    assert!(!text.contains("s3cret"), "the password shows: {text}");
    error
}

/// `user:password@host:port` of the tests' server, and the database.
fn parts(db: &TestDb) -> (String, String) {
    let rest = db.url().split_once("://").expect("a URL").1;
    let (authority, database) = rest.split_once('/').expect("a database");
    (authority.to_owned(), database.to_owned())
}

#[test]
fn each_class_of_refusal_says_what_to_do() {
    testkit::needs!(postgres);
    let db = database("refused");
    let (authority, database) = parts(&db);
    let host = authority.rsplit('@').next().expect("a host");
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = closed.local_addr().expect("a port").port();
    drop(closed);
    // A listener that never answers.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let silent_port = silent.local_addr().expect("a port").port();
    let cases = [
        (
            format!("postgres://u:s3cret@127.0.0.1:{port}/d"),
            Refusal::Refused,
            "start PostgreSQL",
        ),
        (
            format!("postgres://{authority}/no_such_database"),
            Refusal::NoDatabase,
            "CREATE DATABASE",
        ),
        (
            "postgres://u:s3cret@no-such-host.invalid/d".to_owned(),
            Refusal::HostUnknown,
            "typing error",
        ),
        (
            format!("postgres://u:s3cret@127.0.0.1:{silent_port}/d?connect_timeout=1"),
            Refusal::Timeout,
            "firewall",
        ),
        (
            format!("postgres://{authority}/{database}?sslmode=require"),
            Refusal::NoTls,
            "sslmode=disable",
        ),
        (
            "postgres://u:s3cret@/d?host=/no/such/folder".to_owned(),
            Refusal::Refused,
            "socket",
        ),
        (
            "postgres://u:s3cret@host/d?sslmode=always".to_owned(),
            Refusal::Url,
            "sslmode",
        ),
        (
            "postgres://u:s3cret/@host/d".to_owned(),
            Refusal::Url,
            "%2F",
        ),
        (
            "mysql://u:s3cret@host/d".to_owned(),
            Refusal::Url,
            "postgres://",
        ),
        (
            "postgres://u:s3cret@host/d?no_such_option=1".to_owned(),
            Refusal::Url,
            "no_such_option",
        ),
        (
            format!("postgres://u:s3cret@{host}/d?sslmode=verify-full&sslrootcert=/no/such/file"),
            Refusal::Certificate,
            "/no/such/file",
        ),
    ];
    for (url, refusal, help) in cases {
        let error = refused(&url);
        assert_eq!(error.refusal, refusal, "{url}: {error}");
        assert!(error.to_string().contains(help), "{url}: {error}");
    }
}

#[test]
fn a_wrong_password_is_refused_without_showing_it() {
    testkit::needs!(postgres);
    let db = database("password");
    let (authority, database) = parts(&db);
    let host = authority.rsplit('@').next().expect("a host");
    let role = format!("{}_p", db.name());
    db.execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'right%/@'"));
    let url = |password: &str| format!("postgres://{role}:{password}@{host}/{database}");
    let wrong = block_on(connect(&url("s3cret"))).expect("a runtime");
    let right = block_on(connect(&url("right%25%2F%40"))).expect("a runtime");
    let none = block_on(connect(&url(""))).expect("a runtime");
    db.execute(&format!("DROP ROLE {role}"));
    right.unwrap_or_else(|error| panic!("{error}"));
    // A server that trusts everyone asks for no password.
    if let Err(error) = wrong {
        assert_eq!(error.refusal, Refusal::Password);
        assert!(!format!("{error:?}").contains("s3cret"));
        assert!(error.to_string().contains("PASSWORD"), "{error}");
        assert_eq!(none.err().map(|it| it.refusal), Some(Refusal::Password));
    }
}
