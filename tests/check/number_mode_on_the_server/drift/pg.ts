import { bigint, index, pgTable, text } from "drizzle-orm/pg-core";

export const notes = pgTable(
  "notes",
  {
    id: text("id").primaryKey(),
    ownerId: text("owner_id").notNull(),
    views: bigint("views", { mode: "number" }),
  },
  (t) => [index("notes_owner_id_idx").on(t.ownerId)],
);

export const audit = pgTable("audit", {
  id: bigint("id", { mode: "number" }).primaryKey(),
});
