//! Drives the kitchen's mappers against PostgreSQL: decodes uploads, binds them to the generated
//! statements, and looks at the rows. Built and run by `rust.rs`; its argument is a database URL.

mod rows;
mod upload;
mod values;

use std::error::Error;

use postgres::{Client, NoTls};

type Failure = Box<dyn Error + Sync + Send>;

fn main() -> Result<(), Failure> {
    let url = std::env::args().nth(1).ok_or("no database")?;
    let mut client = Client::connect(&url, NoTls)?;
    // Nothing may depend on the session's zone.
    client.batch_execute("SET TIME ZONE 'America/St_Johns'")?;
    let promises: &[(&str, fn(&mut Client) -> Result<(), Failure>)] = &[
        ("values read back", values::values_read_back),
        ("array values read back", values::array_values_read_back),
        (
            "PostgreSQL refuses rather than cuts",
            values::too_long_is_refused,
        ),
        ("rows of structs", values::rows_of_structs),
        ("a put replaces", rows::a_put_replaces),
        (
            "a put keeps what its device does not know",
            rows::a_put_keeps_the_unknown,
        ),
        (
            "a patch changes what it names",
            rows::a_patch_changes_what_it_names,
        ),
        ("foreign rows stay", rows::foreign_rows_stay),
        ("deletes", rows::deletes),
        ("the owner in the key", rows::the_owner_in_the_key),
        ("an owner that is a uuid", rows::an_owner_that_is_a_uuid),
        (
            "insert only, and not at all",
            rows::insert_only_and_not_at_all,
        ),
    ];
    for (name, promise) in promises {
        promise(&mut client).map_err(|error| format!("{name}: {}", explain(&*error)))?;
    }
    println!("{} promises kept", promises.len());
    Ok(())
}

/// An error with its causes: PostgreSQL's words are one of them.
fn explain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    if let Some(cause) = error.source() {
        text.push_str(": ");
        text.push_str(&explain(cause));
    }
    text
}

/// One text of a query; `NULL` for NULL.
fn look(client: &mut Client, sql: &str) -> Result<String, Failure> {
    client.batch_execute("BEGIN; SET LOCAL TIME ZONE 'UTC'")?;
    let row = client.query_one(sql, &[])?;
    client.batch_execute("COMMIT")?;
    Ok(row
        .get::<_, Option<String>>(0)
        .unwrap_or_else(|| "NULL".to_owned()))
}

fn expect(what: &str, is: &str, wanted: &str) -> Result<(), Failure> {
    if is == wanted {
        return Ok(());
    }
    Err(format!("{what} is {is:?}, not {wanted:?}").into())
}
