//! A real PowerSync Service between a real PostgreSQL and real devices (`@powersync/node` with the
//! generated schema). The service is made and run elsewhere: its licence is not ours. What it has
//! to be, these variables say; without the first, the tests are skipped.
//!
//! | variable | holds |
//! |---|---|
//! | `POWERSYNC_SERVICE_URL` | where devices reach the service |
//! | `POWERSYNC_SOURCE_URL` | the database that it replicates, as a role that may write every table |
//! | `POWERSYNC_SIGNING_KEY` | a file with a private key as a JWK, or a list of them of which the first is taken, with `kid` and `alg`; the service knows its public half |
//! | `POWERSYNC_SCHEMA` | the schema source that database and service are made from; tests/schemas/kitchen.toml unless given |
//! | `POWERSYNC_AUDIENCE` | the audience of tokens; `[auth] audience` of the source unless given |
//!
//! To make one: `syncline generate` in a folder that has the schema source as syncline.toml, load
//! postgres/schema.sql and postgres/setup.sql into an empty database, and start the service with
//! powersync/service.yaml. Each test has users of its own: they run side by side, and again.

mod device;
mod stand;
mod values;

use serde_json::{Value, json};
use syncline_schema::model::Role;
use syncline_schema::types;

use device::Device;
use stand::{Stand, stand};

/// The stand and a device of a new user's, with one row in each table before it first syncs.
fn first_device(stand: &Stand) -> (Device, String) {
    let user = stand.new_user();
    stand.insert_rows(&user, 0);
    let device = stand.device(&user);
    device.first_sync();
    (device, user)
}

#[test]
fn first_sync() {
    let Some(stand) = stand() else { return };
    let (device, user) = first_device(&stand);
    for table in stand.owned() {
        assert_eq!(device.ids(table), [stand.id(&user, 0)], "{}", table.name);
    }
    // And what is written from then on.
    stand.insert_rows(&user, 1);
    let both = [stand.id(&user, 0), stand.id(&user, 1)];
    for table in stand.owned() {
        device.until(table, &both);
    }
}

#[test]
fn one_users_rows_only() {
    let Some(stand) = stand() else { return };
    let other = stand.new_user();
    stand.insert_rows(&other, 0);
    let (device, user) = first_device(&stand);
    stand.insert_rows(&other, 1);
    // What came before has arrived, or never will, once this is there.
    stand.insert_rows(&user, 1);
    let mine = [stand.id(&user, 0), stand.id(&user, 1)];
    let tables = stand.owned();
    for table in &tables {
        device.until(table, &mine);
    }
    // A row that changes hands goes from one device to the other.
    let others = stand.device(&other);
    others.first_sync();
    for table in &tables {
        stand.hand_over(table, &user, 1, &other);
    }
    for table in tables {
        device.until(table, &mine[..1]);
        let theirs = [stand.id(&other, 0), stand.id(&other, 1), mine[1].clone()];
        others.until(table, &theirs);
    }
}

#[test]
fn a_soft_delete_vanishes() {
    let Some(stand) = stand() else { return };
    let (device, user) = first_device(&stand);
    stand.insert_rows(&user, 1);
    let (gone, stays) = (stand.id(&user, 0), stand.id(&user, 1));
    let tables = stand.owned();
    let mut any = false;
    for table in &tables {
        let Some(deleted_at) = table.deleted_at() else {
            continue;
        };
        any = true;
        let visible = |device: &Device, both: bool| {
            let ids = [&gone, &stays].map(Clone::clone);
            device.until(table, if both { &ids } else { &ids[1..] });
        };
        visible(&device, true);
        stand.set(table, &deleted_at.name, "now()", &gone);
        visible(&device, table.sync_deleted_rows);
        stand.set(table, &deleted_at.name, "NULL", &gone);
        visible(&device, true);
    }
    assert!(any, "no table of the schema has soft deletes");
    // A row that is gone for good goes, too.
    stand.delete_rows(&tables, &gone);
    for table in tables {
        device.until(table, std::slice::from_ref(&stays));
    }
}

#[test]
fn every_column_type_is_equal_in_value() {
    let Some(stand) = stand() else { return };
    let user = stand.new_user();
    for row in 0..values::ROWS {
        stand.insert_rows(&user, row);
    }
    let device = stand.device(&user);
    device.first_sync();
    let mut seen = std::collections::BTreeSet::new();
    let mut wrong = Vec::new();
    for table in stand.owned() {
        for row in 0..values::ROWS {
            let found = device.row(table, &stand.id(&user, row));
            for column in table.device_columns() {
                seen.insert(types::postgres(&column.ty));
                let (_, expected) = stand.cell(table, column, &user, row);
                let Some(expected) = expected else { continue };
                let got = &found[&column.name];
                if !values::equal(column, got, &expected) {
                    wrong.push(format!(
                        "{}.{} in row {row}: {got}, not {expected}",
                        table.name, column.name
                    ));
                }
                // Times that PostgreSQL fills in are not known, but for their form.
                if column.role == Role::CreatedAt {
                    assert!(got.as_str().is_some_and(|it| it.len() == 24), "{got}");
                }
            }
        }
    }
    assert_eq!(wrong, [] as [String; 0], "{wrong:#?}");
    assert!(seen.len() >= 5, "few types: {seen:?}");
}

/// Tokens that the service must not take, so that the tests above are known to be able to fail.
#[test]
fn nobody_syncs_with_another_audience() {
    let Some(stand) = stand() else { return };
    let user = stand.new_user();
    stand.insert_rows(&user, 0);
    let device = stand.device_with(&user, &json!({"aud": format!("{}/", stand.audience)}));
    let said: Value = device.ask(&json!({"first_sync": 3000}));
    assert_eq!(said["synced"], false, "{said}");
    let error = said["error"].as_str().unwrap_or_default();
    assert!(error.contains("PSYNC_S2105"), "{said}");
    for table in stand.owned() {
        assert_eq!(device.ids(table), [] as [String; 0]);
    }
}
