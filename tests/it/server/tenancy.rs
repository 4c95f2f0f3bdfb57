//! No write changes, takes over or reveals another owner's row: an attacker has a valid token of its own, and ids.

use serde_json::{Value, json};
use testkit::device::{delete, patch, put, transaction};
use testkit::postgres::{Client, NoTls};

use super::stand::{Stand, applied, next, one, results, url_of};

/// The owner of one table is a UUID, so users are.
const ADA: &str = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
const EVE: &str = "eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee";
const ID: &str = "11111111-1111-4111-8111-111111111111";
const MISSING: &str = "22222222-2222-4222-8222-222222222222";

/// A row of each table that devices write, parents first: name, owner's column, whether the owner is in the key, and a change.
fn tables() -> Vec<(&'static str, &'static str, bool, Value, Value)> {
    let owner = "owner_id";
    vec![
        (
            "vaults",
            owner,
            false,
            json!({"name": "n", "note": "x"}),
            json!({"name": "eve"}),
        ),
        (
            "shelves",
            owner,
            true,
            json!({"name": "n"}),
            json!({"name": "eve"}),
        ),
        (
            "letters",
            owner,
            false,
            json!({"title": "t", "body": "b"}),
            json!({"full_subject": "eve"}),
        ),
        (
            "trees",
            owner,
            false,
            json!({"name": "n", "kind": "k", "near_id": ID}),
            json!({"name": "eve", "near_id": null}),
        ),
        (
            "leaves",
            owner,
            false,
            json!({"tree_id": ID}),
            json!({"size": 99}),
        ),
        (
            "folders",
            owner,
            false,
            json!({"name": "n", "slug": "s", "kind": "k"}),
            json!({"position": 99}),
        ),
        (
            "attachments",
            owner,
            false,
            json!({"folder_id": ID, "content": "AAAA"}),
            json!({"content": ""}),
        ),
        (
            "invoices",
            owner,
            false,
            json!({"total": "1", "state": "draft"}),
            json!({"state": "paid"}),
        ),
        (
            "accounts",
            owner,
            false,
            json!({"balance": 5}),
            json!({"balance": 99}),
        ),
        (
            "entries",
            owner,
            true,
            json!({"account_id": ID, "number": 1}),
            json!({"number": 99}),
        ),
        (
            "teams",
            "account_uuid",
            false,
            json!({"name": "n"}),
            json!({"name": "eve"}),
        ),
        (
            "order",
            owner,
            false,
            json!({"group": "g"}),
            json!({"createdBy": "eve"}),
        ),
        ("class", owner, false, json!({}), json!({"import": "eve"})),
        (
            "every_nullable",
            owner,
            false,
            json!({"a_text": "t"}),
            json!({"aText": "eve"}),
        ),
        (
            "clicks",
            owner,
            false,
            json!({"target": "t"}),
            json!({"target": "eve"}),
        ),
    ]
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, tail) = word.split_at(1.min(word.len()));
        name + &head.to_uppercase() + tail
    })
}

