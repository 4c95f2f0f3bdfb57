//! What PostgreSQL's errors mean: real ones, and those that a trigger raises by their code.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::device::{put, transaction};

use super::stand::{Stand, applied, next, one, refused, results};

/// Raises the code that the note names.
const RAISE: &str = "
CREATE FUNCTION raise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.note ~ '^[0-9A-Z]{5}$' THEN
    RAISE EXCEPTION 'the trigger says no' USING ERRCODE = NEW.note;
  ELSIF NEW.note LIKE 'sleep %' THEN
    PERFORM pg_sleep(substr(NEW.note, 7)::float8);
  ELSIF NEW.note = 'missing' THEN
    PERFORM * FROM nowhere;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER raise BEFORE INSERT OR UPDATE ON vaults FOR EACH ROW EXECUTE FUNCTION raise();
";

fn noted(id: &str, note: &str) -> Value {
    put("vaults", id, json!({"name": "n", "note": note}))
}

#[test]
fn fatal_ones_become_dead_letters() {
    testkit::needs!(postgres);
    let stand = Stand::prepared(RAISE, &[]);
    let mut device = stand.device("ada");
    for (state, code) in [
        ("22000", "invalid_value"),
        ("22003", "invalid_value"),
        ("22P02", "invalid_value"),
        ("23000", "constraint_violation"),
        ("23001", "constraint_violation"),
        ("23502", "not_null_violation"),
        ("23503", "foreign_key_violation"),
        ("23505", "unique_violation"),
        ("23514", "check_violation"),
        ("23P01", "constraint_violation"),
        ("44000", "denied"),
        ("54000", "invalid_value"),
        ("54023", "invalid_value"),
        ("428C9", "read_only_column"),
        ("P0001", "refused"),
    ] {
        let ops = [noted("fine", "fine"), noted("1", state)];
        let message = refused(&mut device, &ops, Some(1), code, None);
        assert_eq!(
            message.contains("the trigger says no"),
            state == "P0001",
            "{message}"
        );
    }
    assert_eq!(stand.rows("SELECT * FROM vaults"), json!([]));
}

#[test]
fn the_others_are_sent_again() {
    testkit::needs!(postgres);
    let stand = Stand::prepared(RAISE, &[]);
    let mut device = stand.device("ada");
    for state in [
        "08000", "08006", "40001", "40002", "40P01", "53000", "53100", "53200", "53300", "55P03",
        "55006", "55000", "57014", "57P01", "57P03", "58000", "58030", "25006", "25P03", "28000",
        "3D000", "3F000", "42P01", "42703", "42883", "42501", "0A000", "XX000", "38000", "P0002",
        "21000", "AB123", "missing",
    ] {
        let before = transaction(next(), &[noted(&format!("before {state}"), "fine")]);
        let poison = |note| transaction(next(), &[noted("x", "fine"), noted("1", note)]);
        let after = transaction(next(), &[noted(&format!("after {state}"), "fine")]);
        let poison = poison(state);
        let all = [before, poison, after];
        let answer = device.upload(&all).expect("an answer").expect(503);
        let seconds = answer
            .header("retry-after")
            .and_then(|it| it.parse::<u64>().ok());
        assert!(
            seconds.is_some_and(|it| (1..=60).contains(&it)),
            "{state} {answer}"
        );
        assert!(!answer.to_string().contains("trigger"), "{state} {answer}");
        // The write API says it inside of a 200.
        let body = device.body(&all).to_string();
        let answer = device.send("POST", "/api/data", body.as_bytes());
        let statuses: Vec<_> = results(answer.expect("an answer"))
            .iter()
            .map(|it| it["status"].clone())
            .collect();

        let ids = stand.rows("SELECT id FROM vaults");
        // What is the whole database's trouble need not be tried transaction by transaction.
        if statuses[0] == "success" {
            assert_eq!(
                statuses[1..],
                ["retryable_error", "not_attempted"],
                "{state}"
            );
            assert_eq!(ids, json!([{ "id": format!("before {state}") }]), "{state}");
        } else {
            assert_eq!(
                statuses,
                ["retryable_error", "not_attempted", "not_attempted"],
                "{state}"
            );
            assert_eq!(ids, json!([]), "{state}");
        }
        stand.execute("DELETE FROM vaults");
    }
    assert_eq!(
        stand.rows("SELECT code FROM syncline.dead_letters"),
        json!([])
    );
}

