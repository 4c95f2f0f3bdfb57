//! One change of a PostgreSQL database.

use std::fmt;

use syncline_schema::model::{
    Check, Column, ColumnType, DefaultValue, EnumType, Index, OnDelete, Table,
};
use syncline_schema::names;

pub use crate::sql::Privileges;

/// A table by its name, and PostgreSQL's schema where that is not `public`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableName {
    /// The schema; none for `public`.
    pub schema: Option<String>,
    /// The name in it.
    pub name: String,
}

impl TableName {
    /// The name of a table of a schema.
    pub fn of(table: &Table) -> Self {
        Self::new(table.schema.as_deref(), &table.name)
    }

    /// `public` is the same as none.
    pub fn new(schema: Option<&str>, name: &str) -> Self {
        Self {
            schema: schema.filter(|it| *it != "public").map(str::to_owned),
            name: name.to_owned(),
        }
    }

    /// Another table of the same schema.
    pub fn sibling(&self, name: &str) -> Self {
        Self {
            schema: self.schema.clone(),
            name: name.to_owned(),
        }
    }
}

/// As SQL writes it.
impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", names::quote_sql(schema))?;
        }
        f.write_str(&names::quote_sql(&self.name))
    }
}

/// A foreign key by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKeyDef {
    /// The constraint's name.
    pub name: String,
    /// What points, in order.
    pub columns: Vec<String>,
    /// The table pointed at.
    pub target: TableName,
    /// What is pointed at, column by column.
    pub target_columns: Vec<String>,
    /// What a delete of the row pointed at does.
    pub on_delete: OnDelete,
    /// Is it judged when the transaction ends?
    pub deferred: bool,
}

/// One change. A step says everything about itself: it can be printed, weighed and folded into a
/// schema without the schemas that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `CREATE SCHEMA`.
    CreateSchema(String),
    /// `DROP SCHEMA`, of an empty one.
    DropSchema(String),
    /// `CREATE TYPE … AS ENUM`.
    CreateEnum(EnumType),
    /// `DROP TYPE`.
    DropEnum(String),
    /// `ALTER TYPE … ADD VALUE`, before another word or at the end.
    AddEnumValue {
        /// The type.
        name: String,
        /// The new word.
        value: String,
        /// The word that it stands before.
        before: Option<String>,
    },
    /// `ALTER TYPE … RENAME VALUE`.
    RenameEnumValue {
        /// The type.
        name: String,
        /// The word.
        from: String,
        /// Its new spelling.
        to: String,
    },
    /// `CREATE TABLE` with columns, primary key and checks; nothing else of the table.
    CreateTable(Box<Table>),
    /// `DROP TABLE`.
    DropTable(TableName),
    /// `ALTER TABLE … RENAME TO`.
    RenameTable {
        /// The table.
        table: TableName,
        /// Its new name in the same schema.
        to: String,
    },
    /// `ALTER TABLE … SET SCHEMA`.
    SetSchema {
        /// The table.
        table: TableName,
        /// The new schema; none for `public`.
        to: Option<String>,
    },
    /// `ADD COLUMN`, with its default and NOT NULL; nothing else of the column.
    AddColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: Box<Column>,
    },
    /// `DROP COLUMN`.
    DropColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
    },
    /// `RENAME COLUMN`.
    RenameColumn {
        /// The table.
        table: TableName,
        /// The column.
        from: String,
        /// Its new name.
        to: String,
    },
    /// `ALTER COLUMN … TYPE`.
    SetType {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
        /// The type before, where it is known.
        from: Option<ColumnType>,
        /// The new type.
        to: ColumnType,
        /// The expression that makes new values of old ones, where a cast by itself does not.
        using: Option<String>,
    },
    /// `ALTER COLUMN … SET DEFAULT` or `DROP DEFAULT`.
    SetDefault {
        /// The table.
        table: TableName,
        /// The column with its new default; its type says how a constant is written.
        column: Box<Column>,
        /// The SQL of the new default; none drops it.
        default: Option<DefaultValue>,
    },
    /// `SET NOT NULL`.
    SetNotNull {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
    },
    /// `DROP NOT NULL`.
    DropNotNull {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
    },
    /// Gives existing rows a value, in batches: of a column that was added, so that PowerSync sends
    /// it, or of a word that has another spelling.
    Fill {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
        /// The value, as SQL.
        value: String,
        /// The rows that want it, as a condition that no longer holds once they have it.
        rows: String,
        /// Rows at a time, about.
        batch: u32,
    },
    /// `ADD CONSTRAINT … PRIMARY KEY`, of columns or of a unique index that is there.
    AddPrimaryKey {
        /// The table.
        table: TableName,
        /// The constraint's name.
        name: String,
        /// The columns, in order.
        columns: Vec<String>,
        /// The unique index that becomes the key.
        using_index: Option<String>,
    },
    /// `ADD CONSTRAINT … UNIQUE`, of columns or of a unique index that is there.
    AddUnique {
        /// The table.
        table: TableName,
        /// The rule; its `constraint` is set.
        index: Box<Index>,
        /// The unique index that becomes the constraint.
        using_index: Option<String>,
    },
    /// `ADD CONSTRAINT … CHECK`.
    AddCheck {
        /// The table.
        table: TableName,
        /// The check.
        check: Check,
        /// Are existing rows left for [`Self::Validate`]?
        not_valid: bool,
    },
    /// `ADD CONSTRAINT … FOREIGN KEY`.
    AddForeignKey {
        /// The table.
        table: TableName,
        /// The key.
        key: ForeignKeyDef,
        /// Are existing rows left for [`Self::Validate`]?
        not_valid: bool,
    },
    /// `VALIDATE CONSTRAINT`.
    Validate {
        /// The table.
        table: TableName,
        /// The constraint.
        name: String,
    },
    /// `DROP CONSTRAINT`, of any kind.
    DropConstraint {
        /// The table.
        table: TableName,
        /// The constraint.
        name: String,
    },
    /// `RENAME CONSTRAINT`.
    RenameConstraint {
        /// The table.
        table: TableName,
        /// The constraint.
        from: String,
        /// Its new name.
        to: String,
    },
    /// `CREATE INDEX`.
    CreateIndex {
        /// The table.
        table: TableName,
        /// The index.
        index: Box<Index>,
        /// Without a lock on writes, outside transactions?
        concurrently: bool,
    },
    /// `DROP INDEX`.
    DropIndex {
        /// The table.
        table: TableName,
        /// The index.
        name: String,
        /// Without a lock on writes, outside transactions?
        concurrently: bool,
    },
    /// `ALTER INDEX … RENAME TO`.
    RenameIndex {
        /// The table.
        table: TableName,
        /// The index.
        from: String,
        /// Its new name.
        to: String,
    },
    /// `ENABLE` or `DISABLE ROW LEVEL SECURITY`.
    RowSecurity {
        /// The table.
        table: TableName,
        /// Is it enabled?
        on: bool,
    },
    /// `CREATE POLICY … USING`.
    CreatePolicy {
        /// The table.
        table: TableName,
        /// The policy.
        name: String,
        /// The condition.
        using: String,
    },
    /// `DROP POLICY`.
    DropPolicy {
        /// The table.
        table: TableName,
        /// The policy.
        name: String,
    },
    /// `GRANT` of rights on rows to a role; nothing where the role is not there.
    Grant {
        /// The table.
        table: TableName,
        /// What may be done.
        privileges: Privileges,
        /// By whom.
        role: String,
    },
    /// `REVOKE ALL` on a table; nothing where the role is not there.
    Revoke {
        /// The table.
        table: TableName,
        /// From whom.
        role: String,
    },
    /// `ALTER PUBLICATION powersync ADD TABLE`; nothing where the publication is not there.
    Publish(TableName),
    /// `ALTER PUBLICATION powersync DROP TABLE`.
    Unpublish(TableName),
    /// `COMMENT ON` a table, or a column of it.
    Comment {
        /// The table.
        table: TableName,
        /// The column; none for the table itself.
        column: Option<String>,
        /// The text; none removes it.
        text: Option<String>,
    },
    /// Anything else: data fixes and what the schema language does not hold.
    Other {
        /// The statement, as written.
        sql: String,
    },
}

