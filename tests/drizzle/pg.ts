// Ways in which people write Drizzle schemas for PostgreSQL. Drizzle itself judges how they are read.
import { sql } from "drizzle-orm";
import * as pg from "drizzle-orm/pg-core";
import {
  bigint, bigserial, boolean, char, check, cidr, customType, date, decimal, doublePrecision, inet, integer, interval, json, jsonb, macaddr, numeric,
  pgEnum, pgSchema, pgTable, pgTableCreator, primaryKey, real, serial, smallint, smallserial, text, time, timestamp, uniqueIndex, uuid, varchar, vector, bit,
} from "drizzle-orm/pg-core";

import { at, citext, instant } from "./columns";

export const mood = pgEnum("mood", ["good", "bad"]);

export const everything = pgTable(
  "everything",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    a: text("a").notNull(),
    b: varchar("b", { length: 40 }),
    c: varchar("c"),
    d: char("d", { length: 3 }),
    e: boolean("e").default(true),
    f: smallint("f"),
    g: integer("g"),
    h: bigint("h", { mode: "number" }),
    i: bigint("i", { mode: "bigint" }),
    j: real("j"),
    k: doublePrecision("k"),
    l: numeric("l", { precision: 12, scale: 2 }),
    m: decimal("m", { precision: 5 }),
    n: numeric("n"),
    o: timestamp("o", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    p: timestamp("p", { mode: "string" }),
    q: date("q"),
    r: time("r", { precision: 3 }),
    s: time("s", { withTimezone: true }),
    t: json("t"),
    u: jsonb("u").$type<unknown>().default({}),
    v: interval("v"),
    w: inet("w"),
    x: cidr("x"),
    y: macaddr("y"),
    z: mood("z").notNull().default("good"),
    tags: text("tags").array().notNull().default(sql`'{}'`),
    grid: integer("grid").array().array(),
    prices: numeric("prices", { precision: 8, scale: 2 }).array(),
    embedding: vector("embedding", { dimensions: 3 }),
    bits: bit("bits", { dimensions: 4 }),
  },
  (t) => [uniqueIndex("everything_a").on(t.a), check("short", sql`length(${t.a}) < 9`)],
);

export const counters = pgTable("counters", {
  id: serial("id").primaryKey(),
  small: smallserial("small"),
  big: bigserial("big", { mode: "number" }),
  made: integer("made").generatedAlwaysAsIdentity(),
});

// Another schema of PostgreSQL, and a type of its own.
export const audit = pgSchema("audit");
export const level = audit.enum("level", ["low", "high"]);
export const entries = audit.table(
  "entries",
  { tenant: text("tenant").notNull(), seq: bigint("seq", { mode: "bigint" }).notNull(), level: level("level") },
  (t) => [primaryKey({ columns: [t.tenant, t.seq] })],
);

// A table creator, a callback for builders, a namespace.
const table = pgTableCreator((name) => `app_${name}`);
export const users = table("users", (d) => ({
  id: d.uuid().primaryKey(),
  name: d.varchar({ length: 255 }).notNull(),
  seen: d.timestamp({ withTimezone: true }).$onUpdate(() => new Date()),
}));
export const spaced = pg.pgTable("spaced", { id: pg.uuid("id").primaryKey(), n: pg.numeric("n", { precision: 4, scale: 0 }) });

// Helpers and types of another file; a type of this one.
const tsvector = customType<{ data: string }>({
  dataType() {
    return "tsvector";
  },
});
export const helped = pgTable("helped", {
  id: text("id").primaryKey(),
  email: citext("email").notNull(),
  createdAt: at("created_at").notNull().defaultNow(),
  seenAt: instant("seen_at", { precision: 0 }),
  search: tsvector("search"),
});
