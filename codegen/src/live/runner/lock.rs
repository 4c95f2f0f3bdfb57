//! One run at a time: an advisory lock of the session.
//!
//! It is asked for again and again, never waited for: a session that waits inside PostgreSQL holds
//! a snapshot, for which `CREATE INDEX CONCURRENTLY` in the other session would wait in turn.

use std::fmt;
use std::time::{Duration, Instant};

use tokio_postgres::{Client, Row};

use super::error::RunError;
use super::{Event, Progress, Session};

/// "SYNCLINE" in ASCII. Advisory locks belong to a database, so one number is enough.
const KEY: i64 = 0x5359_4e43_4c49_4e45;

/// How often the lock is asked for.
const PAUSE: Duration = Duration::from_millis(200);

/// A session that holds what another one wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its process on the server.
    pub pid: i32,
    /// Its application name.
    pub application: String,
    /// When it connected or began its transaction, in UTC, where we may see that.
    pub since: Option<String>,
    /// From where; none for a socket, or where we may not see that.
    pub address: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.pid)?;
        if !self.application.is_empty() {
            write!(f, ", `{}`", self.application)?;
        }
        if let Some(address) = &self.address {
            write!(f, ", from {address}")?;
        }
        if let Some(since) = &self.since {
            write!(f, ", since {since} UTC")?;
        }
        Ok(())
    }
}

impl Holder {
    fn read(row: &Row) -> Self {
        Self {
            pid: row.get(0),
            application: row.get::<_, Option<String>>(1).unwrap_or_default(),
            since: row.get(2),
            address: row.get(3),
        }
    }

    /// The sessions that the session `pid` waits for.
    pub(super) async fn blocking(
        client: &Client,
        pid: i32,
    ) -> Result<Vec<Self>, tokio_postgres::Error> {
        let rows = client
            .query(
                "SELECT s.pid, s.application_name, \
                 to_char(coalesce(s.xact_start, s.backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), \
                 host(s.client_addr) \
                 FROM unnest(pg_blocking_pids($1)) AS it(pid) JOIN pg_stat_activity s ON s.pid = it.pid",
                &[&pid],
            )
            .await?;
        Ok(rows.iter().map(Self::read).collect())
    }

    /// The session that migrates this database.
    async fn of_lock(client: &Client) -> Result<Option<Self>, tokio_postgres::Error> {
        let row = client
            .query_opt(
                "SELECT s.pid, s.application_name, \
                 to_char(s.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), host(s.client_addr) \
                 FROM pg_locks l JOIN pg_stat_activity s ON s.pid = l.pid \
                 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
                 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
                 AND (l.classid::bigint << 32 | l.objid::bigint) = $1 LIMIT 1",
                &[&KEY],
            )
            .await?;
        Ok(row.as_ref().map(Self::read))
    }
}

/// Takes the lock. It goes with the session.
pub(super) async fn take(session: &Session, progress: &dyn Progress) -> Result<(), RunError> {
    let started = Instant::now();
    let mut told = false;
    loop {
        let row = session
            .client
            .query_one("SELECT pg_try_advisory_lock($1)", &[&KEY])
            .await?;
        if row.get(0) {
            return Ok(());
        }
        let waited = started.elapsed();
        if waited >= session.limits.lock_wait {
            let holder = Holder::of_lock(&session.client).await?;
            return Err(RunError::Locked { holder, waited });
        }
        if !told {
            let holder = Holder::of_lock(&session.client).await?;
            progress.tell(Event::Waiting(holder.as_ref()));
            told = true;
        }
        let left = session.limits.lock_wait.saturating_sub(waited);
        tokio::time::sleep(PAUSE.min(left)).await;
    }
}

/// Gives the lock back.
pub(super) async fn release(session: &Session) -> Result<(), RunError> {
    session
        .client
        .query_one("SELECT pg_advisory_unlock($1)", &[&KEY])
        .await?;
    Ok(())
}

/// Is it still ours? A hand-written file may have given all locks back, and a pooler may have
/// given the session to somebody else.
pub(super) async fn held(session: &Session) -> Result<(), RunError> {
    let row = session
        .client
        .query_one(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 \
             AND pid = pg_backend_pid() AND (classid::bigint << 32 | objid::bigint) = $1)",
            &[&KEY],
        )
        .await?;
    if row.get(0) {
        return Ok(());
    }
    Err(RunError::Database {
        message: "the lock that keeps other runs out is gone".to_owned(),
        help: "connect to PostgreSQL itself, not through a pooler in transaction mode; and leave pg_advisory_unlock_all() out of migrations".to_owned(),
    })
}
