//! The real Better Auth beside the server, and before or after it.

use serde_json::{Value, json};
use testkit::http::{Answer, Client};
use testkit::postgres::TestDb;
use testkit::{Server, node};

use super::stand::{BASE, NOBODY, PASSWORD, SECRET, Stand, database, session_cookie, verb};

/// Better Auth, running.
struct BetterAuth(Server);

impl BetterAuth {
    fn start(db: &TestDb, alg: &str) -> Self {
        Self::start_at(db, alg, BASE)
    }

    /// Under this base URL.
    fn start_at(db: &TestDb, alg: &str, base: &str) -> Self {
        let none: [&str; 0] = [];
        let mut command = node::command(node::folder(), "better-auth/server.mjs", none);
        command
            .env("DATABASE_URL", db.url())
            .env("SECRET", SECRET)
            .env("BASE_URL", base)
            .env("ALG", alg);
        Self(Server::start(command).unwrap_or_else(|why| panic!("{}", why.log)))
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let answer = Client::new(self.0.address()).send(method, path, &all, body.as_bytes());
        answer.expect("an answer")
    }

    fn sign(&self, way: &str, email: &str) -> Answer {
        let body = json!({ "name": "Ann", "email": email, "password": PASSWORD });
        self.send("POST", &format!("/api/auth/sign-{way}/email"), &[], body)
            .expect(200)
    }

    fn token(&self, cookie: &str) -> String {
        let answer = self.send("GET", "/api/auth/token", &[("cookie", cookie)], json!(null));
        text(&answer.expect(200).json()["token"])
    }

