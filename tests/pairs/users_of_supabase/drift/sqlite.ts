import { sqliteTable, text } from "drizzle-orm/sqlite-core";

export const lists = sqliteTable("lists", {
  id: text("id").primaryKey(),
  userId: text("user_id"),
  name: text("name").notNull(),
});
