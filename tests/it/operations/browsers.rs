//! What a browser asks first, and where PowerSync is.

use std::collections::BTreeSet;

use testkit::Server;
use testkit::http::{Answer, Client};

use super::stand::{Stand, device, get};

const ORIGIN: &str = "https://app.example";
const ASKS: &str = "access-control-request-method";

#[track_caller]
fn preflight(server: &Server, origin: &str) -> Answer {
    let headers = [
        ("origin", origin),
        (ASKS, "PUT"),
        (
            "access-control-request-headers",
            "authorization,content-type",
        ),
    ];
    let mut client = Client::new(server.address());
    client
        .send("OPTIONS", "/api/powersync/upload", &headers, b"")
        .expect("an answer")
}

#[test]
fn only_named_origins_may_call() {
    testkit::needs!(postgres);
    let stand = Stand::with(&[(
        "SYNCLINE_CORS_ORIGINS",
        "https://app.example,capacitor://localhost",
    )]);
    let allowed = |answer: &Answer| {
        answer
            .header("access-control-allow-origin")
            .map(str::to_owned)
    };
    for origin in [ORIGIN, "capacitor://localhost"] {
        let answer = preflight(&stand.server, origin).expect(200);
        assert_eq!(allowed(&answer).as_deref(), Some(origin));
        let has = |name: &str, part: &str| {
            let value = answer.header(name).unwrap_or_default();
            assert!(value.to_ascii_lowercase().contains(part), "{name}: {value}");
        };
        has("access-control-allow-methods", "put");
        has("access-control-allow-headers", "authorization");
        has("access-control-allow-credentials", "true");
        has("vary", "origin");
        // The answer itself, a refusal included, can be read as well.
        let refused = get(
            &stand.server,
            "/api/powersync/config",
            &[("origin", origin)],
        );
        assert_eq!(allowed(&refused.expect(401)).as_deref(), Some(origin));
    }
    for origin in [
        "https://app.example.evil.example",
        "http://app.example",
        "null",
        "https://evil.example",
    ] {
        assert_eq!(allowed(&preflight(&stand.server, origin)), None, "{origin}");
        assert_eq!(
            allowed(&get(&stand.server, "/healthz", &[("origin", origin)])),
            None,
            "{origin}"
        );
    }

    let any = stand.another(&[("SYNCLINE_CORS_ORIGINS", "*")]);
    let answer = preflight(&any, "https://evil.example");
    assert_eq!(allowed(&answer).as_deref(), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);

    let none = stand.another(&[]);
    assert_eq!(allowed(&preflight(&none, ORIGIN).expect(405)), None);
}

#[test]
fn each_user_has_one_of_the_endpoints_on_every_instance() {
    testkit::needs!(postgres);
    let urls = "https://a.example/,https://b.example,https://c.example";
    let stand = Stand::with(&[("SYNCLINE_POWERSYNC_URL", urls)]);
    // In another order, as by another person's hand.
    let other = "https://c.example,https://a.example,https://b.example/";
    let other = stand.another(&[("SYNCLINE_POWERSYNC_URL", other)]);
    let mut seen = BTreeSet::new();
    for user in 0..30 {
        let user = format!("user-{user}");
        let ask = |server: &Server| {
            let mut device = device(server, &user);
            let answer = device
                .send("GET", "/api/powersync/config", b"")
                .expect("an answer")
                .expect(200);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.json()["userId"], *user);
            answer.json()["powersyncUrl"]
                .as_str()
                .expect("a URL")
                .to_owned()
        };
        let url = ask(&stand.server);
        assert_eq!(url, ask(&other));
        seen.insert(url);
    }
    assert_eq!(
        seen.iter().collect::<Vec<_>>(),
        [
            "https://a.example",
            "https://b.example",
            "https://c.example"
        ]
    );
    stand.get("/api/powersync/config").expect(401);
    let nowhere = stand.another(&[]);
    let answer = device(&nowhere, "ann").send("GET", "/api/powersync/config", b"");
    let detail = answer.expect("an answer").expect(404).json();
    assert_eq!(
        detail["detail"],
        "no PowerSync is configured: SYNCLINE_POWERSYNC_URL"
    );
}
