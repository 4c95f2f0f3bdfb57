//! How many rows there are: as PostgreSQL estimates them, or one by one.

use std::collections::BTreeMap;

use tokio_postgres::{Client, Error};

use crate::diff::TableName;

/// The rows of these tables. An estimate is what the table had when it was last analysed or
/// vacuumed, and missing where it never was; a table that is not there is missing too.
///
/// # Errors
/// The connection fails, or the role may not read a table that is to be counted.
pub async fn rows(
    client: &Client,
    tables: &[TableName],
    exact: bool,
) -> Result<BTreeMap<TableName, i64>, Error> {
    let mut out = BTreeMap::new();
    for table in tables {
        let name = table.to_string();
        let known = client
            .query_opt(
                "SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass($1)",
                &[&name],
            )
            .await?;
        let Some(estimate) = known.map(|row| row.get::<_, i64>(0)) else {
            continue;
        };
        if exact {
            out.insert(
                table.clone(),
                one(client, &format!("SELECT count(*) FROM {name}")).await?,
            );
        } else if estimate >= 0 {
            out.insert(table.clone(), estimate);
        }
    }
    Ok(out)
}

/// The one number of a query.
///
/// # Errors
/// The connection fails, or the query speaks of what is not there.
pub async fn one(client: &Client, sql: &str) -> Result<i64, Error> {
    Ok(client.query_one(sql, &[]).await?.get(0))
}
