//! Uploads of devices of before.toml and of after.toml, through the mappers of after.toml. Built
//! and run by `devices.rs`; its argument is the URL of a database that went from one to the other.

#[path = "../../rust/driver/upload.rs"]
mod upload;

mod changes;
mod server;

use std::error::Error;

use postgres::{Client, NoTls};

pub type Failure = Box<dyn Error + Sync + Send>;

fn main() -> Result<(), Failure> {
    let url = std::env::args().nth(1).ok_or("no database")?;
    let mut client = Client::connect(&url, NoTls)?;
    // Nothing may depend on the session's zone, or on its style of dates.
    client.batch_execute("SET TIME ZONE 'America/St_Johns'; SET datestyle = 'German'")?;
    for (kind, change) in changes::ALL {
        change(&mut client).map_err(|error| format!("{kind}: {}", explain(&*error)))?;
    }
    println!("{} kinds of change", changes::ALL.len());
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