impl Step {
    /// The table that it is about, by the name that it has then.
    pub fn about(&self) -> Option<TableName> {
        match self {
            Self::CreateTable(table) => Some(TableName::of(table)),
            Self::DropTable(table)
            | Self::Publish(table)
            | Self::Unpublish(table)
            | Self::RenameTable { table, .. }
            | Self::SetSchema { table, .. }
            | Self::AddColumn { table, .. }
            | Self::DropColumn { table, .. }
            | Self::RenameColumn { table, .. }
            | Self::SetType { table, .. }
            | Self::SetDefault { table, .. }
            | Self::SetNotNull { table, .. }
            | Self::DropNotNull { table, .. }
            | Self::Fill { table, .. }
            | Self::AddPrimaryKey { table, .. }
            | Self::AddUnique { table, .. }
            | Self::AddCheck { table, .. }
            | Self::AddForeignKey { table, .. }
            | Self::Validate { table, .. }
            | Self::DropConstraint { table, .. }
            | Self::RenameConstraint { table, .. }
            | Self::CreateIndex { table, .. }
            | Self::DropIndex { table, .. }
            | Self::RenameIndex { table, .. }
            | Self::RowSecurity { table, .. }
            | Self::CreatePolicy { table, .. }
            | Self::DropPolicy { table, .. }
            | Self::Grant { table, .. }
            | Self::Revoke { table, .. }
            | Self::Comment { table, .. } => Some(table.clone()),
            Self::CreateSchema(_)
            | Self::DropSchema(_)
            | Self::CreateEnum(_)
            | Self::DropEnum(_)
            | Self::AddEnumValue { .. }
            | Self::RenameEnumValue { .. }
            | Self::Other { .. } => None,
        }
    }
}
