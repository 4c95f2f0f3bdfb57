//! Signs in as another role than the tests' own.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::url::with_user;
use super::{Client, NoTls, explain};

/// The password that roles get on servers that are only for tests.
const PASSWORD: &str = "pass_of_tests";

/// The URL of the same database for a role that it has. The role gets a password, once in a run:
/// servers differ in whether they ask for one.
///
/// # Panics
/// The role is not there, or `url` is not a superuser's.
#[track_caller]
pub fn url_as(url: &str, role: &str) -> String {
    static DONE: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if url.contains(&format!("://{role}:")) || url.contains(&format!("://{role}@")) {
        return url.to_owned();
    }
    let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    if done.insert(role.to_owned()) {
        let sql = format!("ALTER ROLE \"{role}\" LOGIN PASSWORD '{PASSWORD}'");
        let altered = Client::connect(url, NoTls).and_then(|mut client| client.batch_execute(&sql));
        altered.unwrap_or_else(|error| panic!("{role}: {}", explain(&error)));
    }
    with_user(url, role, PASSWORD)
}
