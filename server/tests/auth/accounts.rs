//! Issuer mode alone: sign-up, sign-in, tokens, and who must not get any.

use std::thread;

use serde_json::{Value, json};
use testkit::http::Answer;
use testkit::postgres::TestDb;

use super::stand::{BASE, PASSWORD, SECRET, Stand, cookie, database, session_cookie, verb};

const ISSUE: [(&str, &str); 2] = [
    ("SYNCLINE_AUTH_ISSUE", "true"),
    ("SYNCLINE_AUTH_SECRET", SECRET),
];

/// A database with the tables, and a server on it.
pub(crate) fn issuer(more: &[(&str, &str)]) -> (TestDb, Stand) {
    let db = database();
    verb(&db, "auth-tables", &ISSUE);
    let settings: Vec<_> = ISSUE.iter().chain(more).copied().collect();
    let stand = Stand::start(&db, &settings);
    (db, stand)
}

fn code(answer: &Answer) -> (u16, String) {
    let code = answer.json()["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (answer.status, code)
}

fn get(stand: &Stand, path: &str, cookie: &str) -> Value {
    stand
        .send("GET", path, &[("cookie", cookie)], json!(null))
        .json()
}

#[test]
fn a_user_signs_up_gets_tokens_and_signs_out() {
    testkit::needs!(postgres);
    let (db, mut stand) = issuer(&[]);
    let signed_up = stand.sign("up", "Ann@Example.com", PASSWORD).expect(200);
    let body = signed_up.json();
    assert_eq!(body["user"]["email"], "ann@example.com");
    let session = session_cookie(&signed_up);
    stand.hide(session.split_once('=').expect("a value").1);
    let all = signed_up.to_string();
    assert!(
        all.contains("Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"),
        "{all}"
    );
    let token = get(&stand, "/api/auth/token", &session)["token"]
        .as_str()
        .expect("a token")
        .to_owned();
    stand.hide(&token);
    stand.taken(&token);
    stand.taken(body["token"].as_str().expect("a token"));
    let jwks = stand
        .send("GET", "/api/auth/jwks", &[], json!(null))
        .expect(200)
        .json();
    let names: Vec<_> = jwks["keys"][0].as_object().expect("a key").keys().collect();
    assert_eq!(names, ["alg", "kty", "n", "e", "kid"]);
    // At rest nothing is in the clear.
    let row = db
        .connect()
        .query_one(
            "SELECT \"privateKey\", (SELECT password FROM account) FROM jwks",
            &[],
        )
        .expect("a row");
    let (key, hash): (String, String) = (row.get(0), row.get(1));
    assert!(!key.contains("kty") && !hash.contains(PASSWORD));
    // Again, by the same email in other letters: refused.
    assert_eq!(
        code(&stand.sign("up", "ANN@example.com", PASSWORD)),
        (422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL".into())
    );
    // Signed out: the cookie is worth nothing, wherever it was kept.
    let page = [("cookie", session.as_str()), ("origin", BASE)];
    let out = stand
        .send("POST", "/api/auth/sign-out", &page, json!({}))
        .expect(200);
    assert_eq!(out.json(), json!({ "success": true }));
    assert_eq!(
        cookie(&out, "better-auth.session_token="),
        "better-auth.session_token="
    );
    assert_eq!(get(&stand, "/api/auth/get-session", &session), json!(null));
    let answer = stand.send("GET", "/api/auth/token", &page, json!(null));
    assert_eq!(code(&answer), (401, "UNAUTHORIZED".into()));
    stand.taken(&token);
}

#[test]
fn bad_bodies_have_their_codes() {
    testkit::needs!(postgres);
    let (_db, stand) = issuer(&[]);
    stand.sign("up", "ann@example.com", PASSWORD).expect(200);
    let long = "x".repeat(129);
    for (way, email, password, status, named) in [
        ("up", "no email", PASSWORD, 400, "INVALID_EMAIL"),
        ("up", "bob@example.com", "short", 400, "PASSWORD_TOO_SHORT"),
        ("up", "bob@example.com", &long, 400, "PASSWORD_TOO_LONG"),
        ("in", "no email", PASSWORD, 400, "INVALID_EMAIL"),
        ("in", "ann@example.com", &long, 400, "PASSWORD_TOO_LONG"),
        (
            "in",
            "ann@example.com",
            "wrong password",
            401,
            "INVALID_EMAIL_OR_PASSWORD",
        ),
        (
            "in",
            "bob@example.com",
            PASSWORD,
            401,
            "INVALID_EMAIL_OR_PASSWORD",
        ),
        (
            "in",
            "ann@example.com",
            "",
            401,
            "INVALID_EMAIL_OR_PASSWORD",
        ),
    ] {
        assert_eq!(
            code(&stand.sign(way, email, password)),
            (status, named.to_owned())
        );
    }
    for body in [
        json!([]),
        json!({}),
        json!({ "email": 1, "password": 2 }),
        json!("x"),
    ] {
        let answer = stand.send("POST", "/api/auth/sign-in/email", &[], body);
        assert_eq!(code(&answer), (400, "VALIDATION_ERROR".into()));
    }
    let huge = json!({ "email": "a".repeat(20_000), "password": "x" });
    let answer = stand.send("POST", "/api/auth/sign-in/email", &[], huge);
    assert_eq!(answer.status, 400);
    stand
        .send("GET", "/api/auth/sign-in/email", &[], json!(null))
        .expect(405);
    stand
        .send("GET", "/api/auth/other", &[], json!(null))
        .expect(404);
}

#[test]
fn pages_of_others_cannot_sign_anybody_in_or_out() {
    testkit::needs!(postgres);
    let (_db, stand) = issuer(&[]);
    let session = session_cookie(&stand.sign("up", "ann@example.com", PASSWORD).expect(200));
    let session = session.as_str();
    let body = json!({ "email": "ann@example.com", "password": PASSWORD });
    let evil = ("origin", "https://evil.example");
    for (path, headers) in [
        ("/api/auth/sign-in/email", &[evil][..]),
        ("/api/auth/sign-in/email", &[("origin", "null")]),
        (
            "/api/auth/sign-in/email",
            &[("sec-fetch-site", "cross-site")],
        ),
        ("/api/auth/sign-in/email", &[("cookie", session)]),
        ("/api/auth/sign-up/email", &[evil]),
        ("/api/auth/sign-out", &[("cookie", session), evil]),
        ("/api/auth/sign-out", &[("cookie", session)]),
        (
            "/api/auth/sign-out",
            &[("cookie", session), ("origin", BASE), evil],
        ),
    ] {
        let answer = stand.send("POST", path, headers, body.clone());
        assert_eq!(
            code(&answer),
            (403, "INVALID_ORIGIN".into()),
            "{path} {headers:?}"
        );
    }
    // A form is sent without asking, and is none of ours.
    for media in [
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data",
    ] {
        let headers = [("content-type", media), ("origin", BASE)];
        let answer = stand.http().send(
            "POST",
            "/api/auth/sign-in/email",
            &headers,
            body.to_string().as_bytes(),
        );
        assert_eq!(answer.expect("an answer").status, 415);
    }
    assert_ne!(get(&stand, "/api/auth/get-session", session), json!(null));
}

#[test]
fn a_planted_session_does_not_become_the_users() {
    testkit::needs!(postgres);
    let (db, stand) = issuer(&[]);
    let attacker = stand.sign("up", "eve@example.com", PASSWORD).expect(200);
    stand.sign("up", "ann@example.com", PASSWORD).expect(200);
    let planted = session_cookie(&attacker);
    let body = json!({ "email": "ann@example.com", "password": PASSWORD });
    let headers = [("cookie", planted.as_str()), ("origin", BASE)];
    let signed_in = stand
        .send("POST", "/api/auth/sign-in/email", &headers, body)
        .expect(200);
    let own = session_cookie(&signed_in);
    assert_ne!(own, planted);
    let email =
        |cookie: &str| get(&stand, "/api/auth/get-session", cookie)["user"]["email"].clone();
    assert_eq!(email(&own), "ann@example.com");
    assert_eq!(email(&planted), "eve@example.com");
    // A token of one's own choice is no session.
    let chosen = "better-auth.session_token=chosen";
    assert_eq!(get(&stand, "/api/auth/get-session", chosen), json!(null));
    let count: i64 = db
        .connect()
        .query_one("SELECT count(*) FROM session", &[])
        .expect("a row")
        .get(0);
    assert_eq!(count, 3);
}

#[test]
fn a_short_session_ends_with_the_browser_and_a_long_one_is_prolonged() {
    testkit::needs!(postgres);
    let (db, stand) = issuer(&[]);
    let body = json!({ "name": "Ann", "email": "ann@example.com", "password": PASSWORD, "rememberMe": false });
    let short = stand
        .send("POST", "/api/auth/sign-up/email", &[], body)
        .expect(200);
    let own = short
        .headers
        .iter()
        .find(|(_, value)| value.starts_with("better-auth.session_token"));
    assert!(!own.expect("a cookie").1.contains("Max-Age"));
    let both = format!(
        "{}; {}",
        session_cookie(&short),
        cookie(&short, "better-auth.dont_remember=")
    );
    let ends =
        |cookie: &str| get(&stand, "/api/auth/get-session", cookie)["session"]["expiresAt"].clone();
    assert_eq!(ends(&both), ends(&both));
    let long = session_cookie(&stand.sign("in", "ann@example.com", PASSWORD).expect(200));
    assert_eq!(ends(&long), ends(&long));
    db.execute("UPDATE session SET \"expiresAt\" = now() + interval '2 days'");
    let headers = [("cookie", long.as_str())];
    let answer = stand
        .send("GET", "/api/auth/get-session", &headers, json!(null))
        .expect(200);
    assert_eq!(session_cookie(&answer), long);
    let left: f64 = db
        .connect()
        .query_one(
            "SELECT extract(epoch FROM max(\"expiresAt\") - now())::float8 FROM session",
            &[],
        )
        .expect("a row")
        .get(0);
    assert!((604_700.0..=604_800.0).contains(&left), "{left}");
}

#[test]
fn two_servers_make_one_key_and_a_rotated_one_still_verifies() {
    testkit::needs!(postgres);
    let db = database();
    verb(&db, "auth-tables", &ISSUE);
    let fast = [
        ("SYNCLINE_AUTH_REFRESH", "500ms"),
        ("SYNCLINE_AUTH_COOL_DOWN", "100ms"),
    ];
    let settings: Vec<_> = ISSUE.iter().chain(&fast).copied().collect();
    let stands: Vec<Stand> = thread::scope(|scope| {
        let starts: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| Stand::start(&db, &settings)))
            .collect();
        starts
            .into_iter()
            .map(|it| it.join().expect("it starts"))
            .collect()
    });
    let count = || -> i64 {
        db.connect()
            .query_one("SELECT count(*) FROM jwks", &[])
            .expect("a row")
            .get(0)
    };
    assert_eq!(count(), 1);
    let session = session_cookie(
        &stands[0]
            .sign("up", "ann@example.com", PASSWORD)
            .expect(200),
    );
    let token = |stand: &Stand| {
        get(stand, "/api/auth/token", &session)["token"]
            .as_str()
            .expect("a token")
            .to_owned()
    };
    let old = token(&stands[0]);
    stands.iter().for_each(|stand| stand.taken(&old));
    verb(&db, "rotate-key", &settings);
    assert_eq!(count(), 2);
    thread::sleep(std::time::Duration::from_millis(700));
    let new = token(&stands[1]);
    let header = |token: &str| token.split('.').next().unwrap_or_default().to_owned();
    assert_ne!(header(&old), header(&new));
    for stand in &stands {
        stand.taken(&old);
        stand.taken(&new);
    }
    // After the grace the old key is gone.
    db.execute("UPDATE jwks SET \"expiresAt\" = now() - interval '31 days' WHERE \"expiresAt\" IS NOT NULL");
    thread::sleep(std::time::Duration::from_millis(1200));
    stands[2].refused("a key of the past", &old);
    stands[2].taken(&new);
}

