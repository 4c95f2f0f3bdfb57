import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const pages = sqliteTable("pages", {
  id: text("id").primaryKey(),
  ownerId: text("owner_id"),
  title: text("title").notNull(),
  length: integer("length"),
  size: text("size"),
});
