//! Looks at the database now and then, so that reading the metrics never waits for it.

use std::collections::BTreeSet;
use std::time::Duration;

use deadpool_postgres::Pool;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_postgres::Client;

use super::{
    DATABASE_UP, DEAD_LETTERS, DEAD_LETTERS_AGE, POOL_CONNECTIONS, POOL_WAITING, SLOT_ACTIVE,
    SLOT_LAG,
};

/// A database that takes longer than this to answer is down, as far as the metrics go.
const PATIENCE: Duration = Duration::from_secs(10);

const LETTERS: &str = "\
SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::double precision
FROM syncline.dead_letters WHERE state = 'open'";

/// A standby has no position of its own to write at.
const SLOTS: &str = "\
SELECT slot_name::text, active, pg_wal_lsn_diff(
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
    coalesce(restart_lsn, confirmed_flush_lsn)
  )::double precision
FROM pg_replication_slots WHERE slot_type = 'physical' OR database = current_database()";

/// Measures for as long as the server runs; not at all where the time between is none.
pub(crate) async fn forever(of: Pool, every: Duration) {
    if every.is_zero() {
        return;
    }
    let mut slots = BTreeSet::new();
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        super::upkeep();
        let up = timeout(PATIENCE, database(&of, &mut slots)).await;
        let up = up.map_err(|_| "it took too long".to_owned()).flatten();
        if let Err(why) = &up {
            tracing::warn!(%why, "the database could not be measured");
        }
        metrics::gauge!(DATABASE_UP).set(if up.is_ok() { 1.0 } else { 0.0 });
    }
}

/// How the pool stands at this moment.
pub(crate) fn pool(of: &Pool) {
    let status = of.status();
    let used = status.size.saturating_sub(status.available);
    let states = [
        ("idle", status.available),
        ("used", used),
        ("most", status.max_size),
    ];
    for (state, number) in states {
        metrics::gauge!(POOL_CONNECTIONS, "state" => state).set(number as f64);
    }
    metrics::gauge!(POOL_WAITING).set(status.waiting as f64);
}

async fn database(of: &Pool, slots: &mut BTreeSet<String>) -> Result<(), String> {
    let client = of.get().await.map_err(|why| why.to_string())?;
    measure(&client, slots).await.map_err(|why| why.to_string())
}

async fn measure(
    client: &Client,
    slots: &mut BTreeSet<String>,
) -> Result<(), tokio_postgres::Error> {
    let letters = client.query_one(LETTERS, &[]).await?;
    metrics::gauge!(DEAD_LETTERS).set(letters.get::<_, i64>(0) as f64);
    metrics::gauge!(DEAD_LETTERS_AGE).set(letters.get::<_, f64>(1));
    let mut gone = std::mem::take(slots);
    for row in client.query(SLOTS, &[]).await? {
        let slot: String = row.get(0);
        let active = if row.get(1) { 1.0 } else { 0.0 };
        // A slot that was just made has kept nothing yet.
        let lag = row.get::<_, Option<f64>>(2).unwrap_or_default();
        metrics::gauge!(SLOT_ACTIVE, "slot" => slot.clone()).set(active);
        metrics::gauge!(SLOT_LAG, "slot" => slot.clone()).set(lag);
        gone.remove(&slot);
        slots.insert(slot);
    }
    // A gauge stays; what nobody keeps back any more has no lag.
    for slot in gone {
        metrics::gauge!(SLOT_ACTIVE, "slot" => slot.clone()).set(0.0);
        metrics::gauge!(SLOT_LAG, "slot" => slot).set(0.0);
    }
    Ok(())
}
