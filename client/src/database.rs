//! The device's database: PowerSync's, with typed rows.

use std::path::Path;

use futures_lite::{Stream, StreamExt};
use powersync::env::PowerSyncEnvironment;
use powersync::error::PowerSyncError;
use powersync::{ConnectionPool, PowerSyncDatabase};
use rusqlite::types::Value;
use syncline_runtime::{Row, Table};

use crate::error::WriteError;
use crate::http::Http;
use crate::rows::{read_row, select_sql};
use crate::tx::Tx;

/// A PowerSync database of typed tables. Clones are the same database.
#[derive(Clone, Debug)]
pub struct Database {
    inner: PowerSyncDatabase,
}

impl Database {
    /// Opens the file, or makes it, with these tables.
    ///
    /// # Errors
    /// SQLite cannot open it.
    pub fn open(path: impl AsRef<Path>, tables: &[&'static Table]) -> Result<Self, PowerSyncError> {
        PowerSyncEnvironment::powersync_auto_extension()?;
        let pool = ConnectionPool::open(path)?;
        let env = PowerSyncEnvironment::custom(Http::new(), pool, PowerSyncEnvironment::tokio());
        Ok(Self {
            inner: PowerSyncDatabase::new(env, crate::schema(tables)),
        })
    }

    /// PowerSync's own database: queries of any kind, sync streams, status.
    pub fn powersync(&self) -> &PowerSyncDatabase {
        &self.inner
    }

    /// Does what `work` does in one transaction, which is uploaded whole. An error undoes all of it.
    ///
    /// # Errors
    /// What `work` gives, and what SQLite does.
    pub async fn write<T>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, WriteError>,
    ) -> Result<T, WriteError> {
        let mut writer = self.inner.writer().await?;
        let transaction = writer.transaction()?;
        let done = work(&Tx::on(&transaction))?;
        transaction.commit()?;
        Ok(done)
    }

    /// Reads on one snapshot of the database.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub async fn read<T>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, WriteError>,
    ) -> Result<T, WriteError> {
        let mut reader = self.inner.reader().await?;
        let transaction = reader.transaction()?;
        work(&Tx::on(&transaction))
    }

    /// [`Tx::insert`] in a transaction of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn insert<R: Row>(&self, row: R) -> Result<String, WriteError> {
        self.write(|tx| tx.insert(row)).await
    }

    /// [`Tx::update`] in a transaction of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn update<R: Row>(
        &self,
        id: &str,
        change: impl FnOnce(&mut R),
    ) -> Result<bool, WriteError> {
        self.write(|tx| tx.update(id, change)).await
    }

    /// [`Tx::delete`] in a transaction of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn delete<R: Row>(&self, id: &str) -> Result<bool, WriteError> {
        self.write(|tx| tx.delete::<R>(id)).await
    }

    /// [`Tx::get`] by itself.
    ///
    /// # Errors
    /// As there.
    pub async fn get<R: Row>(&self, id: &str) -> Result<Option<R>, WriteError> {
        self.read(|tx| tx.get(id)).await
    }

    /// [`Tx::select`] by itself.
    ///
    /// # Errors
    /// As there.
    pub async fn select<R: Row>(
        &self,
        rest: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<R>, WriteError> {
        let values: Vec<_> = values.into_iter().collect();
        self.read(|tx| tx.select(rest, values)).await
    }

    /// The rows of [`Tx::select`] now, and again whenever the tables that it reads have changed.
    pub fn watch<R: Row + 'static>(
        &self,
        rest: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> impl Stream<Item = Result<Vec<R>, WriteError>> + 'static {
        let values: Vec<_> = values.into_iter().collect();
        let params = rusqlite::params_from_iter(values);
        // What is wrong with a row is no error of PowerSync's: it comes out of the stream's own items.
        let read = |statement: &mut rusqlite::Statement<'_>, params| {
            let mut rows = statement.query(params)?;
            let mut read = Vec::new();
            while let Some(row) = rows.next()? {
                read.push(read_row::<R>(row));
            }
            Ok(read)
        };
        let stream = self
            .inner
            .watch_statement(select_sql(R::TABLE, rest), params, read);
        stream.map(|rows| rows?.into_iter().collect())
    }

    /// How many changes of rows the server has not seen.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn unsent(&self) -> Result<u64, PowerSyncError> {
        let reader = self.inner.reader().await?;
        let count = reader.query_row("SELECT count(*) FROM ps_crud", [], |row| {
            row.get::<_, i64>(0)
        })?;
        Ok(count.unsigned_abs())
    }

    /// This device's name in uploads.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn client_id(&self) -> Result<String, PowerSyncError> {
        let reader = self.inner.reader().await?;
        Ok(reader.query_row("SELECT powersync_client_id()", [], |row| row.get(0))?)
    }
}
