import { sql } from "drizzle-orm";
import { pgTable, text, uuid } from "drizzle-orm/pg-core";
import { authUsers } from "drizzle-orm/supabase";

export const lists = pgTable("lists", {
  id: uuid("id").primaryKey().defaultRandom(),
  userId: uuid("user_id").notNull().default(sql`auth.uid()`).references(() => authUsers.id, { onDelete: "cascade" }),
  name: text("name").notNull(),
});