    fn jwks(&self) -> String {
        format!("http://{}/api/auth/jwks", self.0.address())
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}

/// An upload of nothing with these headers.
fn upload(stand: &Stand, headers: &[(&str, &str)]) -> Answer {
    stand.send(
        "PUT",
        testkit::device::UPLOAD,
        headers,
        json!({ "transactions": [] }),
    )
}

#[test]
fn its_tokens_cookies_and_bearer_tokens_are_taken() {
    testkit::needs!(postgres, node);
    let db = database();
    let better_auth = BetterAuth::start(&db, "EdDSA");
    let url = better_auth.jwks();
    verb(
        &db,
        "auth-tables --beside",
        &[("SYNCLINE_AUTH_JWKS_URL", url.as_str())],
    );
    let mut stand = Stand::start(
        &db,
        &[
            ("SYNCLINE_AUTH_JWKS_URL", url.as_str()),
            ("SYNCLINE_AUTH_SECRET", SECRET),
        ],
    );
    let signed_up = better_auth.sign("up", "ann@example.com");
    let cookie = session_cookie(&signed_up);
    let token = better_auth.token(&cookie);
    let raw = text(&signed_up.json()["token"]);
    let signed = signed_up
        .header("set-auth-token")
        .expect("bearer")
        .to_owned();
    for secret in [&token, &raw, &signed] {
        stand.hide(secret);
    }
    stand.taken(&token);
    stand.taken(&raw);
    stand.taken(&signed);
    let cookie = cookie.as_str();
    let page = ("origin", BASE);
    upload(&stand, &[("cookie", cookie), page]).expect(200);
    upload(&stand, &[("cookie", &format!("a=b; {cookie}; c=d")), page]).expect(200);
    // Whatever else comes with a cookie is nobody's.
    let tampered = cookie.replace("session_token=", "session_token=x");
    let secure = format!("__Secure-{cookie}");
    let twice = format!("{cookie}; {cookie}");
    let unsigned = format!("better-auth.session_token={raw}");
    for headers in [
        &[("cookie", cookie)][..],
        &[("cookie", cookie), ("origin", "https://evil.example")],
        &[("cookie", cookie), ("origin", "null")],
        &[("cookie", cookie), ("origin", "http://localhost:30110")],
        &[("cookie", cookie), page, ("origin", "https://evil.example")],
        &[("cookie", cookie), ("referer", BASE)],
        &[("cookie", &tampered), page],
        &[("cookie", &secure), page],
        &[("cookie", &twice), page],
        &[("cookie", &unsigned), page],
        &[("cookie", cookie), page, ("authorization", "Bearer x")],
    ] {
        let answer = upload(&stand, headers);
        assert_eq!(answer.status, 401, "{headers:?}\n{answer}");
        assert_eq!(String::from_utf8_lossy(&answer.body), NOBODY);
    }
    stand.refused("a signature of nothing", &format!("{raw}.AAAA"));
    stand.refused("another's token", &"a".repeat(32));
    // Signed out there is signed out here.
    let headers = [("cookie", cookie), ("origin", BASE)];
    better_auth
        .send("POST", "/api/auth/sign-out", &headers, json!({}))
        .expect(200);
    stand.refused("a session that has ended", &raw);
    assert_eq!(upload(&stand, &[("cookie", cookie), page]).status, 401);
}

#[test]
fn under_https_only_cookies_with_the_prefix_count() {
    testkit::needs!(postgres, node);
    let db = database();
    let better_auth = BetterAuth::start_at(&db, "EdDSA", "https://app.example.com");
    let page = ("origin", "https://app.example.com");
    let settings = [
        ("SYNCLINE_AUTH_SECRET", SECRET),
        ("SYNCLINE_AUTH_SECURE_COOKIES", "true"),
        ("SYNCLINE_CORS_ORIGINS", page.1),
    ];
    verb(&db, "auth-tables --beside", &settings);
    let stand = Stand::start(&db, &settings);
    let signed_up = better_auth.sign("up", "ann@example.com");
    let cookie = super::stand::cookie(&signed_up, "__Secure-better-auth.session_token=");
    upload(&stand, &[("cookie", &cookie), page]).expect(200);
    let plain = cookie.replace("__Secure-", "");
    upload(&stand, &[("cookie", &plain), page]).expect(401);
}

#[test]
fn a_session_that_is_over_is_nobodys() {
    testkit::needs!(postgres, node);
    let db = database();
    let better_auth = BetterAuth::start(&db, "EdDSA");
    verb(
        &db,
        "auth-tables --beside",
        &[("SYNCLINE_AUTH_SECRET", SECRET)],
    );
    let stand = Stand::start(&db, &[("SYNCLINE_AUTH_SECRET", SECRET)]);
    let signed_up = better_auth.sign("up", "ann@example.com");
    let raw = text(&signed_up.json()["token"]);
    stand.taken(&raw);
    db.execute("UPDATE session SET \"expiresAt\" = now() - interval '1 second'");
    stand.refused("over", &raw);
    // The role sees whose a session is, and nothing else.
    let mut client =
        testkit::postgres::Client::connect(&super::stand::as_role(&db), testkit::postgres::NoTls)
            .expect("a connection");
    for secret in [
        "SELECT password FROM account",
        "SELECT \"privateKey\" FROM jwks",
        "SELECT email FROM \"user\"",
        "UPDATE session SET \"expiresAt\" = now()",
    ] {
        let why = client.batch_execute(secret).expect_err(secret);
        assert_eq!(why.code().map(|it| it.code()), Some("42501"), "{secret}");
    }
}

#[test]
fn users_keys_and_sessions_move_from_either_to_the_other() {
    testkit::needs!(postgres, node);
    let db = database();
    // Better Auth has been there: its tables, a user, a session, and its key.
    let better_auth = BetterAuth::start(&db, "RS256");
    let there = better_auth.sign("up", "ann@example.com");
    let before = better_auth.token(&session_cookie(&there));
    let issue = [
        ("SYNCLINE_AUTH_ISSUE", "true"),
        ("SYNCLINE_AUTH_SECRET", SECRET),
    ];
    verb(&db, "auth-tables", &issue);
    let stand = Stand::start(&db, &issue);
    // Its token and its session are good here.
    stand.taken(&before);
    let cookie = session_cookie(&there);
    let headers = [("cookie", cookie.as_str())];
    let here = stand
        .send("GET", "/api/auth/get-session", &headers, json!(null))
        .expect(200)
        .json();
    let same = better_auth
        .send("GET", "/api/auth/get-session", &headers, json!(null))
        .expect(200)
        .json();
    assert_eq!(here, same);
    // Its user can sign in here, by the same body; and our token is signed with its key.
    let signed_in = stand.sign("in", "Ann@Example.com", PASSWORD).expect(200);
    let theirs = better_auth.sign("in", "ann@example.com").json();
    let ours = signed_in.json();
    assert_eq!(ours["user"], theirs["user"]);
    let names = |value: &Value| -> Vec<String> {
        let mut names: Vec<_> = value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&ours), names(&theirs));
    let cookie = session_cookie(&signed_in);
    let headers = [("cookie", cookie.as_str())];
    let token = stand
        .send("GET", "/api/auth/token", &headers, json!(null))
        .expect(200)
        .json();
    let token = text(&token["token"]);
    let kid = |token: &str| header_of(token)["kid"].clone();
    assert_eq!(kid(&token), kid(&before));
    stand.taken(&token);
    // Our session is good there, and a user of ours can sign in there.
    let session = better_auth
        .send("GET", "/api/auth/get-session", &headers, json!(null))
        .expect(200)
        .json();
    assert_eq!(session["user"]["email"], "ann@example.com");
    let signed_up = stand
        .sign("up", "bob@example.com", PASSWORD)
        .expect(200)
        .json();
    assert_eq!(names(&signed_up), ["token", "user"]);
    let bob = better_auth.sign("in", "bob@example.com").json();
    assert_eq!(bob["user"], signed_up["user"]);
    // What both publish is the same.
    let ours = stand
        .send("GET", "/api/auth/jwks", &[], json!(null))
        .expect(200)
        .json();
    let theirs = better_auth
        .send("GET", "/api/auth/jwks", &[], json!(null))
        .expect(200)
        .json();
    assert_eq!(ours, theirs);
    verified(&ours, &token);
}

