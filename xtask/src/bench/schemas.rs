//! The same tables in three languages: Syncline's, Drizzle's, and SQL for sqlc.
//!
//! In: a number of tables and a folder. Out: the folder's files. Each table has 11 columns and 2 indexes in PostgreSQL;
//! to Syncline five of the columns are rules (id, owner, timestamps, soft delete), not lines.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::Result;

/// Where each tool finds its source, below the folder of one size, and what it writes.
pub(crate) const SYNCLINE: &str = "syncline";
/// The folder of drizzle-kit's source.
pub(crate) const DRIZZLE: &str = "drizzle";
/// The folder of sqlc's source.
pub(crate) const SQLC: &str = "sqlc";

/// Writes all three.
pub(crate) fn write(tables: usize, folder: &Path) -> Result<()> {
    let files = [
        (SYNCLINE, "syncline.toml", syncline(tables)),
        (DRIZZLE, "pg.ts", drizzle(tables)),
        (SQLC, "schema.sql", sql(tables)),
        (SQLC, "query.sql", queries(tables)),
        (SQLC, "sqlc.yaml", SQLC_YAML.into()),
    ];
    for (tool, name, text) in files {
        let path = folder.join(tool).join(name);
        fs::create_dir_all(folder.join(tool))
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

const SQLC_YAML: &str = r#"version: "2"
sql:
  - engine: postgresql
    schema: schema.sql
    queries: query.sql
    gen:
      go: { package: app, out: out }
"#;

const SYNCLINE_HEAD: &str = r#"[project]
name = "bench"

[defaults]
access = "owner"
owner = "owner_id"
timestamps = true
delete = "soft"

[auth]
issuer = "http://localhost:3011"
audience = "http://localhost:3011"
algorithm = "RS256"

[sync]
service = "1.25"
format = "streams"
"#;

/// The tables as a syncline.toml.
fn syncline(tables: usize) -> String {
    let mut text = String::from(SYNCLINE_HEAD);
    for table in names(tables) {
        put(
            &mut text,
            format_args!(
                r#"
[tables.{table}]
indexes = [{{ columns = ["parent_id"] }}, {{ columns = ["updated_at"], desc = true }}]
[tables.{table}.columns]
title = "text"
body = "text?"
parent_id = "text?"
position = {{ type = "integer", default = 0 }}
done = {{ type = "boolean", default = false }}
due_at = "timestamp?"
"#
            ),
        );
    }
    text
}

const DRIZZLE_HEAD: &str =
    "import { boolean, index, integer, pgTable, text, timestamp } from \"drizzle-orm/pg-core\";\n";

/// The tables as a Drizzle file.
fn drizzle(tables: usize) -> String {
    let mut text = String::from(DRIZZLE_HEAD);
    for table in names(tables) {
        put(
            &mut text,
            format_args!(
                r#"
export const {table} = pgTable("{table}", {{
  id: text("id").primaryKey(),
  ownerId: text("owner_id").notNull(),
  title: text("title").notNull(),
  body: text("body"),
  parentId: text("parent_id"),
  position: integer("position").notNull().default(0),
  done: boolean("done").notNull().default(false),
  dueAt: timestamp("due_at", {{ withTimezone: true, precision: 3 }}),
  createdAt: timestamp("created_at", {{ withTimezone: true, precision: 3 }}).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", {{ withTimezone: true, precision: 3 }}).notNull().defaultNow(),
  deletedAt: timestamp("deleted_at", {{ withTimezone: true, precision: 3 }}),
}}, (t) => [
  index("{table}_parent_id_idx").on(t.parentId),
  index("{table}_updated_at_idx").on(t.updatedAt.desc()),
]);
"#
            ),
        );
    }
    text
}

/// The tables as SQL.
fn sql(tables: usize) -> String {
    let mut text = String::new();
    for table in names(tables) {
        put(
            &mut text,
            format_args!(
                r#"CREATE TABLE {table} (
  id text PRIMARY KEY,
  owner_id text NOT NULL,
  title text NOT NULL,
  body text,
  parent_id text,
  position integer NOT NULL DEFAULT 0,
  done boolean NOT NULL DEFAULT false,
  due_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3)
);
CREATE INDEX {table}_parent_id_idx ON {table} (parent_id);
CREATE INDEX {table}_updated_at_idx ON {table} (updated_at DESC);
"#
            ),
        );
    }
    text
}

/// One query: sqlc makes a struct for each table in any case, and refuses to run without a query.
fn queries(tables: usize) -> String {
    names(tables.min(1))
        .map(|table| format!("-- name: Get :one\nSELECT * FROM {table} WHERE id = $1;\n"))
        .collect()
}

/// What the tables are called.
pub(super) fn names(tables: usize) -> impl Iterator<Item = String> {
    (1..=tables).map(|number| format!("item_{number:05}"))
}

/// Appends.
pub(super) fn put(text: &mut String, what: std::fmt::Arguments) {
    // Writing to a String cannot fail.
    let _ = text.write_fmt(what);
}
