import { text } from "drizzle-orm/sqlite-core";

export const times = {
  createdAt: text("created_at").notNull(),
  updatedAt: text("changed_at").notNull(),
  deletedAt: text("deleted_at"),
};
