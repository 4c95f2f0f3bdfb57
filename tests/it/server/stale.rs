//! `conflict = "reject_stale"`: an op whose previous values are no longer the row's is refused.

use serde_json::{Value, json};
use testkit::device::{delete, patch, put};

use super::stand::{Stand, applied, refused};

fn seen(mut op: Value, member: &str, previous: Value) -> Value {
    op[member] = previous;
    op
}

#[test]
fn stale_writes_are_refused() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    let set = |balance: i64| patch("accounts", "1", json!({ "balance": balance }));
    let was = |balance: Value| json!({ "balance": balance });
    let big = 9_007_199_254_740_993_i64;
    let balance = || stand.value("SELECT balance AS v FROM accounts WHERE id = '1'");
    applied(
        &mut device,
        &[put("accounts", "1", json!({"balance": big}))],
    );
    for member in ["old", "previous_values", "previousValues"] {
        // A neighbour that no float tells apart.
        let stale = [seen(set(1), member, was(json!(big - 1)))];
        refused(&mut device, &stale, Some(0), "conflict", Some("balance"));
        assert_eq!(balance(), big);
    }
    applied(
        &mut device,
        &[seen(set(1), "old", was(json!(big.to_string())))],
    );
    assert_eq!(balance(), 1);
    // Each op sees what the ones before it have done.
    applied(
        &mut device,
        &[
            seen(set(2), "old", was(json!(1))),
            seen(set(3), "old", was(json!(2))),
        ],
    );
    let late = [
        seen(set(4), "old", was(json!(3))),
        seen(set(5), "old", was(json!(3))),
    ];
    refused(&mut device, &late, Some(1), "conflict", Some("balance"));
    assert_eq!(balance(), 3);
    let gone = [seen(delete("accounts", "1"), "old", was(json!(2)))];
    refused(&mut device, &gone, Some(0), "conflict", Some("balance"));
    // Nothing that it saw, nothing to compare.
    applied(&mut device, &[set(6)]);
    applied(
        &mut device,
        &[
            seen(set(7), "old", json!(null)),
            seen(set(8), "old", json!({})),
        ],
    );
    applied(
        &mut device,
        &[seen(delete("accounts", "1"), "old", was(json!(8)))],
    );
    assert_eq!(
        stand.value("SELECT deleted_at IS NOT NULL AS v FROM accounts"),
        true
    );

    // A row that is not there and one of another user: no conflict, no effect, the same bytes.
    let mut eve = stand.device("eve");
    let mut answer = |id: &str, op: fn(&str) -> Value| {
        let op = seen(op(id), "old", was(json!(12345)));
        let all = [testkit::device::transaction(super::stand::next(), &[op])];
        let answer = eve.upload(&all).expect("an answer");
        (answer.status, answer.body)
    };
    let patching: fn(&str) -> Value = |id| patch("accounts", id, json!({"balance": 0}));
    let deleting: fn(&str) -> Value = |id| delete("accounts", id);
    for op in [patching, deleting] {
        assert_eq!(answer("1", op), answer("missing", op));
    }
    assert_eq!(balance(), 8);
}
