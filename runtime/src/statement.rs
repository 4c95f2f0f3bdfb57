//! The statements of a writable table, as the compiler prints them, and what binds to them.

use crate::table::{Named, Table};

/// A table with its statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mapper {
    /// The table.
    pub table: &'static Table,
    /// What writes it.
    pub statements: Statements,
}

/// What writes a table; every statement holds the owner predicate. A statement that the table's
/// rules forbid is none.
///
/// `$1` is always the owner, as text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statements {
    /// Inserts rows, and replaces those that the owner has already.
    ///
    /// `$2` is the [`Mask`] of the columns that the devices know, NULL for all of them; `$3` and
    /// on are the arrays of the columns. Gives `(id text, inserted boolean)` for each row
    /// written: an id that is missing there belongs to someone else.
    pub put: Option<Statement>,
    /// Changes the columns of which each row's mask has the bit.
    ///
    /// `$2` is the array of the masks (`bytea[]`); `$3` and on are the arrays of the columns.
    /// Gives `(id text)` for each row changed.
    pub patch: Option<Statement>,
    /// Deletes the ids of the array `$2`, in the way of the table.
    ///
    /// Gives `(id text)` for each row deleted by it.
    pub delete: Option<&'static str>,
    /// Locks the rows of the ids in the array `$2` and gives each column as text, under its name:
    /// what tables that reject stale writes are compared with.
    pub current: Option<&'static str>,
}

/// A statement over arrays, one a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The text, with parameters.
    pub sql: &'static str,
    /// The places in [`Table::columns`] of the columns whose arrays it takes, in order; the id is
    /// always the first.
    pub columns: &'static [usize],
}

impl Statements {
    /// Of a table that devices do not write.
    pub const NONE: Self = Self {
        put: None,
        patch: None,
        delete: None,
        current: None,
    };
}

/// A set of a table's columns, as the statements take it (`bytea`): bit 0 of byte 0 is column 0.
///
/// ```
/// use syncline_runtime::{Column, Mask, Scalar, Table};
///
/// const T: Table = Table::new("t", &[
///     Column::new("id", "id", Scalar::Text),
///     Column::new("name", "name", Scalar::Text),
/// ]);
/// let mut mask = Mask::none(&T);
/// mask.insert(1);
/// assert!(mask.contains(1) && !mask.contains(0));
/// assert_eq!(mask.as_bytes(), [0b10]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mask(Vec<u8>);

impl Mask {
    /// No column of this table.
    pub fn none(table: &Table) -> Self {
        Self(vec![0; table.columns.len().div_ceil(8)])
    }

    /// The columns of these names, in either spelling, as an earlier version of the schema may
    /// have called them; names that mean nothing any more are left out.
    ///
    /// What a device of that version knows, for [`Statements::put`].
    pub fn known<'n>(table: &Table, names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut mask = Self::none(table);
        for name in names {
            if let Some(Named::Column { index, .. }) = table.find(name) {
                mask.insert(index);
            }
        }
        mask
    }

    /// Adds the column at this place; one that the table does not have is left out.
    pub fn insert(&mut self, column: usize) {
        if let Some(byte) = self.0.get_mut(column / 8) {
            *byte |= 1 << (column % 8);
        }
    }

    /// Is the column at this place in it?
    pub fn contains(&self, column: usize) -> bool {
        let byte = self.0.get(column / 8);
        byte.is_some_and(|byte| byte & (1 << (column % 8)) != 0)
    }

    /// Is no column in it?
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }

    /// What is bound to the statement.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
