//! A second connection that looks at what the first one is doing.

use std::time::{Duration, Instant};

use tokio_postgres::Client;

use super::{APPLICATION, Event, Holder, Progress};
use crate::live;

/// How long a statement runs before anybody looks.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often.
const PAUSE: Duration = Duration::from_secs(1);

/// How long looking may take: a run never waits for its progress bar.
const LIMIT: Duration = Duration::from_secs(2);

/// What PostgreSQL says of long statements: what, done, total.
const LONG: &str = "
SELECT what, done, total FROM (
  SELECT pid, 'index ' || coalesce(nullif(index_relid, 0)::regclass::text || ': ', '') || phase AS what,
    CASE WHEN blocks_total > 0 THEN blocks_done ELSE tuples_done END AS done,
    CASE WHEN blocks_total > 0 THEN blocks_total ELSE tuples_total END AS total
  FROM pg_stat_progress_create_index
  UNION ALL
  SELECT pid, 'vacuum: ' || phase, heap_blks_scanned, heap_blks_total FROM pg_stat_progress_vacuum
  UNION ALL
  SELECT pid, lower(command) || ': ' || phase, heap_blks_scanned, heap_blks_total FROM pg_stat_progress_cluster
  UNION ALL
  SELECT pid, 'analyze: ' || phase, sample_blks_scanned, sample_blks_total FROM pg_stat_progress_analyze
) AS long WHERE pid = $1";

pub(super) struct Watch {
    url: String,
    client: Option<Client>,
    /// No second connection is to be had: asked once.
    refused: bool,
    last: Option<Instant>,
}

impl Watch {
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            client: None,
            refused: false,
            last: None,
        }
    }

    /// Tells how far the session `pid` is, or who it waits for. Silent where it cannot.
    pub(super) async fn look(&mut self, pid: i32, running: Duration, progress: &dyn Progress) {
        let recent = self.last.is_some_and(|it| it.elapsed() < PAUSE);
        if running < PATIENCE || recent || self.refused {
            return;
        }
        self.last = Some(Instant::now());
        let looked = tokio::time::timeout(LIMIT, self.ask(pid, running, progress)).await;
        if !matches!(looked, Ok(Some(()))) {
            self.refused = self.client.is_none();
            self.client = None;
        }
    }

    async fn ask(&mut self, pid: i32, running: Duration, progress: &dyn Progress) -> Option<()> {
        if self.client.is_none() {
            let client = live::connect(&self.url).await.ok()?;
            let name = format!("SET application_name = '{APPLICATION} (progress)'");
            client.batch_execute(&name).await.ok()?;
            self.client = Some(client);
        }
        let client = self.client.as_ref()?;
        for row in client.query(LONG, &[&pid]).await.ok()? {
            let count = |at| {
                row.get::<_, Option<i64>>(at)
                    .and_then(|it| u64::try_from(it).ok())
            };
            progress.tell(Event::Long {
                what: row.get(0),
                done: count(1).unwrap_or(0),
                total: count(2).unwrap_or(0),
                time: running,
            });
        }
        for holder in Holder::blocking(client, pid).await.ok()? {
            progress.tell(Event::Blocked(&holder));
        }
        Some(())
    }
}
