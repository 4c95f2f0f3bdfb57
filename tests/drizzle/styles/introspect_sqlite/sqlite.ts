import { sqliteTable, type AnySQLiteColumn, uniqueIndex, index, check, integer, text, foreignKey, primaryKey, real, numeric, blob } from "drizzle-orm/sqlite-core"
  import { sql } from "drizzle-orm"

export const authors = sqliteTable("authors", {
	id: integer().primaryKey({ autoIncrement: true }),
	name: text().notNull(),
	bio: text().default("sql`(NULL)`"),
	rating: real().default(0.5),
	joined: text("joined_at").default("sql`(CURRENT_TIMESTAMP)`").notNull(),
	price: numeric(),
	photo: blob(),
},
(table) => [
	uniqueIndex("authors_name_unique").on(table.name),
	check("rating_check", sql`rating >= 0`),
]);

export const books = sqliteTable("books", {
	id: text().primaryKey().notNull(),
	authorId: integer("author_id").references(() => authors.id, { onDelete: "cascade" } ),
	parentId: text("parent_id").references((): AnySQLiteColumn => books.id),
	title: text().notNull(),
},
(table) => [
	index("books_title_idx").on(table.title),
]);

export const authorBooks = sqliteTable("author_books", {
	authorId: integer("author_id").notNull().references(() => authors.id),
	bookId: text("book_id").notNull().references(() => books.id, { onDelete: "set null" } ),
},
(table) => [
	primaryKey({ columns: [table.authorId, table.bookId], name: "author_books_author_id_book_id_pk"})
]);
