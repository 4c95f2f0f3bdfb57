import { timestamp, uuid } from "drizzle-orm/pg-core";

export const pk = { id: uuid("id").primaryKey().defaultRandom() };

export const timestamps = {
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow().$onUpdate(() => new Date()),
};

export function softDelete(name = "deleted_at") {
  const options = { withTimezone: true, precision: 3 } as const;
  return { deletedAt: timestamp(name, options) };
}