#[test]
fn no_write_reaches_another_owners_row() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut ada = stand.device(ADA);
    let mut eve = stand.device(EVE);
    for (table, _, _, row, _) in tables() {
        applied(&mut ada, &[put(table, ID, row)]);
    }
    let of_ada = |table: &str, owner: &str| {
        stand.rows(&format!(
            "SELECT * FROM \"{table}\" WHERE {owner}::text = '{ADA}'"
        ))
    };
    let before: Vec<_> = tables()
        .iter()
        .map(|(table, owner, ..)| of_ada(table, owner))
        .collect();
    assert!(
        before
            .iter()
            .all(|rows| rows.as_array().is_some_and(|it| it.len() == 1))
    );
    for (table, owner, in_key, row, change) in tables() {
        // What is said of a foreign id is what is said of one that nobody has, to the byte.
        let mut same = |op: &dyn Fn(&str) -> Value| {
            let mut bytes = |id: &str| {
                let answer = eve.upload(&[transaction(next(), &[op(id)])]);
                let answer = answer.expect("an answer").expect(200);
                (
                    answer.body,
                    answer
                        .headers
                        .into_iter()
                        .filter(|(name, _)| name == "content-length")
                        .collect::<Vec<_>>(),
                )
            };
            assert_eq!(bytes(ID), bytes(MISSING), "{}", op(ID));
        };
        same(&|id| delete(table, id));
        same(&|id| patch(table, id, change.clone()));
        // Every column, in both spellings; and those that no device may name.
        let names = stand.rows(&format!(
            "SELECT attname AS name FROM pg_attribute WHERE attrelid = '\"{table}\"'::regclass AND attnum > 0"
        ));
        for name in names.as_array().expect("columns") {
            let name = name["name"].as_str().expect("a name");
            for spelling in [name.to_owned(), camel(name)] {
                for value in [
                    row[name].clone(),
                    json!(ADA),
                    json!(EVE),
                    json!(null),
                    json!(1),
                ] {
                    let mut data = change.clone();
                    data[&spelling] = value;
                    same(&|id| patch(table, id, data.clone()));
                }
            }
        }
        // As if it were the attacker's, and as if the attacker were somebody else.
        for spelling in [owner.to_owned(), camel(owner)] {
            for named in [ADA, EVE] {
                let mut data = row.clone();
                data[&spelling] = named.into();
                if in_key {
                    applied(&mut eve, &[put(table, ID, data)]);
                    continue;
                }
                let own = put("every_nullable", MISSING, json!({}));
                let result = one(&mut eve, &[own, put(table, ID, data)]);
                assert_eq!(result["code"], "id_taken", "{table} {result}");
                assert_eq!(result["op_index"], 1, "{table} {result}");
            }
        }
        if in_key {
            let own = format!("SELECT count(*) AS v FROM \"{table}\" WHERE {owner} = '{EVE}'");
            assert_eq!(stand.value(&own), 1, "{table}: a row of one's own");
            // From here on it has the id, too: and it is its own row that changes.
            if table != "entries" {
                applied(&mut eve, &[patch(table, ID, change)]);
            }
        }
    }
    for ((table, owner, ..), before) in tables().iter().zip(&before) {
        assert_eq!(of_ada(table, owner), *before, "{table}");
    }
    // Nothing of the attacker's is there, but for the rows of its own keys.
    assert_eq!(
        stand.value(&format!(
            "SELECT count(*) AS v FROM every_nullable WHERE owner_id = '{EVE}'"
        )),
        0
    );
    // The write API says the same.
    let mut bytes = |id: &str| {
        let body = json!({"transactions": [{"op_id": next(), "ops": [patch("vaults", id, json!({"name": "eve"}))]}]});
        let answer = eve.send("POST", "/api/data", body.to_string().as_bytes());
        answer.expect("an answer").expect(200).body
    };
    assert_eq!(bytes(ID), bytes(MISSING));
}

/// The second line: with no user named, or another's, the role itself reaches nothing.
#[test]
fn row_security_holds_where_the_server_would_not() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut ada = stand.device(ADA);
    applied(
        &mut ada,
        &[
            put("vaults", ID, json!({"name": "n"})),
            put("shelves", ID, json!({"name": "n"})),
        ],
    );
    let mut role =
        Client::connect(&url_of(&stand.db, "contract_app"), NoTls).expect("a connection");
    for user in [None, Some(EVE)] {
        for table in ["vaults", "shelves"] {
            let mut whole = role.transaction().expect("a transaction");
            if let Some(user) = user {
                let set = "SELECT set_config('syncline.user_id', $1, true)";
                whole.execute(set, &[&user]).expect("a setting");
            }
            let seen = whole.query(&format!("SELECT * FROM {table}"), &[]);
            assert!(seen.expect("rows").is_empty(), "{table} {user:?}");
            let changed = whole.execute(&format!("UPDATE {table} SET name = 'eve'"), &[]);
            assert_eq!(changed.expect("no rows"), 0, "{table} {user:?}");
            let insert =
                format!("INSERT INTO {table} (id, owner_id, name) VALUES ('x', '{ADA}', 'eve')");
            let refused = whole.execute(&insert, &[]).expect_err("another's row");
            assert_eq!(
                refused.code().map(|it| it.code()),
                Some("42501"),
                "{table} {user:?}"
            );
        }
    }
    // One user's connection is the next one's: nothing stays behind.
    let mut eve = stand.device(EVE);
    for _ in 0..20 {
        let ops = [patch("vaults", ID, json!({"name": "eve"}))];
        let answers = [
            ada.upload(&[transaction(next(), &[])]),
            eve.upload(&[transaction(next(), &ops)]),
        ];
        for answer in answers {
            assert_eq!(results(answer.expect("an answer"))[0]["status"], "applied");
        }
    }
    assert_eq!(stand.value("SELECT name AS v FROM vaults"), "n");
}
