// Made by Syncline from syncline.toml. Do not edit.

/** Writes that fit PowerSync's tables, which are views: no ON CONFLICT, no constraints, no defaults of their own. */

import { eq, is } from "drizzle-orm";
import { type BaseSQLiteDatabase, type SQLiteColumn, type SQLiteTable, SQLiteTransaction } from "drizzle-orm/sqlite-core";

import { newId, now } from "../defaults";
import { type Rules, check } from "./rules";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the app's relations are
type AnyDatabase = BaseSQLiteDatabase<"async", any, any>;

/** The typed database, or a transaction of it. */
export type WriteDb = Pick<AnyDatabase, "select" | "insert" | "update" | "delete" | "transaction">;

/** A table that the device only adds to. */
export interface Appends<New> {
  /** Adds a row, and fills in its id, times and defaults. Returns the id. */
  insert(row: New): Promise<string>;
}

/** A table that the device writes. `false` means that there is no such row. */
export interface Writes<New, Change> extends Appends<New> {
  /** Changes the columns that are given, and the time of the last change. */
  update(id: string, change: Change): Promise<boolean>;
  /** Updates the row if it is there, and else inserts it. */
  upsert(row: New & { id: string }): Promise<"inserted" | "updated">;
}

/** Deleting removes the row. */
export interface RemovingWrites<New, Change> extends Writes<New, Change> {
  delete(id: string): Promise<boolean>;
}

/** Deleting marks the row: it goes with the next sync, and can be brought back on the server. */
export interface MarkingWrites<New, Change> extends Writes<New, Change> {
  softDelete(id: string): Promise<boolean>;
}

/** What is known of a table. */
export interface Target {
  name: string;
  table: SQLiteTable & { id: SQLiteColumn };
  rules: Rules;
}

type Values = Record<string, unknown>;

export function appends<New extends object>(db: WriteDb, target: Target): Appends<New> {
  return { insert: (row) => insert(db, target, row as Values) };
}

export function removing<New extends object, Change extends object>(db: WriteDb, target: Target): RemovingWrites<New, Change> {
  return {
    ...writes<New, Change>(db, target),
    async delete(id) {
      const { table } = target;
      return (await db.delete(table).where(eq(table.id, id)).returning({ id: table.id })).length > 0;
    },
  };
}

/** `mark` is the column that says when. */
export function marking<New extends object, Change extends object>(db: WriteDb, target: Target, mark: string): MarkingWrites<New, Change> {
  return {
    ...writes<New, Change>(db, target),
    softDelete: (id) => set(db, target, id, { [mark]: now() }),
  };
}

function writes<New extends object, Change extends object>(db: WriteDb, target: Target): Writes<New, Change> {
  return {
    ...appends<New>(db, target),
    update: (id, change) => update(db, target, id, change as Values),
    upsert: (row) => upsert(db, target, row as unknown as Values & { id: string }),
  };
}

async function insert(db: WriteDb, { name, table, rules }: Target, row: Values): Promise<string> {
  check(name, rules, row, false);
  const id = (row["id"] as string | undefined) ?? newId();
  await db.insert(table).values({ ...row, id } as never);
  return id;
}

async function update(db: WriteDb, target: Target, id: string, change: Values): Promise<boolean> {
  check(target.name, target.rules, change, true);
  return set(db, target, id, change);
}

async function set(db: WriteDb, { table }: Target, id: string, change: Values): Promise<boolean> {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const where = eq(table.id, id);
  const rows =
    given.length === 0
      ? await db.select({ id: table.id }).from(table).where(where)
      : await db.update(table).set(Object.fromEntries(given) as never).where(where).returning({ id: table.id });
  return rows.length > 0;
}

async function upsert(db: WriteDb, target: Target, row: Values & { id: string }): Promise<"inserted" | "updated"> {
  check(target.name, target.rules, row, false);
  const write = async (tx: WriteDb) => {
    const { table, rules } = target;
    // What a row keeps from its first day is no part of a change.
    const change = Object.entries(row).filter(([column]) => column !== "id" && rules[column]?.immutable !== true);
    if (await set(tx, target, row.id, Object.fromEntries(change))) return "updated";
    await tx.insert(table).values(row as never);
    return "inserted";
  };
  return is(db, SQLiteTransaction) ? write(db) : db.transaction(write);
}
