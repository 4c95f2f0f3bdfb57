import { pgTable, text, uuid } from "drizzle-orm/pg-core";
import { teams } from "./pg";

export * from "./pg";
export * from "./teams";

export const places = pgTable("places", { id: uuid("id").primaryKey(), name: text("name"), team: uuid("team").references(() => teams.id) });
