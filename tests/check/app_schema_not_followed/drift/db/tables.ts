import { integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const notes = sqliteTable("notes", {
  id: text("id").primaryKey(),
  ownerId: text("owner_id"),
  title: text("title").notNull(),
  stars: integer("stars"),
  done: integer("done", { mode: "boolean" }).notNull(),
  due: text("due"),
  price: text("price"),
  views: text("views"),
  ratio: real("ratio"),
  meta: text("meta", { mode: "json" }),
  tags: text("tags", { mode: "json" }).$type<string[]>(),
  mood: text("mood", { enum: ["good", "bad"] }).notNull(),
  code: text("code"),
  photo: text("photo"),
  createdBy: text("createdBy"),
  createdAt: text("created_at").notNull(),
  updatedAt: text("updated_at").notNull(),
  deletedAt: text("deleted_at"),
});

export const drafts = sqliteTable("drafts", {
  id: text("id").primaryKey(),
  body: text("body").notNull(),
});
