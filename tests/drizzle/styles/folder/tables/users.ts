import { relations } from "drizzle-orm";
import { pgTable, text, uuid } from "drizzle-orm/pg-core";
import { role } from "./enums";
import { posts } from "./posts";

export const users = pgTable("users", {
  id: uuid("id").primaryKey().defaultRandom(),
  email: text("email").notNull().unique("users_email_once"),
  role: role("role").notNull().default("member"),
});

export const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
