//! Keys at a URL: read in time, kept through outages, and never asked for more than need be.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use testkit::{Issuer, Signer};

use super::publisher::{Publisher, Says};
use super::stand::{Stand, command, database};

fn issuer(key_id: &str) -> Issuer {
    let mut issuer = Issuer::new(Signer::ed25519());
    issuer.key_id = key_id.to_owned();
    issuer
}

/// Waits until something is so.
#[track_caller]
fn until(what: &str, mut is: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !is() {
        assert!(Instant::now() < end, "never: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_rotated_key_is_found_by_its_first_token_and_a_withdrawn_one_is_forgotten() {
    testkit::needs!(postgres);
    let (old, new) = (issuer("old"), issuer("new"));
    let publisher = Publisher::http(&old.jwks());
    let db = database();
    let url = publisher.url();
    let stand = Stand::start(
        &db,
        &[
            ("SYNCLINE_AUTH_JWKS_URL", url.as_str()),
            ("SYNCLINE_AUTH_COOL_DOWN", "1s"),
            ("SYNCLINE_AUTH_REFRESH", "2s"),
        ],
    );
    stand.taken(&old.token("ann"));
    let both = json!({ "keys": [old.jwks()["keys"][0], new.jwks()["keys"][0]] });
    publisher.publishes(&both);
    stand.taken(&new.token("ann"));
    stand.taken(&old.token("ann"));
    // The grace is over: the background finds out by itself.
    publisher.publishes(&new.jwks());
    until("the old key is refused", || {
        stand.upload(&old.token("ann")).status == 401
    });
    stand.taken(&new.token("ann"));
}

#[test]
fn invented_keys_are_asked_for_once_in_a_cool_down() {
    testkit::needs!(postgres);
    let good = issuer("good");
    let publisher = Publisher::http(&good.jwks());
    let db = database();
    let url = publisher.url();
    let stand = Stand::start(&db, &[("SYNCLINE_AUTH_JWKS_URL", url.as_str())]);
    let before = publisher.asked();
    thread::scope(|scope| {
        for client in 0..4 {
            let (stand, good) = (&stand, &good);
            scope.spawn(move || {
                for number in 0..50 {
                    let mut forged = issuer(&format!("invented-{client}-{number}"));
                    forged.signer = Signer::ed25519();
                    stand.refused("an invented key", &forged.token("ann"));
                    stand.taken(&good.token("ann"));
                }
            });
        }
    });
    let asked = publisher.asked() - before;
    assert!(
        asked <= 3,
        "200 invented keys asked the issuer {asked} times"
    );
}

#[test]
fn keys_outlive_the_issuer_for_a_while_and_then_nobody_is_refused_but_put_off() {
    testkit::needs!(postgres);
    let good = issuer("good");
    let publisher = Publisher::http(&good.jwks());
    let db = database();
    let url = publisher.url();
    let settings = [
        ("SYNCLINE_AUTH_JWKS_URL", url.as_str()),
        ("SYNCLINE_AUTH_REFRESH", "300ms"),
        ("SYNCLINE_AUTH_COOL_DOWN", "300ms"),
        ("SYNCLINE_AUTH_STALE", "4s"),
    ];
    let stand = Stand::start(&db, &settings);
    for outage in [
        Says::Status(500),
        Says::Redirect(url.clone()),
        Says::Bytes(1 << 20),
        Says::Keys("{}".to_owned()),
        Says::Keys(json!({ "keys": [] }).to_string()),
        Says::Keys("not JSON".to_owned()),
    ] {
        publisher.says(outage);
        thread::sleep(Duration::from_millis(400));
        stand.taken(&good.token("ann"));
    }
    let answer = || stand.upload(&good.token("ann"));
    until("the keys are too old", || answer().status == 503);
    assert!(answer().header("retry-after").is_some());
    publisher.publishes(&good.jwks());
    until("the issuer is back", || answer().status == 200);
    drop(stand);
    // Without a cache: the server starts, and puts off.
    publisher.says(Says::Silence);
    let stand = Stand::start(&db, &settings);
    stand.upload(&good.token("ann")).expect(503);
    stand.refused("no token at all", "");
    stand.refused("no JWT", "a.b.c");
    publisher.publishes(&good.jwks());
    until("the issuer is there", || {
        stand.upload(&good.token("ann")).status == 200
    });
}

#[test]
fn https_is_verified_and_http_is_for_this_machine() {
    testkit::needs!(postgres);
    let good = issuer("good");
    let publisher = Publisher::https(&good.jwks());
    let db = database();
    let url = publisher.url();
    let folder = tempfile::tempdir().expect("a folder");
    let trusted = folder.path().join("trusted.pem");
    fs::write(&trusted, publisher.certificate.as_deref().expect("one")).expect("written");
    let trusted = trusted.to_str().expect("UTF-8");
    let fast = ("SYNCLINE_AUTH_COOL_DOWN", "200ms");
    let set = ("SYNCLINE_AUTH_JWKS_URL", url.as_str());
    let stand = Stand::start(&db, &[set, ("SSL_CERT_FILE", trusted), fast]);
    stand.taken(&good.token("ann"));
    drop(stand);
    let other = Publisher::https(&good.jwks());
    let url = other.url();
    let set = ("SYNCLINE_AUTH_JWKS_URL", url.as_str());
    let stand = Stand::start(&db, &[set, ("SSL_CERT_FILE", trusted), fast]);
    stand.upload(&good.token("ann")).expect(503);
    assert_eq!(other.asked(), 0);
    drop(stand);
    let set = ("SYNCLINE_AUTH_JWKS_URL", "http://192.0.2.1/jwks");
    let stand = Stand::start(&db, &[set, fast]);
    stand.upload(&good.token("ann")).expect(503);
    stand.says("http is for this machine only");
}

#[test]
fn what_cannot_be_a_url_is_said_before_the_start() {
    let bad = [
        "ftp://a/b",
        "https://user:planted@a/b",
        "no url",
        "https:///a",
    ];
    for url in bad {
        let output = command("--check-config", &[("SYNCLINE_AUTH_JWKS_URL", url)])
            .env("DATABASE_URL", "postgres://localhost/none")
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{url}\n{said}");
        assert!(said.contains("SYNCLINE_AUTH_JWKS_URL"), "{said}");
        assert!(!said.contains("planted"), "{said}");
    }
}