/// After so many tries the transaction is kept as a dead letter, and the queue goes on.
#[test]
fn what_never_passes_is_given_up() {
    testkit::needs!(postgres);
    let settings = [
        ("SYNCLINE_GIVE_UP_AFTER", "3"),
        ("SYNCLINE_GIVE_UP_AGE", "0s"),
        ("SYNCLINE_STATEMENT_TIMEOUT", "100ms"),
    ];
    let stand = Stand::prepared(RAISE, &settings);
    let mut letters = 0;
    for note in ["XX000", "AB123", "40001", "sleep 1", "missing"] {
        for client in [Some("c"), None] {
            let mut device = stand.device("ada");
            device.client_id = client.map(str::to_owned);
            let all = [
                transaction(next(), &[noted("1", note)]),
                transaction(next(), &[put("letters", "1", json!({"title": "t"}))]),
            ];
            for _ in 0..2 {
                device.upload(&all).expect("an answer").expect(503);
            }
            let results = results(device.upload(&all).expect("an answer"));
            assert_eq!(results[0]["status"], "rejected", "{note} {results:?}");
            assert_eq!(results[0]["code"], "gave_up", "{note} {results:?}");
            assert_eq!(results[1]["status"], "applied", "{note}");
            letters += 1;
            let kept = "SELECT count(*) AS v FROM syncline.dead_letters WHERE code = 'gave_up'";
            assert_eq!(stand.value(kept), letters, "{note}");
        }
    }
    // What the whole database has is nobody's fault, however often it happens.
    let mut device = stand.device("ada");
    let all = [transaction(next(), &[noted("1", "53100")])];
    for _ in 0..5 {
        device.upload(&all).expect("an answer").expect(503);
    }
    assert_eq!(
        stand.value("SELECT count(*) AS v FROM syncline.dead_letters"),
        letters
    );
}

#[test]
fn what_is_checked_at_the_end_has_its_verdict() {
    testkit::needs!(postgres);
    let stand = Stand::prepared(
        "ALTER TABLE leaves ALTER CONSTRAINT leaves_tree_id_fkey DEFERRABLE INITIALLY DEFERRED;
         CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION 'odd'; END $$;
         CREATE CONSTRAINT TRIGGER odd AFTER INSERT ON leaves DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW WHEN (NEW.size = 13) EXECUTE FUNCTION odd();",
        &[],
    );
    let mut device = stand.device("ada");
    let leaf =
        |id: &str, tree: &str, size: u8| put("leaves", id, json!({"tree_id": tree, "size": size}));
    let tree = |id: &str| put("trees", id, json!({"name": "n", "kind": "k"}));
    refused(
        &mut device,
        &[tree("oak"), leaf("1", "elm", 1)],
        None,
        "foreign_key_violation",
        None,
    );
    refused(
        &mut device,
        &[tree("oak"), leaf("1", "oak", 13)],
        None,
        "refused",
        None,
    );
    assert_eq!(stand.rows("SELECT id FROM trees"), json!([]));
    // Children first is right where the end counts.
    applied(&mut device, &[leaf("1", "oak", 1), tree("oak")]);
    // Beside a transaction that is fine, too.
    let both = [
        transaction(next(), &[leaf("2", "oak", 1)]),
        transaction(next(), &[leaf("3", "elm", 1)]),
    ];
    let results = results(device.upload(&both).expect("an answer"));
    assert_eq!(results[0]["status"], "applied");
    assert_eq!(results[1]["code"], "foreign_key_violation");
}

