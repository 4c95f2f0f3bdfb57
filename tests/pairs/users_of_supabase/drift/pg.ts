import { sql } from "drizzle-orm";
import { pgTable, text, uuid } from "drizzle-orm/pg-core";
import { users } from "./elsewhere";

export const lists = pgTable("lists", {
  id: uuid("id").primaryKey().defaultRandom(),
  userId: uuid("user_id").notNull().default(sql`auth.uid()`).references(() => users.id, { onDelete: "cascade" }),
  name: text("name").notNull(),
});
