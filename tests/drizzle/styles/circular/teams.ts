import { pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { users } from "./pg";

export * from "./places";
export * from "./pg";

export const teams = pgTable(
  "teams",
  { id: uuid("id").primaryKey(), tenant: text("tenant").notNull(), lead: uuid("lead").references(() => users.id, { onDelete: "set null" }) },
  (t) => [unique().on(t.id, t.tenant)],
);