#[test]
fn what_is_over_is_forgotten() {
    testkit::needs!(postgres);
    let (db, stand) = issuer(&[]);
    stand.sign("up", "ann@example.com", PASSWORD).expect(200);
    let kept = stand.sign("in", "ann@example.com", PASSWORD).expect(200);
    let token = kept.json()["token"].as_str().expect("a token").to_owned();
    drop(stand);
    db.execute(&format!(
        "UPDATE session SET \"expiresAt\" = now() - interval '2 days' WHERE token <> '{token}';
         UPDATE syncline.attempts SET since = now() - interval '1 day'"
    ));
    let _stand = Stand::start(&db, &ISSUE);
    let left = || -> i64 {
        let sql =
            "SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM syncline.attempts)";
        db.connect().query_one(sql, &[]).expect("a row").get(0)
    };
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while left() != 1 {
        assert!(std::time::Instant::now() < end, "{} are left", left());
        thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn a_start_without_tables_or_with_another_secret_says_so() {
    testkit::needs!(postgres);
    let db = database();
    let why = Stand::try_start(&db, &ISSUE).expect_err("no tables");
    assert!(why.log.contains("run the verb auth-tables"), "{}", why.log);
    verb(&db, "auth-tables", &ISSUE);
    // Again: it does no harm.
    verb(&db, "auth-tables", &ISSUE);
    drop(Stand::start(&db, &ISSUE));
    let other = [
        ("SYNCLINE_AUTH_ISSUE", "true"),
        (
            "SYNCLINE_AUTH_SECRET",
            "another-secret-0123456789abcdefghij",
        ),
    ];
    let why = Stand::try_start(&db, &other).expect_err("another secret");
    assert!(
        why.log.contains("encrypted with another secret"),
        "{}",
        why.log
    );
}
