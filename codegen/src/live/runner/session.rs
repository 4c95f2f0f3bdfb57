//! The connection that migrates: its settings, and statements sent one by one.

use std::pin::pin;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::error::RunError;
use super::watch::Watch;
use super::{APPLICATION, Event, Progress};
use crate::live;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a statement may wait for a lock, in milliseconds.
    pub lock_timeout: u32,
    /// How long a statement in a transaction may run, in milliseconds; 0 for no limit.
    pub statement_timeout: u32,
    /// How long to wait for another run.
    pub lock_wait: Duration,
}

/// A connection for migrations.
pub struct Session {
    pub(super) client: Client,
    pub(super) limits: Limits,
    /// `app at localhost`, for people.
    pub(super) shown: String,
    pid: i32,
    version: i32,
    notices: Receiver<String>,
    watch: Watch,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("pid", &self.pid)
            .finish_non_exhaustive()
    }
}

/// How often a statement that runs is looked at.
const TICK: Duration = Duration::from_millis(200);

impl Session {
    /// Connects. Nothing is changed yet.
    ///
    /// # Errors
    /// There is no connection.
    pub async fn open(url: &str, limits: Limits) -> Result<Self, RunError> {
        let (sender, notices) = mpsc::channel();
        let client = live::listen(url, move |notice| {
            // Told to nobody once the session is closed.
            let _ = sender.send(format!(
                "{}: {}",
                notice.severity().to_lowercase(),
                notice.message()
            ));
        })
        .await?;
        client
            .batch_execute(&format!("SET application_name = '{APPLICATION}'"))
            .await?;
        let row = client
            .query_one(
                "SELECT pg_backend_pid(), current_setting('server_version_num')::int, \
                 current_database()::text, host(inet_server_addr()), inet_server_port()",
                &[],
            )
            .await?;
        let host: Option<String> = row.get(3);
        let database: String = row.get(2);
        let shown = match (host, row.get::<_, Option<i32>>(4)) {
            (Some(host), Some(port)) => format!("{database} at {host}:{port}"),
            _ => database,
        };
        let session = Self {
            client,
            limits,
            shown,
            pid: row.get(0),
            version: row.get(1),
            notices,
            watch: Watch::new(url),
        };
        session.reset().await?;
        Ok(session)
    }

    /// The database, for people.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The connection, for questions beside a run.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Puts every setting back that a file may have changed. Tables of ours are always named with
    /// their schema, those of the user are looked up in `public` first, as they were planned.
    pub(super) async fn reset(&self) -> Result<(), RunError> {
        let limits = self.limits;
        self.client
            .batch_execute(&format!(
                "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; UNLISTEN *; CLOSE ALL; DISCARD TEMP;
                 SET application_name = '{APPLICATION}';
                 SET idle_in_transaction_session_timeout = 0;
                 SET client_min_messages = 'notice';
                 SET lock_timeout = '{}ms';
                 SET statement_timeout = '{}ms';
                 SELECT set_config('search_path', 'public, ' || current_setting('search_path'), false)",
                limits.lock_timeout, limits.statement_timeout
            ))
            .await?;
        if self.version >= 140_000 {
            // Where the system can tell, the server ends what a killed run was waiting for.
            let _ = self
                .client
                .batch_execute("SET client_connection_check_interval = '2s'")
                .await;
        }
        while self.notices.try_recv().is_ok() {}
        Ok(())
    }

    /// Is this a server that takes writes?
    ///
    /// # Errors
    /// With the reason where it does not.
    pub(super) async fn writable(&self) -> Result<(), RunError> {
        let row = self
            .client
            .query_one(
                "SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'",
                &[],
            )
            .await?;
        let (message, help) = match (row.get(0), row.get(1)) {
            (true, _) => (
                format!(
                    "{} is a server in recovery: it follows another and takes no writes",
                    self.shown
                ),
                "connect to the primary server",
            ),
            (_, true) => (
                format!(
                    "{} takes no writes from this role: default_transaction_read_only is on",
                    self.shown
                ),
                "connect as another role, or `ALTER ROLE … RESET default_transaction_read_only`",
            ),
            _ => return Ok(()),
        };
        Err(RunError::Database {
            message,
            help: help.to_owned(),
        })
    }

    /// Sends one statement by itself and tells what happens meanwhile. Gives the rows it touched.
    pub(super) async fn run(
        &mut self,
        sql: &str,
        progress: &dyn Progress,
    ) -> Result<u64, tokio_postgres::Error> {
        let started = Instant::now();
        let mut work = pin!(send(&self.client, sql));
        loop {
            let ended = tokio::time::timeout(TICK, &mut work).await;
            while let Ok(notice) = self.notices.try_recv() {
                progress.tell(Event::Notice(&notice));
            }
            match ended {
                Ok(done) => return done,
                Err(_) => self.watch.look(self.pid, started.elapsed(), progress).await,
            }
        }
    }
}

async fn send(client: &Client, sql: &str) -> Result<u64, tokio_postgres::Error> {
    let mut stream = pin!(client.simple_query_raw(sql).await?);
    let mut rows = 0;
    while let Some(message) = stream.try_next().await? {
        if let SimpleQueryMessage::CommandComplete(count) = message {
            rows += count;
        }
    }
    Ok(rows)
}
