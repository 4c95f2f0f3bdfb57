import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import * as people from "./users";

export const posts = pgTable(
  "posts",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    authorId: uuid("author_id")
      .notNull()
      .references(() => people.users.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
  },
  ({ authorId, title }) => [index().on(authorId, title.desc())],
);

export const comments = pgTable("comments", {
  id: uuid("id").primaryKey(),
  postId: uuid("post_id").references(() => posts.id),
});

// Exported by no one.
export const hidden = pgTable("hidden", { id: uuid("id").primaryKey() });
