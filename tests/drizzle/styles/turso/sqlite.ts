// SQLite as a server's database has it: unix times, composite keys, a prefix.
import { sql } from "drizzle-orm";
import { blob, foreignKey, index, int, integer, primaryKey, real, sqliteTableCreator, text, unique, uniqueIndex } from "drizzle-orm/sqlite-core";

const prefixed = sqliteTableCreator((name) => `app_${name}`);
const epoch = sql`(unixepoch())`;

export const todos = prefixed(
  "todos",
  {
    id: int("id").primaryKey({ autoIncrement: true }),
    owner: text("owner").notNull(),
    title: text("title", { length: 120 }).notNull(),
    done: integer("done", { mode: "boolean" }).notNull().default(false),
    weight: real("weight").default(-1.5),
    due: integer("due", { mode: "timestamp" }),
    createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull().default(epoch),
    extra: text("extra", { mode: "json" }).$type<Record<string, string>>().default({ a: "b" }),
    raw: blob("raw"),
  },
  (t) => [uniqueIndex("todos_title").on(t.owner, t.title), index("todos_open").on(t.due).where(sql`${t.done} = 0`), unique().on(t.owner, t.due)],
);

export const shares = prefixed(
  "shares",
  { todo: integer("todo").notNull(), owner: text("owner").notNull(), level: text("level", { enum: ["read", "write"] }).default("read") },
  (t) => [
    primaryKey({ columns: [t.todo, t.owner] }),
    foreignKey({ columns: [t.todo], foreignColumns: [todos.id] }).onDelete("cascade"),
  ],
);
