import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const lists = sqliteTable("lists", {
  id: text("id").primaryKey(),
  ownerId: text("owner_id"),
  name: text("name").notNull(),
  createdAt: text("created_at").notNull(),
});

export const todos = sqliteTable("todos", {
  id: text("id").primaryKey(),
  ownerId: text("owner_id"),
  listId: text("list_id").notNull(),
  body: text("body").notNull(),
  done: integer("done", { mode: "boolean" }).notNull().default(false),
  due: text("due"),
});
