//! Dead letters, for those who run the server.

use tokio_postgres::{Client, Error, Row};

/// A dead letter without its payload.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct DeadLetter {
    pub(crate) id: i64,
    pub(crate) user_id: String,
    pub(crate) client_id: Option<String>,
    pub(crate) op_id: Option<String>,
    pub(crate) schema_version: Option<String>,
    pub(crate) code: String,
    pub(crate) op_index: Option<i32>,
    pub(crate) column: Option<String>,
    pub(crate) message: String,
    pub(crate) state: String,
    pub(crate) created_at: String,
}

const COLUMNS: &str = "\
id, user_id, client_id, op_id, schema_version, code, op_index, column_name, message, state,
  to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";

impl DeadLetter {
    fn of(row: &Row) -> Self {
        Self {
            id: row.get(0),
            user_id: row.get(1),
            client_id: row.get(2),
            op_id: row.get(3),
            schema_version: row.get(4),
            code: row.get(5),
            op_index: row.get(6),
            column: row.get(7),
            message: row.get(8),
            state: row.get(9),
            created_at: row.get(10),
        }
    }
}

/// The newest ones of a user or of all, of a state or of all.
pub(crate) async fn list(
    client: &Client,
    user: Option<&str>,
    state: Option<&str>,
    most: i64,
) -> Result<Vec<DeadLetter>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM syncline.dead_letters \
         WHERE ($1::text IS NULL OR user_id = $1) AND ($2::text IS NULL OR state = $2) \
         ORDER BY id DESC LIMIT $3"
    );
    let rows = client.query(&sql, &[&user, &state, &most]).await?;
    Ok(rows.iter().map(DeadLetter::of).collect())
}

/// One, with the JSON array of its ops as the device sent it.
pub(crate) async fn get(client: &Client, id: i64) -> Result<Option<(DeadLetter, Vec<u8>)>, Error> {
    let sql = format!("SELECT {COLUMNS}, payload FROM syncline.dead_letters WHERE id = $1");
    let row = client.query_opt(&sql, &[&id]).await?;
    Ok(row.map(|row| (DeadLetter::of(&row), row.get(11))))
}

/// Settles an open one: `$1` its number, `$2` the state.
pub(crate) const SETTLE: &str = "\
UPDATE syncline.dead_letters SET state = $2::text, settled_at = now()
WHERE id = $1::bigint AND state = 'open'";

/// Settles an open one; false where it is not open.
pub(crate) async fn settle(client: &Client, id: i64, state: &str) -> Result<bool, Error> {
    let changed = client.execute(SETTLE, &[&id, &state]).await?;
    Ok(changed == 1)
}
