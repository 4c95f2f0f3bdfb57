import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";

export const lists = pgTable(
  "lists",
  {
    id: uuid().primaryKey().defaultRandom(),
    ownerId: uuid().notNull(),
    parentId: uuid(),
    shownName: text().notNull(),
  },
  (t) => [index("lists_owner_id_idx").on(t.ownerId)],
);
