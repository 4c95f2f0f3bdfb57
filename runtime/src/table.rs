//! A table as plain constant data, and the look-up of the names that uploads use.

use crate::column::{Column, Role};

/// One table.
///
/// Built by [`Table::new`] and the `const` setters below it. A new table is synced, in
/// PostgreSQL's schema `public`, owned, keyed by `id`, with soft delete and last write wins.
///
/// ```
/// use syncline_runtime::{Column, Delete, Role, Scalar, Table};
///
/// const LOGS: Table = Table::new("logs", &[
///     Column::new("id", "id", Scalar::Uuid).role(Role::Id),
///     Column::new("owner_id", "ownerId", Scalar::Text).role(Role::Owner),
///     Column::new("line", "line", Scalar::Text),
/// ])
/// .delete(Delete::Hard)
/// .insert_only();
/// assert_eq!(LOGS.with_role(Role::Owner).map(|column| column.name), Some("owner_id"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// The name in PostgreSQL and on the device.
    pub name: &'static str,
    /// The name before this one, under which old devices upload.
    pub formerly: Option<&'static str>,
    /// PostgreSQL's schema.
    pub schema: &'static str,
    /// `id` first, the owner second, then as declared, injected timestamps last.
    pub columns: &'static [Column],
    /// Columns that are gone; uploads of them are accepted and dropped.
    pub removed: &'static [Removed],
    /// Where its rows live.
    pub residence: Residence,
    /// Which users see and write its rows.
    pub access: Access,
    /// PostgreSQL's primary key.
    pub key: Key,
    /// What a device's delete does.
    pub delete: Delete,
    /// What happens to an upload made on stale data.
    pub conflict: Conflict,
    /// Devices insert rows, and never change or see them again.
    pub insert_only: bool,
    /// Whose previous values an upload carries.
    pub track_previous: TrackPrevious,
    /// Uploads carry the app's own metadata.
    pub track_metadata: bool,
    /// An update that changes nothing is not uploaded.
    pub ignore_empty_updates: bool,
}

impl Table {
    /// A table with the usual rules.
    pub const fn new(name: &'static str, columns: &'static [Column]) -> Self {
        Self {
            name,
            formerly: None,
            schema: "public",
            columns,
            removed: &[],
            residence: Residence::Synced,
            access: Access::Owner,
            key: Key::Id,
            delete: Delete::Soft,
            conflict: Conflict::LastWrite,
            insert_only: false,
            track_previous: TrackPrevious::None,
            track_metadata: false,
            ignore_empty_updates: true,
        }
    }

    /// Puts it into another PostgreSQL schema.
    pub const fn schema(mut self, schema: &'static str) -> Self {
        self.schema = schema;
        self
    }

    /// Says what it was called before.
    pub const fn formerly(mut self, name: &'static str) -> Self {
        self.formerly = Some(name);
        self
    }

    /// Names the columns that are gone.
    pub const fn removed(mut self, removed: &'static [Removed]) -> Self {
        self.removed = removed;
        self
    }

    /// Says where its rows live.
    pub const fn residence(mut self, residence: Residence) -> Self {
        self.residence = residence;
        self
    }

    /// Says which users see and write its rows.
    pub const fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// Says what the primary key is.
    pub const fn key(mut self, key: Key) -> Self {
        self.key = key;
        self
    }

    /// Says what a delete does.
    pub const fn delete(mut self, delete: Delete) -> Self {
        self.delete = delete;
        self
    }

    /// Says what happens to an upload made on stale data.
    pub const fn conflict(mut self, conflict: Conflict) -> Self {
        self.conflict = conflict;
        self
    }

    /// Lets devices only insert.
    pub const fn insert_only(mut self) -> Self {
        self.insert_only = true;
        self
    }

    /// Lets uploads carry the values before the change.
    pub const fn track_previous(mut self, columns: TrackPrevious) -> Self {
        self.track_previous = columns;
        self
    }

    /// Lets uploads carry the app's own metadata.
    pub const fn track_metadata(mut self) -> Self {
        self.track_metadata = true;
        self
    }

    /// Has updates uploaded that change nothing.
    pub const fn keep_empty_updates(mut self) -> Self {
        self.ignore_empty_updates = false;
        self
    }

