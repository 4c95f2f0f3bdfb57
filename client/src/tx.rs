//! Typed rows in a transaction, by the rules of their tables. PowerSync's tables are views: they have no
//! constraints and no defaults of their own.

use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::types::Value as Sql;
use rusqlite::{Transaction, params_from_iter};
use syncline_runtime::{
    Delete, DeviceValue, Role, Row, Table, Timestamp, Value, encode, to_device,
};

use crate::error::WriteError;
use crate::rows::{
    Held, changeable, check, quoted, read_row, required, select_sql, text, to_sql, writable,
};

/// A transaction of [`Database::write`](crate::Database::write).
#[derive(Debug)]
pub struct Tx<'t> {
    sql: &'t Transaction<'t>,
}

impl<'t> Tx<'t> {
    pub(crate) fn on(sql: &'t Transaction<'t>) -> Self {
        Self { sql }
    }

    /// SQLite's own transaction, for what types cannot say. Infinite numbers must be written as the text `9e999`
    /// or `-9e999`: PowerSync's crate cannot read others back from its queue.
    pub fn sql(&self) -> &Transaction<'t> {
        self.sql
    }

    /// Adds a row, and fills in its id and times where they are NULL or the struct has no field for them.
    /// Gives the id. PowerSync's tables are JSON, in which SQLite keeps 15 digits of a `double`.
    ///
    /// # Errors
    /// The server would refuse it, or SQLite does.
    pub fn insert<R: Row>(&self, row: R) -> Result<String, WriteError> {
        let table = writable(R::TABLE)?;
        let mut held = to_device(row);
        let time = encode(&Value::Timestamp(now().0)).into_owned();
        for (column, value) in &mut held {
            let empty = matches!(value, DeviceValue::Null)
                || (column.role == Role::Id && *value == DeviceValue::Text("".into()));
            match column.role {
                Role::Id if empty => *value = DeviceValue::Text(new_id().into()),
                Role::CreatedAt | Role::UpdatedAt if empty => *value = time.clone(),
                _ => {}
            }
        }
        held.retain(|(column, value)| !matches!(value, DeviceValue::Null) || required(column));
        held.retain(|(column, _)| column.writable());
        check(table, &held)?;
        let names: Vec<_> = held.iter().map(|(column, _)| quoted(column.name)).collect();
        let marks = vec!["?"; held.len()].join(", ");
        let into = quoted(table.name);
        self.execute(
            &format!("INSERT INTO {into} ({}) VALUES ({marks})", names.join(", ")),
            held.iter().map(|(_, value)| to_sql(value)),
        )?;
        let id = held.iter().find(|(column, _)| column.role == Role::Id);
        Ok(match id {
            Some((_, DeviceValue::Text(id))) => id.to_string(),
            _ => String::new(),
        })
    }

    /// Changes a row: what `change` leaves as it was is not written. Touches the time of the last change.
    /// `false` where there is no such row.
    ///
    /// # Errors
    /// The server would refuse it (columns that are set once or by the server alone among that), or SQLite does:
    /// PowerSync's extension refuses each change of a row that has an infinite number.
    pub fn update<R: Row>(
        &self,
        id: &str,
        change: impl FnOnce(&mut R),
    ) -> Result<bool, WriteError> {
        let table = writable(R::TABLE)?;
        if table.insert_only {
            return Err(WriteError::NotWritable { table: table.name });
        }
        let Some(row) = self.get::<R>(id)? else {
            return Ok(false);
        };
        // The row is taken apart for its values, so it is read twice.
        let Some(mut changed) = self.get::<R>(id)? else {
            return Ok(false);
        };
        change(&mut changed);
        let before = to_device(row);
        let after = to_device(changed);
        let differ = before.iter().zip(after).filter(|(old, new)| old.1 != new.1);
        let mut held: Vec<Held> = differ.map(|(_, new)| new).collect();
        if let Some((column, _)) = held.iter().find(|(column, _)| !changeable(column)) {
            // An error of the app, by name: there is no value to judge.
            let why = format!("{}: it cannot be changed here", column.name);
            return Err(rusqlite::Error::InvalidParameterName(why).into());
        }
        if held.is_empty() {
            return Ok(true);
        }
        check(table, &held)?;
        if let Some(touched) = table.with_role(Role::UpdatedAt)
            && held
                .iter()
                .all(|(column, _)| column.role != Role::UpdatedAt)
        {
            held.push((touched, encode(&Value::Timestamp(now().0)).into_owned()));
        }
        self.set(table, id, &held)
    }

    /// Deletes a row in the way of its table: softly, it is marked and goes with the next sync. `false`
    /// where there is no such row.
    ///
    /// # Errors
    /// Devices do not delete from this table, or SQLite's.
    pub fn delete<R: Row>(&self, id: &str) -> Result<bool, WriteError> {
        let table = writable(R::TABLE)?;
        if table.insert_only {
            return Err(WriteError::NotWritable { table: table.name });
        }
        let time = encode(&Value::Timestamp(now().0)).into_owned();
        match table
            .with_role(Role::DeletedAt)
            .filter(|_| table.delete == Delete::Soft)
        {
            Some(mark) => {
                let mut held = vec![(mark, time.clone())];
                held.extend(table.with_role(Role::UpdatedAt).map(|it| (it, time)));
                self.set(table, id, &held)
            }
            None => {
                if !self.exists(table, id)? {
                    return Ok(false);
                }
                let from = quoted(table.name);
                self.execute(&format!("DELETE FROM {from} WHERE id = ?"), [text(id)])?;
                Ok(true)
            }
        }
    }

    /// The row of this id, deleted softly or not.
    ///
    /// # Errors
    /// SQLite's, or the struct cannot hold the row.
    pub fn get<R: Row>(&self, id: &str) -> Result<Option<R>, WriteError> {
        Ok(self.select("WHERE id = ?", [text(id)])?.pop())
    }

    /// The rows of `SELECT … FROM table {rest}`, as `WHERE done = ? ORDER BY title LIMIT 10`; all of them
    /// where it is empty.
    ///
    /// # Errors
    /// SQLite's, or the struct cannot hold a row.
    pub fn select<R: Row>(
        &self,
        rest: &str,
        values: impl IntoIterator<Item = Sql>,
    ) -> Result<Vec<R>, WriteError> {
        let mut statement = self.sql.prepare_cached(&select_sql(R::TABLE, rest))?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut read = Vec::new();
        while let Some(row) = rows.next()? {
            read.push(read_row(row)?);
        }
        Ok(read)
    }

    /// A view does not say how many rows a statement has changed.
    fn exists(&self, table: &Table, id: &str) -> Result<bool, WriteError> {
        let sql = format!("SELECT 1 FROM {} WHERE id = ?", quoted(table.name));
        Ok(self.sql.prepare_cached(&sql)?.exists([id])?)
    }

    fn set(&self, table: &Table, id: &str, held: &[Held]) -> Result<bool, WriteError> {
        if !self.exists(table, id)? {
            return Ok(false);
        }
        let sets: Vec<_> = held
            .iter()
            .map(|(column, _)| format!("{} = ?", quoted(column.name)))
            .collect();
        let values = held.iter().map(|(_, value)| to_sql(value));
        self.execute(
            &format!(
                "UPDATE {} SET {} WHERE id = ?",
                quoted(table.name),
                sets.join(", ")
            ),
            values.chain([text(id)]),
        )?;
        Ok(true)
    }

    fn execute(&self, sql: &str, values: impl IntoIterator<Item = Sql>) -> Result<(), WriteError> {
        self.sql
            .prepare_cached(sql)?
            .execute(params_from_iter(values))?;
        Ok(())
    }
}

/// A new row's id: a random UUID.
pub fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// This moment, to the millisecond, by the device's clock.
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or_default() * 1_000)
}
