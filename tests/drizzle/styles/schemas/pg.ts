// Other schemas of PostgreSQL, row security.
import { sql } from "drizzle-orm";
import { pgPolicy, pgRole, pgSchema, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

const auth = pgSchema("auth");
export const authUsers = auth.table("users", { id: uuid("id").primaryKey(), email: text("email") });

export const reader = pgRole("reader").existing();

export const profiles = pgTable(
  "profiles",
  {
    id: uuid("id")
      .primaryKey()
      .references(() => authUsers.id, { onDelete: "cascade" }),
    handle: text("handle").unique(),
  },
  (table) => [
    pgPolicy("own profile", { as: "permissive", for: "select", to: reader, using: sql`id = ${table.id}` }),
  ],
).enableRLS();

export const audit = pgSchema("audit");
export const severity = audit.enum("severity", ["low", "high"]);
export const events = audit.table("events", {
  id: uuid("id").primaryKey().defaultRandom(),
  severity: severity().notNull().default("low"),
  profileId: uuid("profile_id").references(() => profiles.id, { onDelete: "set null", onUpdate: "cascade" }),
  at: timestamp("at", { withTimezone: true }).notNull().default(sql`now()`),
});
