//! Tokens for development: by a file, on this machine, when asked for.

use std::fs;

use serde_json::json;

use super::stand::{BASE, Stand, command, database, verb};

#[test]
fn a_token_of_the_file_is_good_where_the_server_has_the_file_too() {
    testkit::needs!(postgres);
    let (db, folder) = (database(), tempfile::tempdir().expect("a folder"));
    let path = folder.path().join("key.json");
    let key = (
        "SYNCLINE_AUTH_DEVELOPMENT_KEY",
        path.to_str().expect("UTF-8"),
    );
    let token = verb(&db, "dev-token --user alice", &[key]);
    let token = token
        .lines()
        .find(|it| it.matches('.').count() == 2)
        .expect("a token");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let mut stand = Stand::start(&db, &[key]);
    stand.hide(token);
    stand.taken(token);
    stand.says("tokens of the development key are taken");
    let jwks = stand
        .send("GET", "/api/auth/jwks", &[], json!(null))
        .expect(200)
        .json();
    assert_eq!(jwks["keys"][0]["kid"], "development");
    assert_eq!(jwks["keys"][0]["d"], json!(null));
    // The rest of issuer mode is not there.
    stand.sign("in", "a@b.cc", "password").expect(404);
    drop(stand);
    // Another file is another key; and what is not asked for is not taken.
    let other = folder.path().join("other.json");
    let other = (
        "SYNCLINE_AUTH_DEVELOPMENT_KEY",
        other.to_str().expect("UTF-8"),
    );
    Stand::start(&db, &[other]).refused("another file's", token);
    let url = ("SYNCLINE_AUTH_JWKS_URL", "http://127.0.0.1:1/jwks");
    Stand::start(&db, &[url]).upload(token).expect(503);
}

#[test]
fn a_server_for_others_takes_none() {
    testkit::needs!(postgres);
    let (db, folder) = (database(), tempfile::tempdir().expect("a folder"));
    let path = folder.path().join("key.json");
    let settings = [
        (
            "SYNCLINE_AUTH_DEVELOPMENT_KEY",
            path.to_str().expect("UTF-8"),
        ),
        ("SYNCLINE_LISTEN", "0.0.0.0:0"),
    ];
    let why = Stand::try_start(&db, &settings).expect_err("it ends");
    assert_eq!(why.code, Some(1));
    assert!(why.log.contains("is for loopback only"), "{}", why.log);
    let output = command("dev-token --user alice", &settings)
        .env("DATABASE_URL", db.url())
        .output()
        .expect("it runs");
    assert!(!output.status.success());
    assert!(!path.exists());
    let output = command(
        "dev-token --user alice",
        &[("SYNCLINE_AUTH_JWKS_URL", BASE)],
    )
    .env("DATABASE_URL", db.url())
    .output()
    .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("SYNCLINE_AUTH_DEVELOPMENT_KEY is not set"),
        "{said}"
    );
}
