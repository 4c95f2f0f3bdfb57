//! What a stranger can learn by the clock, and how often they may try.

use std::time::{Duration, Instant};

use super::accounts::issuer;
use super::stand::PASSWORD;

/// The middle one.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[test]
fn a_wrong_password_takes_as_long_as_an_unknown_user() {
    testkit::needs!(postgres);
    let many = [
        ("SYNCLINE_AUTH_ATTEMPTS_PER_ADDRESS", "10000"),
        ("SYNCLINE_AUTH_ATTEMPTS_PER_ACCOUNT", "10000"),
    ];
    let (_db, stand) = issuer(&many);
    stand.sign("up", "ann@example.com", PASSWORD).expect(200);
    let time = |email: &str| {
        let start = Instant::now();
        let answer = stand.sign("in", email, "wrong password").expect(401);
        (start.elapsed(), answer.body)
    };
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    // In turns, so that a busy machine is slow for both.
    for _ in 0..25 {
        let (ours, theirs) = (time("ann@example.com"), time("bob@example.com"));
        assert_eq!(ours.1, theirs.1);
        wrong.push(ours.0);
        unknown.push(theirs.0);
    }
    let (wrong, unknown) = (median(wrong), median(unknown));
    let apart = wrong.abs_diff(unknown).as_secs_f64() / wrong.max(unknown).as_secs_f64();
    // Without the hash of nobody an unknown user takes a twentieth of the time.
    assert!(
        apart < 0.3,
        "wrong password {wrong:?}, unknown user {unknown:?}"
    );
    assert!(
        unknown > Duration::from_millis(15),
        "no password was hashed: {unknown:?}"
    );
}

#[test]
fn an_account_can_be_tried_a_few_times_and_an_address_some_more() {
    testkit::needs!(postgres);
    let few = [
        ("SYNCLINE_AUTH_ATTEMPTS_PER_ADDRESS", "12"),
        ("SYNCLINE_AUTH_ATTEMPTS_PER_ACCOUNT", "4"),
        ("SYNCLINE_AUTH_ATTEMPTS_WINDOW", "1h"),
        ("SYNCLINE_AUTH_ADDRESS_HEADER", "x-forwarded-for"),
    ];
    let (db, stand) = issuer(&few);
    let sign_in = |address: &str, email: &str, password: &str| {
        let body = serde_json::json!({ "email": email, "password": password });
        let claimed = format!("203.0.113.77, {address}");
        let headers = [("x-forwarded-for", claimed.as_str())];
        stand.send("POST", "/api/auth/sign-in/email", &headers, body)
    };
    stand.sign("up", "ann@example.com", PASSWORD).expect(200);
    // A right one sets the account's count back; the address's stays.
    for _ in 0..3 {
        sign_in("192.0.2.1", "ann@example.com", "wrong password").expect(401);
    }
    sign_in("192.0.2.1", "ann@example.com", PASSWORD).expect(200);
    for _ in 0..4 {
        sign_in("192.0.2.1", "Ann@Example.com", "wrong password").expect(401);
    }
    // Now not even the right one, from wherever: whoever guesses learns nothing more.
    for address in ["192.0.2.1", "192.0.2.2", "2001:db8::1"] {
        let limited = sign_in(address, "ann@example.com", PASSWORD).expect(429);
        let wait: u64 = limited
            .header("retry-after")
            .expect("a time")
            .parse()
            .expect("seconds");
        assert!((3000..=3600).contains(&wait), "{wait}");
    }
    // An unknown account is counted the same, so that it does not show.
    for _ in 0..4 {
        sign_in("192.0.2.3", "nobody@example.com", "wrong password").expect(401);
    }
    sign_in("192.0.2.3", "nobody@example.com", "wrong password").expect(429);
    // An address goes through many accounts: the first one has nine tries so far.
    for number in 0..3 {
        sign_in(
            "192.0.2.1",
            &format!("n{number}@example.com"),
            "wrong password",
        )
        .expect(401);
    }
    sign_in("192.0.2.1", "n9@example.com", "wrong password").expect(429);
    sign_in("192.0.2.4", "n9@example.com", "wrong password").expect(401);
    // Neither an address nor an email is stored.
    let rows = db
        .connect()
        .query("SELECT encode(key, 'escape') FROM syncline.attempts", &[])
        .expect("rows");
    assert!(rows.iter().all(|row| row.get::<_, String>(0).len() >= 32));
    db.execute("UPDATE syncline.attempts SET since = now() - interval '2 hours'");
    sign_in("192.0.2.1", "ann@example.com", PASSWORD).expect(200);
}