    /// Does an upload mean this table by a name? Old devices may use the one that it had before.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.formerly == Some(name)
    }

    /// What an upload means by a column name, in snake_case or camelCase; none where it is unknown.
    ///
    /// Both spellings of one column give the same index, and so does the name that it had before:
    /// a repeated key shows as one.
    ///
    /// ```
    /// use syncline_runtime::{Column, Named, Removed, Scalar, Table};
    ///
    /// const T: Table = Table::new("t", &[Column::new("sort_order", "sortOrder", Scalar::Integer)])
    ///     .removed(&[Removed { name: "old_name", camel: "oldName" }]);
    /// assert!(matches!(T.find("sortOrder"), Some(Named::Column { index: 0, .. })));
    /// assert!(matches!(T.find("sort_order"), Some(Named::Column { index: 0, .. })));
    /// assert_eq!(T.find("oldName"), Some(Named::Removed));
    /// assert_eq!(T.find("other"), None);
    ///
    /// const TITLE: Column = Column::new("title", "title", Scalar::Text)
    ///     .formerly(Removed { name: "full_name", camel: "fullName" });
    /// const RENAMED: Table = Table::new("t", &[TITLE]);
    /// assert!(matches!(RENAMED.find("fullName"), Some(Named::Column { index: 0, .. })));
    /// ```
    pub fn find(&self, name: &str) -> Option<Named> {
        let columns = self.columns;
        let exact = columns.iter().position(|column| column.name == name);
        let index = exact
            .or_else(|| columns.iter().position(|column| column.camel == name))
            .or_else(|| {
                let was = |it: &Column| it.formerly.is_some_and(|old| old.is(name));
                columns.iter().position(was)
            });
        if let Some((index, column)) = index.and_then(|index| Some((index, columns.get(index)?))) {
            return Some(Named::Column { index, column });
        }
        let gone = self.removed.iter().any(|removed| removed.is(name));
        gone.then_some(Named::Removed)
    }

    /// The column of this name, in snake_case or camelCase.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        match self.find(name) {
            Some(Named::Column { column, .. }) => Some(column),
            _ => None,
        }
    }

    /// The column with this role.
    pub fn with_role(&self, role: Role) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.role == role)
    }

    /// May a device write it? Without an owner there is no predicate to keep tenants apart.
    pub fn writable(&self) -> bool {
        self.residence == Residence::Synced && self.access == Access::Owner
    }
}

/// What a column name in an upload means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// This column.
    Column {
        /// Its place in [`Table::columns`].
        index: usize,
        /// The column itself.
        column: &'static Column,
    },
    /// A column that is gone: accept the value and drop it.
    Removed,
}

/// A name that is gone from the schema, but maybe not from the devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// Its name in snake_case.
    pub name: &'static str,
    /// Its name in camelCase.
    pub camel: &'static str,
}

impl Removed {
    /// Is it this one, in either spelling?
    pub fn is(&self, name: &str) -> bool {
        self.name == name || self.camel == name
    }
}

/// Where the rows of a table live.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Residence {
    /// On both sides; PowerSync carries them.
    #[default]
    Synced,
    /// On the device only.
    Local,
    /// In PostgreSQL only.
    Server,
}

/// Which users see and write the rows of a synced table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Access {
    /// Each row has one owner, who reads and writes it.
    #[default]
    Owner,
    /// Every user reads every row; the server writes them.
    Public,
    /// Only hand-written streams send it; the server writes it.
    Streams,
}

/// PostgreSQL's primary key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Key {
    /// `(id)`.
    #[default]
    Id,
    /// `(owner, id)`.
    Owner,
    /// These columns, none at all where empty; server tables only.
    Columns(&'static [&'static str]),
}

/// What a device's delete does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Delete {
    /// It sets the column with [`Role::DeletedAt`].
    #[default]
    Soft,
    /// It removes the row.
    Hard,
}

/// What happens to an upload made on stale data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Conflict {
    /// The last write wins, column by column.
    #[default]
    LastWrite,
    /// It is rejected as `conflict`.
    RejectStale,
}

/// Which columns' previous values an upload carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TrackPrevious {
    /// None.
    #[default]
    None,
    /// All of them.
    All,
    /// These.
    Columns(&'static [&'static str]),
}
