// Made by Syncline from syncline.toml. Do not edit.

/**
 * For an app that kept its data on the device alone: copies it into the synced tables, once, whenever the app dies.
 *
 * Run it before the app shows anything. A row that is already there, by its id, is left as it is; so a batch can be repeated.
 */

import type { PowerSyncBackendConnector } from "@powersync/common";

type Database = Parameters<PowerSyncBackendConnector["uploadData"]>[0];
type Transaction = Parameters<Parameters<Database["writeTransaction"]>[0]>[0];

/** A row as SQLite has it, by the names of its columns. */
export type Row = Record<string, unknown>;

/** Rows that are to be adopted. */
export interface AdoptSource {
  /** The next rows behind `after`, in the order of their keys. */
  read(table: string, after: string | number | null, limit: number): Promise<{ key: string | number; row: Row }[]>;
  /** Takes rows away, in the transaction that adopts them. */
  remove?(tx: Transaction, table: string, keys: readonly (string | number)[]): Promise<void>;
}

export interface AdoptTable {
  /** The synced table, by its name in SQLite. */
  into: string;
  /** The source's table; the same name if not given. */
  from?: string | undefined;
  /**
   * The row as the synced table has it, with its `id` as text, or `null` to leave it out. It must give the same id for the same
   * row each time. If not given, the columns that both have.
   */
  map?: ((row: Row) => Row | null) | undefined;
}

export interface AdoptOptions {
  database: Database;
  source: AdoptSource;
  /** Parents before children: they are uploaded in this order. */
  tables: readonly AdoptTable[];
  /** Where it is remembered how far it got: a place of its own for each source. See `storage.ts`. */
  storage: { get(): Promise<string | null | undefined> | string | null | undefined; set(text: string): Promise<void> | void };
  /** Rows in a transaction; 500 if not given. */
  batch?: number | undefined;
  onProgress?: ((rows: number) => void) | undefined;
}

interface Progress {
  done: boolean;
  /** Which table, counted from 0, and the last key of it that was taken. */
  table: number;
  after: string | number | null;
}

/** Adopts what is left. Returns how many rows came in by this call: 0 once it is done. */
export async function adopt(options: AdoptOptions): Promise<number> {
  const { database, source, tables, storage, batch = 500 } = options;
  let progress = readProgress(await storage.get());
  let adopted = 0;
  const remember = async (next: Progress) => {
    await storage.set(JSON.stringify(next));
    progress = next;
  };
  while (!progress.done) {
    const table = tables[progress.table];
    if (table === undefined) {
      await remember({ ...progress, done: true });
      break;
    }
    const from = table.from ?? table.into;
    const rows = await source.read(from, progress.after, batch);
    const last = rows.at(-1);
    if (last === undefined) {
      await remember({ done: false, table: progress.table + 1, after: null });
      continue;
    }
    adopted += await database.writeTransaction(async (tx) => {
      const inserted = await insertMissing(tx, database, table, rows.map(({ row }) => row));
      await source.remove?.(tx, from, rows.map(({ key }) => key));
      return inserted;
    });
    await remember({ ...progress, after: last.key });
    options.onProgress?.(adopted);
  }
  return adopted;
}

/** Rows of an SQLite file: `query` runs on a connection of the app's own to that file. */
export function fromFile(query: (sql: string, parameters: (string | number)[]) => Promise<Row[]> | Row[]): AdoptSource {
  return {
    async read(table, after, limit) {
      const behind = after === null ? "" : "WHERE rowid > ?";
      const sql = `SELECT rowid AS syncline_key, * FROM ${quote(table)} ${behind} ORDER BY rowid LIMIT ?`;
      const rows = await query(sql, after === null ? [limit] : [after, limit]);
      return rows.map(({ syncline_key, ...row }) => ({ key: syncline_key as number, row }));
    },
  };
}

/** Rows of tables that are only on the device, in the same database: they move. */
export function fromLocalTables(database: Database): AdoptSource {
  return {
    async read(table, _after, limit) {
      const rows = await database.getAll<Row>(`SELECT * FROM ${quote(table)} ORDER BY id LIMIT ?`, [limit]);
      return rows.map((row) => ({ key: row["id"] as string, row }));
    },
    async remove(tx, table, keys) {
      await tx.execute(`DELETE FROM ${quote(table)} WHERE id IN (${marks(keys)})`, [...keys]);
    },
  };
}

async function insertMissing(tx: Transaction, database: Database, table: AdoptTable, rows: readonly Row[]): Promise<number> {
  const target = database.schema.tables.find(({ name }) => name === table.into);
  if (target === undefined) throw new Error(`there is no table ${table.into}`);
  const columns = ["id", ...target.columns.map(({ name }) => name)];
  const wanted = rows.map((row) => (table.map ? table.map(row) : row)).filter((row): row is Row => row !== null);
  const ids = wanted.map(({ id }) => {
    if (typeof id !== "string" || id === "") throw new Error(`a row for ${table.into} has no id as text: give it one in map`);
    return id;
  });
  const found = await tx.getAll<{ id: string }>(`SELECT id FROM ${quote(table.into)} WHERE id IN (${marks(ids)})`, ids);
  const there = new Set(found.map(({ id }) => id));
  for (const row of wanted) {
    if (there.has(row["id"] as string)) continue;
    there.add(row["id"] as string);
    const given = columns.filter((column) => row[column] !== undefined && row[column] !== null);
    const sql = `INSERT INTO ${quote(table.into)} (${given.map(quote).join(", ")}) VALUES (${marks(given)})`;
    await tx.execute(sql, given.map((column) => row[column]));
  }
  return there.size - found.length;
}

function readProgress(text: string | null | undefined): Progress {
  const start: Progress = { done: false, table: 0, after: null };
  return text ? { ...start, ...(JSON.parse(text) as Partial<Progress>) } : start;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function marks(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}
