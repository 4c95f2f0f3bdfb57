import { pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";

export const tags = pgTable(
  "tags",
  {
    id: text("id").primaryKey(),
    userId: text("user_id").notNull(),
    label: text("label").notNull(),
  },
  (t) => [uniqueIndex("tags_label").on(t.label)],
);
