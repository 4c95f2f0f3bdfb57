// Shared columns behind a path alias.
import { pgTable, varchar } from "drizzle-orm/pg-core";
import { pk, softDelete, timestamps } from "@/db/columns";
import { LIMITS } from "@/limits";

export const projects = pgTable("projects", {
  ...pk,
  name: varchar("name", { length: LIMITS.name }).notNull(),
  ...timestamps,
  ...softDelete(),
});
