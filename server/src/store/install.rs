//! Makes the bookkeeping's tables.

use tokio_postgres::{Client, Error};

/// The tables, to be run as often as one likes.
pub(crate) const SQL: &str = include_str!("bookkeeping.sql");

/// The version of the tables that this server needs.
pub(crate) const VERSION: i32 = 1;

/// What a role needs to do the server's work on them.
pub(crate) fn grants(role: &str) -> String {
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    format!(
        "GRANT USAGE ON SCHEMA syncline TO {role};\n\
         GRANT SELECT, INSERT, UPDATE, DELETE ON syncline.clients, syncline.uploads, syncline.dead_letters TO {role};\n\
         GRANT SELECT ON syncline.schema_versions, syncline.bookkeeping TO {role};\n"
    )
}

/// The version that the database has; 0 where it has none.
pub(crate) async fn version(client: &Client) -> Result<i32, Error> {
    let there = client
        .query_one(
            "SELECT to_regclass('syncline.bookkeeping') IS NOT NULL",
            &[],
        )
        .await?;
    if !there.get::<_, bool>(0) {
        return Ok(0);
    }
    let row = client
        .query_opt("SELECT version FROM syncline.bookkeeping", &[])
        .await?;
    Ok(row.map_or(0, |row| row.get(0)))
}

/// Makes the tables and gives the role what it needs, as the role that owns the database.
pub(crate) async fn install(client: &Client, role: &str) -> Result<(), Error> {
    // Two servers that start at once would both make the schema.
    let lock = "SELECT pg_advisory_xact_lock(hashtext('syncline.bookkeeping'))";
    let exists = client
        .query_one(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)",
            &[&role],
        )
        .await?;
    let grants = if exists.get(0) {
        grants(role)
    } else {
        String::new()
    };
    client
        .batch_execute(&format!("BEGIN; {lock};\n{SQL}\n{grants}COMMIT"))
        .await
}
