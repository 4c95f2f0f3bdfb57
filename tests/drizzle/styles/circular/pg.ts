// Tables that point at each other across files, and at themselves; files that give each other on.
import { foreignKey, pgTable, type AnyPgColumn, text, uuid } from "drizzle-orm/pg-core";
import { teams } from "./teams";

export { teams };
export * from "./places";
export * from "./teams";

export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey(),
    teamId: uuid("team_id").references((): AnyPgColumn => teams.id),
    bossId: uuid("boss_id"),
    mentor: uuid("mentor").references((): AnyPgColumn => users.id),
    tenant: text("tenant"),
  },
  (t) => [
    foreignKey({ columns: [t.bossId], foreignColumns: [t.id] }),
    foreignKey({ columns: [t.teamId, t.tenant], foreignColumns: [teams.id, teams.tenant], name: "same_tenant" }).onDelete("restrict"),
  ],
);
