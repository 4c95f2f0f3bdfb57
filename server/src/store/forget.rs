//! Forgets old uploads, a bounded number at a time.

use std::time::Duration;

use deadpool_postgres::Pool;
use tokio::time::{interval, sleep};
use tokio_postgres::Error;

use crate::config::Config;

/// Rows of one statement: short enough to hold nobody up.
const BATCH: i64 = 1_000;

/// Uploads that are old enough and not among the last of their client.
///
/// `$1` seconds to remember, `$2` how many of each client's last ones stay, `$3` rows.
const FORGET: &str = "\
WITH old AS (
  SELECT u.client, u.op_id, u.digest
  FROM syncline.uploads AS u
  WHERE u.uploaded_at < now() - make_interval(secs => $1::double precision)
    AND u.uploaded_at < coalesce((
      SELECT l.uploaded_at FROM syncline.uploads AS l WHERE l.client = u.client
      ORDER BY l.uploaded_at DESC OFFSET greatest($2::bigint - 1, 0) LIMIT 1
    ), '-infinity')
  LIMIT $3::bigint
)
DELETE FROM syncline.uploads AS u USING old
WHERE u.client = old.client AND u.op_id = old.op_id AND u.digest = old.digest";

/// Forgets for as long as the server runs. Several servers may: each forgets what it finds.
pub(crate) async fn forever(pool: Pool, config: Config) {
    if config.forget_every.0.is_zero() {
        return;
    }
    let mut ticks = interval(config.forget_every.0);
    loop {
        ticks.tick().await;
        match run(&pool, &config).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "old uploads were forgotten"),
            Err(why) => tracing::warn!(%why, "old uploads could not be forgotten"),
        }
    }
}

/// Forgets all that is old now; gives the number.
async fn run(pool: &Pool, config: &Config) -> Result<u64, String> {
    let mut all = 0;
    loop {
        let client = pool.get().await.map_err(|why| why.to_string())?;
        let rows = forget(&client, config.remember.0, config.remember_last).await;
        let rows = rows.map_err(|why| why.to_string())?;
        all += rows;
        if rows < BATCH.unsigned_abs() {
            return Ok(all);
        }
        drop(client);
        sleep(Duration::from_millis(100)).await;
    }
}

async fn forget(
    client: &tokio_postgres::Client,
    remember: Duration,
    last: i64,
) -> Result<u64, Error> {
    client
        .execute(FORGET, &[&remember.as_secs_f64(), &last, &BATCH])
        .await
}
