// Column helpers that the other files share.
import { integer, text as txt } from "drizzle-orm/sqlite-core";
import { customType, timestamp } from "drizzle-orm/pg-core";

export const base = { id: txt("id").primaryKey(), ownerId: txt("owner_id") } as const;

export const flag = (name: string) => integer(name, { mode: "boolean" }).notNull();

export function stamps() {
  return { createdAt: txt("created_at").notNull(), updatedAt: txt("updated_at").notNull() };
}

export const at = (name: string, digits = 3) => timestamp(name, { withTimezone: true });

export const instant = (name: string, options: { precision: 0 | 3 }) => timestamp(name, options);

export const citext = customType<{ data: string }>({ dataType: () => "citext" });

const WORDS = ["low", "high"] as const;
export { WORDS as words };
export default WORDS;
