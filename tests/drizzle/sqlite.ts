// Ways in which people write Drizzle schemas for SQLite. Drizzle itself judges how they are read.
import { sql } from "drizzle-orm";
import * as core from "drizzle-orm/sqlite-core";
import { customType, index, int, integer, numeric, real, blob, sqliteTable, sqliteTableCreator, sqliteTable as table, text, type AnySQLiteColumn } from "drizzle-orm/sqlite-core";

import { base, flag, stamps, words as levels } from "./columns";
import * as shared from "./columns";

// Plain.
export const plain = sqliteTable("plain", {
  id: text("id").primaryKey(),
  title: text("title").notNull().default("it's"),
  size: integer("size").default(0),
  ratio: real("ratio").default(sql`0.5`),
  seen: integer("seen", { mode: "boolean" }).notNull().default(false),
  at: integer("at", { mode: "timestamp" }).notNull().$defaultFn(() => new Date()),
  at_ms: int("at_ms", { mode: "timestamp_ms" }).$onUpdate(() => new Date()),
  data: text("data", { mode: "json" }).$type<{ a: number }>(),
  raw: blob("raw", { mode: "buffer" }),
  exact: numeric("exact"),
});

// An alias, a callback for extras, a reference to itself.
export const aliased = table(
  "aliased",
  {
    id: text("id").primaryKey(),
    parentId: text("parent_id").references((): AnySQLiteColumn => aliased.id),
  },
  (t) => [index("aliased_parent").on(t.parentId)],
);

// A namespace import.
export const spaced = core.sqliteTable("spaced", { id: core.integer("id").primaryKey(), note: core.text("note", { length: 9 }) });

// Builders from a callback, named by their keys.
export const called = sqliteTable("called", (t) => ({ id: t.text().primaryKey(), body: t.text().notNull(), n: t.integer({ mode: "boolean" }) }));

// Builders taken apart.
export const parts = sqliteTable("parts", ({ text, integer: whole }) => ({ id: text("id").primaryKey(), n: whole("n").notNull() }));

// Spreads, helpers, constants, values from another file; the last entry of a key counts.
const LEVEL = "level";
const options = { enum: levels } as const;
export const spread = sqliteTable("spread", {
  ...base,
  ownerId: text("owner_id").notNull(),
  done: flag("done"),
  level: text(LEVEL, options),
  [`quoted`]: text("quoted"),
  other: text("other", { enum: shared.default }),
  ...stamps(),
});

// A table creator, and a function that makes tables.
const create = sqliteTableCreator((name) => `app_${name}`);
export const prefixed = create("prefixed", { id: text("id").primaryKey() });
const lookup = (name: string) => sqliteTable(name, { id: text("id").primaryKey(), label: text("label").notNull() });
export const colours = lookup("colours");

// A custom type; assertions and parentheses.
const list = customType<{ data: string[]; driverData: string }>({
  dataType() {
    return "text";
  },
  toDriver: (value) => JSON.stringify(value),
});
export const custom = sqliteTable("custom" as string, {
  id: (text("id") satisfies unknown as ReturnType<typeof text<"id">>).primaryKey(),
  tags: list("tags").notNull(),
}) as unknown;

// A name that is computed of texts, columns as a constant of their own.
const prefix = "dyn";
const columns = { id: text("id").primaryKey(), at: text("at").$defaultFn(() => "now") };
export const dynamic = sqliteTable(`${prefix}_amic`, columns);
