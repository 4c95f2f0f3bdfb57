import { relations } from "drizzle-orm";
import { sqliteTable, text } from "drizzle-orm/sqlite-core";

export const notes = sqliteTable("notes", {
  id: text("id").primaryKey(),
  userId: text("user_id"),
  title: text("title").notNull(),
});

export const drafts = sqliteTable("drafts", {
  id: text("id").primaryKey(),
  noteId: text("note_id").references(() => notes.id),
  body: text("body"),
});

export const notesRelations = relations(notes, ({ many }) => ({ drafts: many(drafts) }));
