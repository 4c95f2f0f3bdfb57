//! From one user to the next, with writes that the server has not seen.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used)]

#[allow(dead_code)]
mod kit;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kit::{Stand, Way};
use serde_json::json;
use syncline_client::runtime::{SyncTable as _, Timestamp};
use syncline_client::{
    Account, AccountError, AccountOptions, Database, FileStorage, Phase, SyncPhase, SyncState,
    SyncTable, UnsentPolicy, now,
};
use testkit::http::Answer;

/// A table of the kitchen.
#[derive(Debug, SyncTable)]
#[sync(crate = "::syncline_client::runtime")]
struct Accounts {
    id: String,
    balance: i64,
    created_at: Timestamp,
}

fn row(balance: i64) -> Accounts {
    Accounts {
        id: String::new(),
        balance,
        created_at: now(),
    }
}

fn account(stand: &Stand, device: &Database, change: impl FnOnce(&mut AccountOptions)) -> Account {
    let storage = FileStorage::new(stand.folder().join("account.json"));
    let mut options = AccountOptions::new(storage, stand.options());
    options.connect = false;
    options.drain_timeout = Duration::from_millis(700);
    change(&mut options);
    Account::new(device, options)
}

async fn rows(device: &Database) -> usize {
    device.select::<Accounts>("", []).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_user_sees_nothing_and_what_was_written_goes_up() {
    let stand = stand!();
    let device = stand.device(&[Accounts::TABLE]);
    let whose = account(&stand, &device, |_| {});
    let state = whose.open(Some("ann"), None).await.unwrap();
    assert_eq!(
        (state.phase, state.user.as_deref()),
        (Phase::Open, Some("ann"))
    );
    device.insert(row(1)).await.unwrap();

    // Ann's session still holds, so her writes are drained.
    let state = whose.open(Some("bob"), None).await.unwrap();
    assert_eq!(
        (state.user.as_deref(), state.database_version),
        (Some("bob"), 1)
    );
    assert_eq!(
        (rows(&device).await, device.unsent().await.unwrap()),
        (0, 0)
    );
    assert_eq!(stand.one("SELECT owner_id FROM accounts"), "ann");

    // Ann's session is not bob's: nothing is uploaded, and nothing goes.
    device.insert(row(2)).await.unwrap();
    let why = whose.open(Some("ann"), None).await.unwrap_err();
    assert!(matches!(why, AccountError::Unsent(1)), "{why}");
    assert_eq!(whose.state().borrow().phase, Phase::Closed);
    assert_eq!(
        whose.open(None, None).await.unwrap().user.as_deref(),
        Some("bob")
    );
    assert_eq!(rows(&device).await, 1);

    whose
        .open(Some("ann"), Some(UnsentPolicy::Discard))
        .await
        .unwrap();
    assert_eq!(rows(&device).await, 0);
    assert_eq!(stand.one("SELECT count(*) FROM accounts"), "1");

    // Kept for the same user's return, and for nobody else.
    device.insert(row(3)).await.unwrap();
    whose.sign_out(true, None).await.unwrap();
    assert_eq!(whose.state().borrow().phase, Phase::Closed);
    drop(whose);
    let taken = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&taken);
    let whose = account(&stand, &device, |options| {
        options.on_export = Some(Arc::new(move |it| {
            list.lock().unwrap().push(it.clone());
            Ok(())
        }));
    });
    assert_eq!(
        whose.open(Some("ann"), None).await.unwrap().user.as_deref(),
        Some("ann")
    );
    assert_eq!(rows(&device).await, 1);
    whose
        .sign_out(false, Some(UnsentPolicy::Export))
        .await
        .unwrap();
    assert_eq!((rows(&device).await, whose.owner()), (0, None));
    let taken = taken.lock().unwrap();
    assert_eq!((taken.len(), taken[0].user.as_deref()), (1, Some("ann")));
    assert_eq!(
        taken[0].transactions[0].1[0].data.as_ref().unwrap()["balance"],
        "3"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_died_is_completed_by_the_next_start() {
    for (step, left) in [("unsent", 1), ("clear", 0)] {
        let stand = stand!();
        let device = stand.device(&[Accounts::TABLE]);
        let whose = account(&stand, &device, |_| {});
        whose.open(Some("ann"), None).await.unwrap();
        device.insert(row(1)).await.unwrap();
        drop(whose);
        let text = json!({ "user": "ann", "version": 4, "leaving": { "to": "bob", "step": step } });
        std::fs::write(stand.folder().join("account.json"), text.to_string()).unwrap();
        // A start without network: bob's session is not ann's, so what is unsent stays until somebody decides.
        let whose = account(&stand, &device, |_| {});
        stand.fault(|_| Way::Instead(Answer::of(503, &json!({}))));
        let opened = whose.open(None, None).await;
        assert_eq!(rows(&device).await, left, "{step}");
        if left == 0 {
            let state = opened.unwrap();
            assert_eq!(
                (state.user.as_deref(), state.database_version),
                (Some("bob"), 5)
            );
        } else {
            assert!(matches!(opened, Err(AccountError::Unsent(1))));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn powersync_uploads_by_the_connector_and_the_status_says_so() {
    let stand = stand!();
    let device = stand.device(&[Accounts::TABLE]);
    let whose = account(&stand, &device, |options| options.connect = true);
    assert_eq!(
        whose.connector().signed_in().await.unwrap().as_deref(),
        Some("ann")
    );
    whose.open(Some("ann"), None).await.unwrap();
    device.insert(row(1)).await.unwrap();
    for _ in 0..200 {
        if device.unsent().await.unwrap() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(stand.one("SELECT balance FROM accounts"), "1");
    // There is no PowerSync Service.
    for _ in 0..200 {
        let state = SyncState::of(&device, whose.connector()).await.unwrap();
        if state.error.is_some() {
            assert_eq!(
                (state.phase, state.unsent),
                (SyncPhase::Offline, 0),
                "{state:?}"
            );
            device.powersync().disconnect().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no word of the service that is not there");
}
