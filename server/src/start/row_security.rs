//! Tries writes that row security must refuse.

use deadpool_postgres::Client;
use syncline_runtime::{Access, Column, Scalar, TypedArray, Value};
use tokio_postgres::Error;
use tokio_postgres::types::ToSql;

use super::Finding;
use crate::app::Catalog;
use crate::store;
use crate::upload::Array;

/// Users that no issuer names: the control characters keep them apart from all others.
const SELF: &str = "\u{1}syncline self-test";
const OTHER: &str = "\u{1}syncline self-test of another";

/// Puts a row of another user into each owned table, in a transaction that is rolled back. Only
/// PostgreSQL's refusal is what we hope for: anything else means that a mistake in the server
/// would reach other users' rows.
pub(super) async fn check(
    client: &mut Client,
    catalog: &Catalog,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    for mapper in catalog.app.tables {
        let table = mapper.table;
        let Some(put) = mapper
            .statements
            .put
            .filter(|_| table.access == Access::Owner)
        else {
            continue;
        };
        if !has_row_security(client, table.schema, table.name).await? {
            // Not every table declares it.
            continue;
        }
        let whole = tokio_postgres::Client::transaction(client).await?;
        whole.execute(store::SET_USER, &[&SELF]).await?;
        let arrays: Vec<TypedArray> = put
            .columns
            .iter()
            .filter_map(|at| one(table.columns.get(*at)?))
            .collect();
        let arrays: Vec<_> = arrays.iter().map(Array).collect();
        let known: Option<Vec<u8>> = None;
        let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&OTHER, &known];
        parameters.extend(arrays.iter().map(|it| it as &(dyn ToSql + Sync)));
        let answer = whole.query(put.sql, &parameters).await;
        let refused = answer
            .as_ref()
            .err()
            .and_then(|why| why.code())
            .map(|code| code.code());
        if refused != Some("42501") {
            findings.push(Finding::new(
                format!("row security of {}.{} let the server write as another user", table.schema, table.name),
                "apply the migrations, which make the policies, and sign in as a role that they bind",
            ));
        }
        whole.rollback().await?;
    }
    Ok(())
}

async fn has_row_security(client: &Client, schema: &str, table: &str) -> Result<bool, Error> {
    const ON: &str = "\
SELECT c.relrowsecurity FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2";
    let row = client.query_opt(ON, &[&schema, &table]).await?;
    Ok(row.is_some_and(|row| row.get(0)))
}

/// An array of one value: an id that nobody has, and NULL for all else. Policies are asked before
/// constraints are.
fn one(column: &Column) -> Option<TypedArray> {
    let mut array = TypedArray::for_column(column);
    let value = match (column.role, column.scalar) {
        (syncline_runtime::Role::Id, Scalar::Uuid) => Value::Uuid([0xf5; 16]),
        (syncline_runtime::Role::Id, _) => Value::Text(OTHER.to_owned()),
        _ => Value::Null,
    };
    array.push(value).ok()?;
    Some(array)
}
