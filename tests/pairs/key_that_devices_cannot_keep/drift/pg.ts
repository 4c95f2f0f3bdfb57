import { boolean, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

export const users = pgTable("users", { id: text("id").primaryKey(), email: text("email").notNull().unique() });

export const lists = pgTable("lists", {
  id: uuid("id").primaryKey(),
  ownerId: text("owner_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  name: text("name").notNull().unique(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
});

export const todos = pgTable("todos", {
  id: uuid("id").primaryKey(),
  ownerId: text("owner_id").notNull(),
  listId: uuid("list_id").notNull(),
  body: text("body").notNull(),
  done: boolean("done").notNull().default(false),
  due: timestamp("due", { withTimezone: true }),
});
