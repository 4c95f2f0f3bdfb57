import { sqliteTable, text } from "drizzle-orm/sqlite-core";

export const tags = sqliteTable("tags", {
  id: text("id").primaryKey(),
  userId: text("user_id"),
  label: text("label").notNull(),
});
