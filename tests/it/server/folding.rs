//! The fast path folds ops and changes their order: what it leaves is what the ops leave one by one.

use serde_json::{Value, json};
use testkit::device::{delete, patch, put, transaction};
use testkit::{Device, Random};

use super::stand::{Stand, next, results};

/// Each round's ops are drawn anew, on rows of the rounds before.
const ROUNDS: usize = 120;
const SEED: u64 = 20_261_122;

/// An op on one of few rows; `user` keeps the ids of two users apart.
fn op(random: &mut Random, user: &str) -> Value {
    let tree = |random: &mut Random| format!("{user} t{}", random.below(3));
    let mut data = json!({});
    // Drawn for every op, so that both users draw alike.
    let (kind, leaf, id) = (random.below(7), random.below(2) == 0, random.below(3));
    let mut set = |random: &mut Random, chance: u64, name: &str, value: Value| {
        if random.below(100) < chance {
            data[name] = value;
        }
    };
    let whole = kind < 3;
    let word = json!(format!("w{}", random.below(9)));
    let time = json!(format!("2020-01-0{}T00:00:00Z", 1 + random.below(9)));
    let near = tree(random);
    set(random, 20, "created_at", time.clone());
    let note = if random.below(3) == 0 {
        json!(null)
    } else {
        word.clone()
    };
    set(random, 50, "note", note);
    if leaf {
        set(random, if whole { 100 } else { 30 }, "tree_id", json!(near));
        let size = random.below(5);
        set(random, 50, "size", json!(size));
        let gone = if random.below(2) == 0 {
            json!(null)
        } else {
            time
        };
        set(random, 10, "deleted_at", gone);
    } else {
        set(random, if whole { 100 } else { 50 }, "name", word.clone());
        if whole {
            set(random, 100, "kind", word);
        }
        let near = if random.below(2) == 0 {
            json!(null)
        } else {
            json!(near)
        };
        set(random, 40, "near_id", near);
    }
    let (table, id) = if leaf {
        ("leaves", format!("{user} l{id}"))
    } else {
        ("trees", format!("{user} t{id}"))
    };
    match kind {
        0..3 => put(table, &id, data),
        3..6 => patch(table, &id, data),
        _ => delete(table, &id),
    }
}

/// What a user's rows are, without the user and the clock.
fn rows(stand: &Stand, user: &str) -> Value {
    let time = |name: &str| {
        format!(
            "CASE WHEN {name} < '2025-01-01' THEN {name}::text ELSE (NOT {name} IS NULL)::text END AS {name}"
        )
    };
    let own = |name: &str| format!("replace({name}, '{user} ', '') AS {name}");
    let trees = format!(
        "SELECT {}, name, kind, note, {}, {} FROM trees WHERE owner_id = '{user}' ORDER BY 1",
        own("id"),
        own("near_id"),
        time("created_at")
    );
    let leaves = format!(
        "SELECT {}, {}, size, note, {}, {} FROM leaves WHERE owner_id = '{user}' ORDER BY 1",
        own("id"),
        own("tree_id"),
        time("created_at"),
        time("deleted_at")
    );
    json!([stand.rows(&trees), stand.rows(&leaves)])
}

#[test]
fn folded_ops_leave_what_single_ops_leave() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut fast = stand.device("fast");
    let mut slow = stand.device("slow");
    // Compared with its previous values, an op is sent by itself, and with it all of its transaction.
    let alone = patch("accounts", "none", json!({"balance": 1}));
    let mut random = Random::new(SEED);
    let (mut compared, mut forgiven) = (0, 0);
    for round in 0..ROUNDS {
        let draw = random.clone();
        let mut upload = |user: &str, device: &mut Device, more: &[Value]| {
            random = draw.clone();
            let all: Vec<_> = (0..1 + random.below(3))
                .map(|_| {
                    let mut ops: Vec<_> = (0..1 + random.below(8))
                        .map(|_| op(&mut random, user))
                        .collect();
                    ops.extend_from_slice(more);
                    transaction(next(), &ops)
                })
                .collect();
            let results = results(device.upload(&all).expect("an answer"));
            (all, results)
        };
        let (ops, folded) = upload("fast", &mut fast, &[]);
        let (_, single) = upload("slow", &mut slow, std::slice::from_ref(&alone));
        let applied = |results: &[Value]| results.iter().all(|it| it["status"] == "applied");
        let (left, right) = (rows(&stand, "fast"), rows(&stand, "slow"));
        if applied(&single) {
            compared += 1;
            assert!(
                applied(&folded),
                "seed {SEED}, round {round}: {folded:?}\n{ops:#?}"
            );
        }
        if applied(&folded) && !applied(&single) {
            // A mistake that a later op mends does not stand out where ops are folded.
            forgiven += 1;
            stand.execute("DELETE FROM leaves; DELETE FROM trees");
            continue;
        }
        assert_eq!(
            left, right,
            "seed {SEED}, round {round}: {folded:?}\n{single:?}\n{ops:#?}"
        );
    }
    // Rounds that were all refused would show nothing.
    assert!(compared > ROUNDS / 4, "{compared} of {ROUNDS} compared");
    assert!(forgiven < ROUNDS / 4, "{forgiven} of {ROUNDS} forgiven");
}
