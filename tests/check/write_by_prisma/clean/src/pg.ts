import { bigint, boolean, customType, doublePrecision, integer, jsonb, numeric, pgTable, text, timestamp, varchar } from "drizzle-orm/pg-core";

const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });
const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const notes = pgTable("notes", {
  id: text("id").primaryKey(),
  ownerId: text("owner_id").notNull(),
  title: text("title").notNull(),
  stars: integer("stars"),
  done: boolean("done").notNull(),
  due: at("due"),
  price: numeric("price", { precision: 10, scale: 2 }),
  views: bigint("views", { mode: "bigint" }),
  ratio: doublePrecision("ratio"),
  meta: jsonb("meta"),
  tags: text("tags").array(),
  mood: text("mood", { enum: ["good", "bad"] }).notNull(),
  code: varchar("code", { length: 8 }),
  photo: bytea("photo"),
  createdBy: text("createdBy"),
  secret: text("secret"),
  createdAt: at("created_at").notNull().defaultNow(),
  updatedAt: at("updated_at").notNull().defaultNow(),
  deletedAt: at("deleted_at"),
});

export const audit = pgTable("audit", {
  id: text("id").primaryKey(),
  line: text("line").notNull(),
});