#[test]
fn a_key_made_here_signs_there() {
    testkit::needs!(postgres, node);
    for alg in ["RS256", "ES256", "ES384", "EdDSA"] {
        let db = database();
        let issue = [
            ("SYNCLINE_AUTH_ISSUE", "true"),
            ("SYNCLINE_AUTH_SECRET", SECRET),
            ("SYNCLINE_AUTH_ALGORITHM", alg),
        ];
        verb(&db, "auth-tables", &issue);
        let stand = Stand::start(&db, &issue);
        let signed_up = stand.sign("up", "ann@example.com", PASSWORD).expect(200);
        let cookie = session_cookie(&signed_up);
        let headers = [("cookie", cookie.as_str())];
        let ours = stand
            .send("GET", "/api/auth/token", &headers, json!(null))
            .expect(200)
            .json();
        let ours = text(&ours["token"]);
        let jwks = stand
            .send("GET", "/api/auth/jwks", &[], json!(null))
            .expect(200)
            .json();
        let said = verified(&jwks, &ours);
        assert_eq!(said["header"]["alg"], alg);
        assert_eq!(said["payload"]["sub"], signed_up.json()["user"]["id"]);
        let better_auth = BetterAuth::start(&db, alg);
        let theirs = better_auth.token(&cookie);
        assert_eq!(header_of(&theirs)["kid"], header_of(&ours)["kid"]);
        verified(&jwks, &theirs);
        stand.taken(&ours);
        stand.taken(&theirs);
        better_auth.sign("in", "ann@example.com");
    }
}

/// What jose says of a token.
fn verified(jwks: &Value, token: &str) -> Value {
    let input = json!({ "jwks": jwks, "token": token }).to_string();
    let output = node::run("better-auth/verify.mjs", [BASE, BASE], &input).expect(0);
    serde_json::from_str(&output.stdout).expect("JSON")
}

fn header_of(token: &str) -> Value {
    use base64::Engine;
    let (header, _) = token.split_once('.').expect("a token");
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(header)
        .expect("base64");
    serde_json::from_slice(&header).expect("JSON")
}
