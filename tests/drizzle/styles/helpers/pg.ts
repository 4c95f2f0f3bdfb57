// Helpers that make columns, wrap columns, and make whole tables.
import { index, pgTable, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core";
import type { AnyPgColumn, PgColumnBuilderBase } from "drizzle-orm/pg-core";

const id = () => uuid("id").defaultRandom().primaryKey();
const fk = (name: string, to: () => AnyPgColumn) => uuid(name).notNull().references(to, { onDelete: "cascade" });
const code = (name: string, { length }: { length: number } = { length: 8 }) => varchar(name, { length });
const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

const audited = <T extends Record<string, PgColumnBuilderBase>>(columns: T) => ({
  id: id(),
  ...columns,
  createdAt: at("created_at").notNull().defaultNow(),
});

function lookup(name: string) {
  return pgTable(name, { id: id(), label: text("label").notNull() });
}

const byOwner = (name: string, t: { owner: AnyPgColumn }) => index(`${name}_owner`).on(t.owner as never);

export const countries = lookup("countries");
export const teams = pgTable("teams", audited({ name: text("name").notNull(), key: code("key", { length: 12 }) }));
export const members = pgTable(
  "members",
  audited({ team: fk("team_id", () => teams.id), owner: text("owner_id").notNull() }),
  (t) => [byOwner("members", t)],
);
