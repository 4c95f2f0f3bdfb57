import { pgTable, unique, check, serial, varchar, timestamp, boolean, index, foreignKey, uuid, text, jsonb, numeric, primaryKey, integer, uniqueIndex, pgEnum, bigint, date, doublePrecision } from "drizzle-orm/pg-core"
import { sql } from "drizzle-orm"

export const orderStatus = pgEnum("order_status", ['pending', 'paid', 'shipped', "it's lost"])


export const customers = pgTable("customers", {
	id: serial().primaryKey().notNull(),
	email: varchar({ length: 255 }).notNull(),
	fullName: text("full_name"),
	active: boolean().default(true).notNull(),
	balance: numeric({ precision: 12, scale:  2 }).default('0.00').notNull(),
	settings: jsonb().default({}).notNull(),
	createdAt: timestamp("created_at", { withTimezone: true, mode: 'string' }).defaultNow().notNull(),
	updatedAt: timestamp("updated_at", { precision: 3, mode: 'string' }).default(sql`CURRENT_TIMESTAMP`),
	// You can use { mode: "bigint" } if numbers are exceeding js number limitations
	visits: bigint({ mode: "number" }).default(0),
	born: date(),
	score: doublePrecision().default(0.5),
	tags: text().array().default([""]),
}, (table) => [
	index("customers_created_idx").using("btree", table.createdAt.desc().nullsLast().op("timestamptz_ops")),
	index("customers_tags_idx").using("gin", table.tags.asc().nullsLast().op("array_ops")),
	uniqueIndex("customers_email_lower_idx").using("btree", sql`lower((email)::text)`),
	unique("customers_email_key").on(table.email),
	check("customers_balance_check", sql`balance >= (0)::numeric`),
]);

export const orders = pgTable("orders", {
	id: uuid().defaultRandom().primaryKey().notNull(),
	customerId: integer("customer_id").notNull(),
	status: orderStatus().default('pending').notNull(),
	note: text().default('it\'s'),
}, (table) => [
	index("orders_open_idx").using("btree", table.customerId.asc().nullsLast().op("int4_ops")).where(sql`(status = 'pending'::order_status)`),
	foreignKey({
			columns: [table.customerId],
			foreignColumns: [customers.id],
			name: "orders_customer_id_fkey"
		}).onUpdate("cascade").onDelete("cascade"),
]);

export const orderLines = pgTable("order_lines", {
	orderId: uuid("order_id").notNull(),
	line: integer().notNull(),
	sku: text().notNull(),
}, (table) => [
	foreignKey({
			columns: [table.orderId],
			foreignColumns: [orders.id],
			name: "order_lines_order_id_fkey"
		}),
	primaryKey({ columns: [table.orderId, table.line], name: "order_lines_pkey"}),
]);
