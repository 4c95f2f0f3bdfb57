//! What a pair of Drizzle files says of an app.

use std::path::Path;

use syncline_codegen::import::{Facts, Server, import};
use syncline_codegen::read::{Library, drizzle, text};
use syncline_schema::model::{Access, Delete, Key, Residence, Role, Scalar};
use syncline_schema::{Files, Sources};

use super::{remarks, sound, sync};

struct Nothing;

impl Files for Nothing {
    fn read(&self, _: &Path) -> Result<Vec<u8>, String> {
        Err("no file".to_owned())
    }

    fn glob(&self, _: &str) -> Result<Vec<std::path::PathBuf>, String> {
        Ok(Vec::new())
    }
}

const PG: &str = r#"
import { boolean, integer, pgTable, serial, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core";
export const lists = pgTable("lists", {
  id: uuid("id").primaryKey().defaultRandom(),
  userId: text("user_id").notNull(),
  name: varchar("name", { length: 80 }).notNull(),
  state: text("state", { enum: ["open", "closed"] }).notNull().default("open"),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
});
export const items = pgTable("items", {
  id: uuid("id").primaryKey(),
  userId: text("user_id").notNull(),
  listId: uuid("list_id").notNull().references(() => lists.id, { onDelete: "cascade" }),
  done: boolean("done").notNull().default(false),
  position: integer("position"),
  secret: text("secret"),
});
export const jobs = pgTable("jobs", { id: serial("id").primaryKey(), payload: text("payload") });
"#;

const SQLITE: &str = r#"
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
export const lists = sqliteTable("lists", {
  id: text("id").primaryKey(),
  userId: text("user_id"),
  name: text("name").notNull(),
  state: text("state").notNull(),
  createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull(),
  updatedAt: integer("updated_at", { mode: "timestamp_ms" }).notNull(),
});
export const items = sqliteTable("items", {
  id: text("id").primaryKey(),
  userId: text("user_id"),
  listId: text("list_id").notNull(),
  done: integer("done", { mode: "boolean" }).notNull().default(false),
  position: integer("position").notNull(),
  color: text("color"),
});
export const prefs = sqliteTable("prefs", { id: text("id").primaryKey(), theme: text("theme").notNull().default("dark") });
"#;

const STREAMS: &str = "config: { edition: 3 }
streams:
  mine:
    auto_subscribe: true
    queries:
      - SELECT * FROM lists WHERE user_id = auth.user_id()
      - SELECT * FROM items WHERE items.user_id = auth.user_id()
";

#[test]
fn a_drizzle_pair_says_where_its_tables_live() {
    let mut sources = Sources::default();
    let mut read = |dialect, path: &str, content: &str| {
        let source = text::add(&mut sources, Path::new(path), content.as_bytes()).expect("text");
        let library = Library {
            files: &Nothing,
            sources: &mut sources,
        };
        drizzle::read_with(dialect, &[source], library)
    };
    let pg = read(drizzle::Dialect::Pg, "pg.ts", PG);
    let device = read(drizzle::Dialect::Sqlite, "sqlite.ts", SQLITE);
    let (server, said) = Server::of_drizzle("the Drizzle file".to_owned(), &pg);
    let facts = Facts {
        project: "app".to_owned(),
        servers: vec![server],
        device: Some(device.tables),
        sent: Some(sync(&mut sources, STREAMS)),
        migrations: None,
    };
    let imported = import(&facts, said);
    sound(&imported);
    let table = |name| imported.schema.table(name).expect("imported");
    let lists = table("lists");
    assert_eq!(
        (lists.residence, lists.access, lists.delete),
        (Residence::Synced, Access::Owner, Delete::Hard)
    );
    assert_eq!(lists.owner().map(|it| it.name.as_str()), Some("user_id"));
    assert!(lists.with_role(Role::UpdatedAt).is_some());
    assert!(matches!(
        lists.column("state").expect("there").ty.scalar,
        Scalar::Enum(_)
    ));
    let items = table("items");
    assert!(!items.column("position").expect("there").nullable);
    assert!(items.column("secret").expect("there").server_only);
    assert_eq!(
        items
            .column("list_id")
            .and_then(|it| it.references.as_ref())
            .map(|it| it.enforce),
        Some(true)
    );
    assert_eq!(table("jobs").residence, Residence::Server);
    assert_eq!(table("jobs").key, Key::Columns(vec!["id".to_owned()]));
    assert_eq!(table("prefs").residence, Residence::Local);
    let said = remarks(&imported).join("\n");
    for wanted in [
        "items.position: the device never leaves it NULL, and PostgreSQL may: the device is believed",
        "items.secret: the device does not have it: `server_only`",
        "items: the device has a column `color`, and PostgreSQL has none: it is left out",
        "jobs.id: PostgreSQL makes its values",
        "lists.state: its words are the app's alone so far",
        "`ALTER TABLE lists ALTER COLUMN created_at TYPE timestamptz(3)`",
    ] {
        assert!(said.contains(wanted), "{wanted}\n{said}");
    }
}
