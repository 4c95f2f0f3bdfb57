// The older form: extras as an object; keys of columns by position; numbers that PostgreSQL makes.
import { type SQL, sql } from "drizzle-orm";
import { bigint, bigserial, boolean, check, customType, index, integer, pgTable, primaryKey, serial, smallserial, text, unique, uniqueIndex } from "drizzle-orm/pg-core";

const tsvector = customType<{ data: string }>({
  dataType() {
    return "tsvector";
  },
});

export const articles = pgTable(
  "articles",
  {
    id: serial("id").primaryKey(),
    number: bigserial("number", { mode: "bigint" }),
    small: smallserial("small"),
    made: bigint("made", { mode: "number" }).generatedAlwaysAsIdentity({ startWith: 1000 }),
    title: text("title").notNull(),
    body: text("body"),
    live: boolean("live").default(false),
    search: tsvector("search").generatedAlwaysAs((): SQL => sql`to_tsvector('english', ${articles.title})`),
  },
  (t) => ({
    titleIdx: uniqueIndex("articles_title").on(t.title),
    searchIdx: index("articles_search").using("gin", t.search),
    lower: index("articles_lower").on(sql`lower(${t.title})`, t.number.desc().nullsFirst()),
    once: unique("articles_once").on(t.number, t.small).nullsNotDistinct(),
    live: uniqueIndex("articles_live").on(t.body).where(sql`${t.live} = true`),
    short: check("articles_short", sql`length(${t.title}) < 200`),
  }),
);

export const tagged = pgTable(
  "tagged",
  {
    article: integer("article")
      .references(() => articles.id)
      .notNull(),
    tag: text("tag").notNull(),
  },
  (t) => {
    return { pk: primaryKey(t.article, t.tag) };
  },
);