#[test]
fn locks_time_outs_and_lost_connections_pass() {
    testkit::needs!(postgres);
    let settings = [
        ("SYNCLINE_LOCK_TIMEOUT", "200ms"),
        ("SYNCLINE_STATEMENT_TIMEOUT", "400ms"),
        ("SYNCLINE_POOL_SIZE", "2"),
    ];
    let stand = Stand::prepared(RAISE, &settings);
    let mut device = stand.device("ada");
    applied(&mut device, &[noted("1", "fine")]);

    let again = [transaction(next(), &[noted("1", "changed")])];
    stand.execute("BEGIN; SELECT * FROM vaults WHERE id = '1' FOR UPDATE");
    device.upload(&again).expect("an answer").expect(503);
    stand.execute("COMMIT");
    assert_eq!(
        results(device.upload(&again).expect("an answer"))[0]["status"],
        "applied"
    );

    let slow = [transaction(next(), &[noted("2", "sleep 2")])];
    device.upload(&slow).expect("an answer").expect(503);
    assert_eq!(stand.rows("SELECT id FROM vaults"), json!([{"id": "1"}]));

    // Idle connections are cut; the next upload has another, whether its device is known or not.
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'contract_app'";
    for client in [Some("c".to_owned()), None] {
        stand.rows(cut);
        device.client_id = client;
        let all = [transaction(next(), &[noted("3", "fine")])];
        let answer = (0..10).find_map(|_| {
            let answer = device.upload(&all).expect("an answer");
            (answer.status == 200).then_some(answer)
        });
        assert_eq!(results(answer.expect("it passes"))[0]["status"], "applied");
    }
    // Cut in the middle: what is noted is sent again by the server itself.
    device.client_id = Some("c".to_owned());
    let (sender, upload) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let all = [transaction(next(), &[noted("4", "sleep 0.3")])];
            sender.send(device.upload(&all)).expect("a listener");
        });
        std::thread::sleep(Duration::from_millis(150));
        stand.rows(cut);
        let answer = upload.recv().expect("an answer").expect("an answer");
        assert_eq!(results(answer)[0]["status"], "applied");
    });
    assert_eq!(
        stand.value("SELECT count(*) AS v FROM vaults WHERE id = '4'"),
        1
    );
    assert_eq!(
        stand.value("SELECT count(*) AS v FROM syncline.dead_letters"),
        0
    );
}

/// Migrations that are missing, rights that are gone, a database that is only read: 503, and a line in the log.
#[test]
fn a_database_that_is_behind_holds_uploads_back() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    let put = put("letters", "1", json!({"title": "t"}));
    let mut pending = |reason: &str| {
        let answer = device.upload(&[transaction(next(), std::slice::from_ref(&put))]);
        let answer = answer.expect("an answer").expect(503);
        assert!(answer.header("retry-after").is_some(), "{reason} {answer}");
    };
    for (damage, mend) in [
        (
            "ALTER TABLE letters RENAME TO elsewhere",
            "ALTER TABLE elsewhere RENAME TO letters",
        ),
        (
            "ALTER TABLE letters RENAME title TO heading",
            "ALTER TABLE letters RENAME heading TO title",
        ),
        (
            "REVOKE INSERT ON letters FROM contract_app",
            "GRANT INSERT ON letters TO contract_app",
        ),
        (
            "ALTER SCHEMA syncline RENAME TO elsewhere",
            "ALTER SCHEMA elsewhere RENAME TO syncline",
        ),
    ] {
        stand.execute(damage);
        pending(damage);
        stand.execute(mend);
    }
    stand.server.says("migrations are missing");
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'contract_app'";
    let name = stand.db.name().to_owned();
    stand.execute(&format!(
        "ALTER ROLE contract_app IN DATABASE {name} SET default_transaction_read_only = on"
    ));
    stand.rows(cut);
    pending("read-only");
    stand.execute(&format!(
        "ALTER ROLE contract_app IN DATABASE {name} RESET default_transaction_read_only"
    ));
    stand.rows(cut);
    let result = (0..10).map(|_| {
        device
            .upload(&[transaction(next(), std::slice::from_ref(&put))])
            .expect("an answer")
    });
    assert!(result.into_iter().any(|answer| answer.status == 200));
    assert_eq!(
        one(&mut device, std::slice::from_ref(&put))["status"],
        "applied"
    );
    assert_eq!(
        stand.value("SELECT count(*) AS v FROM syncline.dead_letters"),
        0
    );
}
