// Constants, words, lists and documents as defaults.
import { sql } from "drizzle-orm";
import { bigint, boolean, customType, integer, jsonb, numeric, pgEnum, pgTable, text, varchar } from "drizzle-orm/pg-core";

const Status = { Draft: "draft", Live: "live" } as const;
const BASE = ["a", "b"] as const;
export const letters = pgEnum("letters", [...BASE, "c"]);

const money = customType<{ data: string; config: { precision: number } }>({
  dataType: () => "numeric(10, 2)",
});

export const settings = pgTable("settings", {
  id: text("id").primaryKey(),
  status: text("status", { enum: Object.values(Status) as [string, ...string[]] })
    .notNull()
    .default(Status.Draft),
  letter: letters("letter").default("a"),
  count: integer("count").default(-3),
  big: bigint("big", { mode: "bigint" }).default(9007199254740993n),
  list: text("list").array().default(["x", "y"]),
  doc: jsonb("doc").default({ theme: "dark", sizes: [1, 2.5], nothing: null, on: true }),
  price: money("price").default("0"),
  share: numeric("share", { precision: 5, scale: 4 }).default("0.5"),
  yes: boolean("yes").default(true),
  made: text("made").default(sql`gen_random_uuid()::text`),
  later: text("later").default(sql.raw("'later'")),
  name: varchar("name", { length: 40 }).default(`na${"me"}`),
});
