import { integer, text } from "drizzle-orm/sqlite-core";

export const stamps = { createdAt: text("created_at").notNull(), updatedAt: text("updated_at").notNull(), deletedAt: text("deleted_at") };
