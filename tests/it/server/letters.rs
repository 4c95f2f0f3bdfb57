//! `dead-letters` on the server's command line: list, show, replay, discard.

use serde_json::{Value, json};
use testkit::device::{patch, put};

use super::stand::{Stand, applied, refused};

fn leaf(id: &str) -> Value {
    put("leaves", id, json!({"tree_id": "oak", "size": 3}))
}

#[test]
fn they_are_listed_shown_replayed_and_discarded() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let run = |args: &[&str]| stand.run(&[&["dead-letters"], args].concat());
    let said = |args: &[&str]| {
        let (code, out, errors) = run(args);
        assert_eq!(code, 0, "{args:?}\n{out}\n{errors}");
        out
    };
    assert_eq!(said(&["list"]), "no dead letters\n");
    let mut ada = stand.device("ada");
    let mut eve = stand.device("eve");
    let first = [leaf("1"), patch("leaves", "1", json!({"size": 4}))];
    refused(&mut ada, &first, None, "foreign_key_violation", None);
    refused(
        &mut eve,
        &[put("vaults", "\u{1b}[2J", json!({}))],
        Some(0),
        "not_null_violation",
        Some("name"),
    );
    refused(&mut ada, &[leaf("2")], None, "foreign_key_violation", None);

    let list = said(&["list"]);
    let lines: Vec<_> = list.lines().collect();
    assert_eq!(lines.len(), 3, "{list}");
    assert!(
        lines[0].starts_with("3  ") && lines[0].contains("user ada"),
        "the newest first: {list}"
    );
    assert!(
        lines[1].contains("op 0  not_null_violation name: is required"),
        "{list}"
    );
    assert_eq!(said(&["list", "--user", "eve"]).lines().count(), 1);
    assert_eq!(said(&["list", "--limit", "2"]).lines().count(), 2);
    let json: Vec<Value> = said(&["list", "--json"])
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(
        (&json[2]["id"], &json[2]["code"]),
        (&json!(1), &json!("foreign_key_violation"))
    );

    let shown = said(&["show", "1"]);
    let ops: Value = serde_json::from_str(shown.lines().nth(1).expect("the ops")).expect("JSON");
    assert_eq!(ops, json!(first));
    // What a device has written must not move a terminal's cursor.
    assert!(!said(&["show", "2"]).contains('\u{1b}'));

    // What is wrong is wrong again, and stays; what has become right is applied for its user.
    let (code, _, errors) = run(&["replay", "1", "2"]);
    assert_eq!(code, 1);
    assert!(
        errors.contains("1: was refused again: foreign_key_violation"),
        "{errors}"
    );
    assert!(
        errors.contains("2: was refused again: not_null_violation"),
        "{errors}"
    );
    applied(
        &mut ada,
        &[put("trees", "oak", json!({"name": "n", "kind": "k"}))],
    );
    assert_eq!(said(&["replay", "1", "3"]), "1: applied\n3: applied\n");
    let leaves = stand.rows("SELECT id, owner_id, size FROM leaves ORDER BY id");
    assert_eq!(
        leaves,
        json!([{"id": "1", "owner_id": "ada", "size": 4}, {"id": "2", "owner_id": "ada", "size": 3}])
    );
    assert_eq!(said(&["discard", "2"]), "2: discarded\n");
    assert_eq!(said(&["list"]), "no dead letters\n");
    assert_eq!(said(&["list", "--all"]).matches("(settled)").count(), 3);
    // Settled is settled.
    stand.execute("DELETE FROM leaves");
    for args in [
        ["replay", "1"],
        ["replay", "2"],
        ["discard", "1"],
        ["discard", "2"],
        ["replay", "99"],
        ["show", "99"],
    ] {
        let (code, out, errors) = run(&args);
        assert_eq!((code, out.as_str()), (1, ""), "{args:?}");
        assert!(errors.contains("there is no"), "{args:?} {errors}");
    }
    assert_eq!(stand.rows("SELECT id FROM leaves"), json!([]));
    assert_eq!(
        stand.value("SELECT count(*) AS v FROM syncline.dead_letters WHERE settled_at IS NOT NULL"),
        3
    );
    for args in [&["replay"][..], &["show"], &["show", "one"], &["burn", "1"]] {
        assert_eq!(run(args).0, 2, "{args:?}");
    }
}

/// A letter is replayed as its device meant it: with the columns that it knew.
#[test]
fn a_replayed_letter_is_still_of_its_version() {
    testkit::needs!(postgres);
    let known = "INSERT INTO syncline.schema_versions (version, tables) VALUES ('00000000000000aa',
      '[{\"name\": \"messages\", \"columns\": [\"id\", \"owner_id\", \"full_subject\"]}]');
      ALTER TABLE letters ADD CONSTRAINT short CHECK (length(title) < 5)";
    let stand = Stand::prepared(known, &[]);
    let mut device = stand.device("ada");
    applied(
        &mut device,
        &[put("letters", "1", json!({"title": "t", "body": "b"}))],
    );
    device.schema_version = Some("00000000000000aa".to_owned());
    let old = [put("messages", "1", json!({"full_subject": "too long"}))];
    refused(&mut device, &old, Some(0), "check_violation", None);
    stand.execute("ALTER TABLE letters DROP CONSTRAINT short");
    assert_eq!(stand.run(&["dead-letters", "replay", "1"]).0, 0);
    assert_eq!(
        stand.rows("SELECT title, body FROM letters"),
        json!([{"title": "too long", "body": "b"}])
    );
}
