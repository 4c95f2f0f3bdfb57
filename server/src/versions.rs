//! What the devices of each version of the schema know.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use deadpool_postgres::Pool;
use serde::Deserialize;
use syncline_runtime::Mask;
use tokio::sync::Mutex;

use crate::app::{Catalog, TableIndex};

/// How long an unknown version is not looked for again.
const COOL_DOWN: Duration = Duration::from_secs(5);

/// For each table of the app, what a version's devices know of it.
type Known = Vec<Option<Mask>>;

/// The versions that the database names, read again when a device names another.
#[derive(Debug)]
pub(crate) struct Versions {
    own: &'static str,
    tables: Vec<Table>,
    known: RwLock<Arc<HashMap<String, Known>>>,
    read_at: Mutex<Option<Instant>>,
}

#[derive(Debug)]
struct Table {
    descriptor: &'static syncline_runtime::Table,
}

#[derive(Deserialize)]
struct KnownTable {
    name: String,
    columns: Vec<String>,
}

impl Versions {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let tables = catalog.app.tables.iter();
        Self {
            own: catalog.app.schema_version,
            tables: tables
                .map(|mapper| Table {
                    descriptor: mapper.table,
                })
                .collect(),
            known: RwLock::default(),
            read_at: Mutex::new(None),
        }
    }

    /// Has this version been rolled out? Devices that name none are taken as today's.
    pub(crate) async fn is_known(&self, pool: &Pool, version: Option<&str>) -> bool {
        let Some(version) = version.filter(|it| *it != self.own) else {
            return true;
        };
        if self.has(version) {
            return true;
        }
        self.read(pool).await;
        self.has(version)
    }

    /// The columns of a table that the version's devices know; none where that is all of them.
    pub(crate) fn mask(&self, version: Option<&str>, table: TableIndex) -> Option<Mask> {
        let version = version.filter(|it| *it != self.own)?;
        let known = self.snapshot();
        known.get(version)?.get(table.0)?.clone()
    }

    fn has(&self, version: &str) -> bool {
        self.snapshot().contains_key(version)
    }

    fn snapshot(&self) -> Arc<HashMap<String, Known>> {
        match self.known.read() {
            Ok(known) => known.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    /// Reads them, unless somebody just has.
    pub(crate) async fn read(&self, pool: &Pool) {
        let mut read_at = self.read_at.lock().await;
        if read_at.is_some_and(|at| at.elapsed() < COOL_DOWN) {
            return;
        }
        *read_at = Some(Instant::now());
        let Ok(client) = pool.get().await else {
            return;
        };
        let rows = client
            .query(
                "SELECT version, tables::text FROM syncline.schema_versions",
                &[],
            )
            .await;
        let Ok(rows) = rows else {
            return;
        };
        let versions = rows.iter().filter_map(|row| {
            let tables = serde_json::from_str::<Vec<KnownTable>>(row.get(1)).ok()?;
            Some((row.get::<_, String>(0), self.masks(&tables)))
        });
        let versions = Arc::new(versions.collect());
        match self.known.write() {
            Ok(mut known) => *known = versions,
            Err(poisoned) => *poisoned.into_inner() = versions,
        }
    }

    fn masks(&self, tables: &[KnownTable]) -> Known {
        let mask = |own: &Table| {
            let table = tables
                .iter()
                .find(|it| own.descriptor.is_called(&it.name))?;
            let names = table.columns.iter().map(String::as_str);
            Some(Mask::known(own.descriptor, names))
        };
        self.tables.iter().map(mask).collect()
    }
}
