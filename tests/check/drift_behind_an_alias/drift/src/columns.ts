import { integer, text } from "drizzle-orm/sqlite-core";

export const stamps = { createdAt: text("created_at").notNull(), updatedAt: text("updated_at").notNull(), deletedAt: integer("deleted_at", { mode: "timestamp" }) };
