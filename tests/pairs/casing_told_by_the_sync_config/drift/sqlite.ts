import { sqliteTable, text } from "drizzle-orm/sqlite-core";

export const lists = sqliteTable("lists", {
  id: text().primaryKey(),
  ownerId: text(),
  parentId: text(),
  displayName: text().notNull(),
});
