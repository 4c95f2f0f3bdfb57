//! Devices on PowerSync's own crate, the app's server and PostgreSQL.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used)]

#[allow(dead_code)]
mod kit;
#[path = "../../tests/schemas/kitchen.rs"]
#[allow(dead_code)]
mod kitchen;

use futures_lite::{StreamExt, pin};
use kit::Way;
use kitchen::{Articles, Drafts, EveryArray, EveryNullable, EveryType, EveryTypeAnEnum};
use syncline_client::runtime::*;
use syncline_client::rusqlite::types::Value as Sql;
use syncline_client::{UploadError, WriteError, new_id, now};
use testkit::http::Answer;

const TABLES: &[&Table] = &[
    EveryType::TABLE,
    EveryNullable::TABLE,
    EveryArray::TABLE,
    Folders::TABLE,
    Articles::TABLE,
    Drafts::TABLE,
];

fn every_type() -> EveryType {
    EveryType {
        id: new_id(),
        owner_id: None,
        a_text: "ä \"quoted\" \\ \u{1f600}\nline".into(),
        a_varchar: "x".repeat(40),
        a_boolean: true,
        a_smallint: i16::MIN,
        a_integer: i32::MAX,
        a_bigint: i64::MIN,
        a_real: 0.1,
        a_double: 0.123_456_789_012_345,
        a_decimal: Decimal("-1234567890.10".into()),
        a_timestamp: Timestamp(1_767_323_045_678_000),
        a_local_timestamp: LocalTimestamp(-1_000),
        a_date: Date(-719_162),
        a_time: Time(86_399_999_000),
        a_uuid: Uuid([0xfe; 16]),
        a_json: Json("{\"a\": [1, null, \"b\"]}".into()),
        a_bytes: vec![0, 255, 7],
        an_enum: EveryTypeAnEnum::ItS,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

fn every_array() -> EveryArray {
    EveryArray {
        id: new_id(),
        owner_id: None,
        texts: vec!["a,b".into(), "{\"}".into(), String::new()],
        varchars: None,
        booleans: vec![true, false],
        smallints: vec![-1],
        integers: Some(vec![]),
        bigints: vec![9_007_199_254_740_993],
        reals: vec![0.5],
        doubles: vec![1e300],
        decimals: vec![Decimal("0.10".into())],
        timestamps: vec![Timestamp(0)],
        local_timestamps: vec![LocalTimestamp(1_000)],
        dates: vec![Date(0)],
        times: vec![Time(0)],
        uuids: vec![Uuid([1; 16])],
        created_at: now(),
        updated_at: now(),
    }
}

fn nothing() -> EveryNullable {
    EveryNullable {
        id: String::new(),
        owner_id: None,
        a_text: None,
        a_varchar: None,
        a_boolean: None,
        a_smallint: None,
        a_integer: None,
        a_bigint: None,
        a_real: None,
        a_double: None,
        a_decimal: None,
        a_timestamp: None,
        a_local_timestamp: None,
        a_date: None,
        a_time: None,
        a_uuid: None,
        a_json: None,
        a_bytes: None,
        an_enum: None,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_column_type_goes_up_as_it_was_written() {
    let stand = stand!();
    let device = stand.device(TABLES);
    let (connector, told) = stand.connector();

    // Offline.
    let mut whole = every_type();
    assert_eq!(device.insert(whole.clone()).await.unwrap(), whole.id);
    let mut arrays = every_array();
    device.insert(arrays.clone()).await.unwrap();
    let mut none = nothing();
    none.id = device.insert(none.clone()).await.unwrap();
    let infinite = EveryNullable {
        a_double: Some(f64::INFINITY),
        a_real: Some(f32::NEG_INFINITY),
        ..nothing()
    };
    let infinite_id = device.insert(infinite).await.unwrap();
    let (gone, marked) = (every_array(), every_type());
    device.insert(gone.clone()).await.unwrap();
    device.insert(marked.clone()).await.unwrap();
    let changed = device.update::<EveryType>(&whole.id, |row| {
        row.a_bigint = i64::MAX;
        row.a_text.clear();
    });
    assert!(changed.await.unwrap());
    // PowerSync's extension cannot compare JSON with an infinite number: an error, and nothing is queued.
    let changed = device.update::<EveryNullable>(&infinite_id, |row| row.a_boolean = Some(true));
    assert!(matches!(changed.await, Err(WriteError::Database(_))));
    assert!(device.delete::<EveryArray>(&gone.id).await.unwrap());
    assert!(device.delete::<EveryType>(&marked.id).await.unwrap());
    assert!(!device.delete::<EveryType>("not there").await.unwrap());

    whole.a_bigint = i64::MAX;
    whole.a_text.clear();
    let mut read: EveryType = device.get(&whole.id).await.unwrap().unwrap();
    assert!(read.updated_at >= whole.updated_at);
    read.updated_at = whole.updated_at.clone();
    assert_eq!(read, whole);
    assert_eq!(
        device.get::<EveryArray>(&arrays.id).await.unwrap(),
        Some(arrays.clone())
    );
    let read: EveryNullable = device.get(&infinite_id).await.unwrap().unwrap();
    assert_eq!(
        (read.a_double, read.a_real),
        (Some(f64::INFINITY), Some(f32::NEG_INFINITY))
    );
    assert_eq!(device.unsent().await.unwrap(), 9);

    connector.upload(&device).await.unwrap();
    assert_eq!(device.unsent().await.unwrap(), 0);
    assert!(told.lock().unwrap().is_empty(), "{told:?}");

    let owner = Some("ann".to_owned());
    let up: EveryType = stand.row(&whole.id);
    (whole.owner_id, whole.updated_at) = (owner.clone(), up.updated_at.clone());
    assert_eq!(up, whole);
    let up: EveryArray = stand.row(&arrays.id);
    (arrays.owner_id, arrays.updated_at) = (owner.clone(), up.updated_at.clone());
    assert_eq!(up, arrays);
    let up: EveryNullable = stand.row(&none.id);
    (none.owner_id, none.updated_at) = (owner, up.updated_at.clone());
    assert_eq!(up, none);
    let up: EveryNullable = stand.row(&infinite_id);
    assert_eq!(
        (up.a_double, up.a_real),
        (Some(f64::INFINITY), Some(f32::NEG_INFINITY))
    );
    assert!(stand.row::<EveryType>(&marked.id).deleted_at.is_some());
    assert_eq!(stand.one("SELECT count(*) FROM every_array"), "1");
}

/// The kitchen's, without what only the server fills: the field of such a column is an `Option`, or not there.
#[derive(Debug, Clone, PartialEq, syncline_client::SyncTable)]
#[sync(crate = "::syncline_client::runtime")]
struct Folders {
    id: String,
    owner_id: Option<String>,
    #[sync(max_length = 200)]
    name: String,
    #[sync(max_length = 60)]
    slug: String,
    #[sync(default = 0)]
    position: i32,
    #[sync(immutable)]
    kind: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

/// A folder, which the server takes where the slug is a good one.
fn folder(slug: &str) -> Folders {
    Folders {
        id: new_id(),
        owner_id: None,
        name: slug.into(),
        slug: slug.into(),
        position: 0,
        kind: "plain".into(),
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_transaction_between_good_ones() {
    let stand = stand!();
    let device = stand.device(TABLES);
    let (connector, told) = stand.connector();
    device.insert(folder("one")).await.unwrap();
    // Only PostgreSQL knows the rule of the second: its transaction goes whole.
    let poison = device.write(|tx| {
        tx.insert(folder("two"))?;
        tx.insert(folder("NOT A SLUG"))
    });
    poison.await.unwrap();
    device.insert(folder("three")).await.unwrap();

    // 503 keeps the queue and is heeded.
    stand.fault(|_| {
        let mut answer = Answer::of(503, &serde_json::json!({}));
        answer.headers.push(("retry-after".into(), "30".into()));
        Way::Instead(answer)
    });
    let why = connector.upload(&device).await.unwrap_err();
    assert!(
        matches!(
            why,
            UploadError::Answered {
                status: 503,
                retry_at: Some(_),
                ..
            }
        ),
        "{why:?}"
    );
    let left = connector.waiting_until() - now().0 / 1_000;
    assert!((25_000..=30_000).contains(&left), "{left}");
    stand.fault(|_| panic!("it was asked to wait"));
    assert!(connector.upload(&device).await.is_err());
    assert_eq!(device.unsent().await.unwrap(), 4);
    connector.retry();

    // The answer of the upload is lost: what comes next is known already.
    stand.fault(|_| Way::Lost);
    let why = connector.upload(&device).await.unwrap_err();
    assert!(matches!(why, UploadError::Unreachable(_)), "{why:?}");
    assert_eq!(device.unsent().await.unwrap(), 4);
    stand.fault(|_| Way::On);
    connector.upload(&device).await.unwrap();

    assert_eq!(device.unsent().await.unwrap(), 0);
    assert_eq!(
        stand.one("SELECT string_agg(slug, ',' ORDER BY slug) FROM folders"),
        "one,three"
    );
    assert_eq!(stand.one("SELECT count(*) FROM syncline.dead_letters"), "1");
    let told = told.lock().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (told[0].code.as_str(), told[0].repeated),
        ("check_violation", true)
    );
    assert_eq!((told[0].ops.len(), told[0].op_index), (2, Some(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_has_a_verdict_leaves_the_queue() {
    let stand = stand!();
    let device = stand.device(TABLES);
    let (connector, told) = stand.connector();
    for slug in ["one", "two", "three"] {
        device.insert(folder(slug)).await.unwrap();
    }
    let bodies = [
        // The page of a hotel's network.
        (serde_json::json!("<html>"), 3),
        (
            serde_json::json!({ "results": [{ "status": "applied" }, { "status": "later" }, { "status": "applied" }] }),
            2,
        ),
        (
            serde_json::json!({ "results": [{ "status": "rejected", "code": "denied" }] }),
            1,
        ),
    ];
    for (body, left) in bodies {
        stand.fault(move |_| Way::Instead(Answer::of(200, &body)));
        let why = connector.upload(&device).await.unwrap_err();
        assert_eq!(why.status(), Some(200), "{why:?}");
        assert_eq!(device.unsent().await.unwrap(), left);
    }
    let told = told.lock().unwrap();
    assert_eq!(
        told.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(),
        ["denied"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_server_takes_blocks_until_it_is_decided() {
    let stand = stand!();
    let device = stand.device(TABLES);
    let (connector, _) = stand.connector();
    let slugs = ["one", "two", "three", "four"];
    for slug in slugs {
        device.insert(folder(slug)).await.unwrap();
    }
    // One of four can never be taken; the others are, one after the other.
    stand.fault(|request| {
        let body = String::from_utf8_lossy(&request.body);
        if body.contains("\"three\"") {
            Way::Instead(Answer::of(
                413,
                &serde_json::json!({ "error": "too large" }),
            ))
        } else {
            Way::On
        }
    });
    connector.upload(&device).await.unwrap();
    let why = connector.upload(&device).await.unwrap_err();
    assert!(
        matches!(why, UploadError::Blocked { status: 413, .. }),
        "{why:?}"
    );
    assert_eq!(device.unsent().await.unwrap(), 2);
    let again = connector.upload(&device).await.unwrap_err();
    assert!(matches!(again, UploadError::Blocked { .. }), "{again:?}");
    let skipped = connector.skip_blocked(&device).await.unwrap().unwrap();
    assert_eq!(skipped.ops[0].data.as_ref().unwrap()["slug"], "three");
    connector.upload(&device).await.unwrap();
    assert_eq!(
        stand.one("SELECT string_agg(slug, ',' ORDER BY slug) FROM folders"),
        "four,one,two"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_not_used_again() {
    let stand = stand!();
    let device = stand.device(TABLES);
    let (connector, _) = stand.connector();
    device.insert(folder("one")).await.unwrap();
    stand.fault(|_| Way::Instead(Answer::of(401, &serde_json::json!({}))));
    let why = connector.upload(&device).await.unwrap_err();
    assert_eq!(why.status(), Some(401), "{why:?}");
    stand.fault(|_| Way::On);
    // The next token is of who is signed in by then.
    stand.sign_in("bob");
    connector.upload(&device).await.unwrap();
    assert_eq!(stand.one("SELECT owner_id FROM folders"), "bob");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_would_refuse_fails_at_the_call() {
    let folder_of_files = tempfile::tempdir().unwrap();
    let device =
        syncline_client::Database::open(folder_of_files.path().join("a.db"), TABLES).unwrap();
    let long = EveryType {
        a_varchar: "x".repeat(41),
        a_decimal: Decimal("0.001".into()),
        ..every_type()
    };
    let why = device.insert(long).await.unwrap_err();
    let WriteError::Invalid { table, problems } = &why else {
        panic!("{why:?}")
    };
    let columns: Vec<_> = problems.iter().map(Invalid::column).collect();
    assert_eq!(
        (*table, columns),
        ("every_type", vec!["a_varchar", "a_decimal"])
    );
    let article = Articles {
        id: new_id(),
        title: "t".into(),
        published_at: None,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    };
    let why = device.insert(article).await.unwrap_err();
    assert!(
        matches!(why, WriteError::NotWritable { table: "articles" }),
        "{why}"
    );
    let id = device.insert(folder("one")).await.unwrap();
    let kind = device
        .update::<Folders>(&id, |row| row.kind = "other".into())
        .await;
    assert!(kind.is_err());
    // An error undoes the whole transaction.
    let both = device.write(|tx| {
        tx.insert(folder("two"))?;
        tx.insert(Folders {
            name: "x".repeat(201),
            ..folder("three")
        })
    });
    assert!(both.await.is_err());
    assert_eq!(device.unsent().await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_watched() {
    let folder_of_files = tempfile::tempdir().unwrap();
    let device =
        syncline_client::Database::open(folder_of_files.path().join("a.db"), TABLES).unwrap();
    let seen = device.watch::<Folders>("WHERE position > ? ORDER BY slug", [Sql::Integer(0)]);
    pin!(seen);
    assert!(seen.next().await.unwrap().unwrap().is_empty());
    let id = device
        .insert(Folders {
            position: 1,
            ..folder("one")
        })
        .await
        .unwrap();
    let rows = seen.next().await.unwrap().unwrap();
    assert_eq!(rows.iter().map(|it| &it.id).collect::<Vec<_>>(), [&id]);
}
