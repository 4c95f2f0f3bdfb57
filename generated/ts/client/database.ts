// Made by Syncline from syncline.toml. Do not edit.

/** Opens the device's database: PowerSync under it, Drizzle over it, and a promise of the first sync. */

import type { PowerSyncBackendConnector, SyncOptions } from "@powersync/common";
import { type PowerSyncSQLiteDatabase, wrapPowerSyncWithDrizzle } from "@powersync/drizzle-driver";

import { createAppSchema } from "../app-schema";
import * as tables from "../sqlite";

type Database = Parameters<PowerSyncBackendConnector["uploadData"]>[0];

/** The typed database. */
export type Db = PowerSyncSQLiteDatabase<typeof tables>;

/** What a database is opened by. */
export interface OpenSettings {
  schema: ReturnType<typeof createAppSchema>;
  database: { dbFilename: string; dbLocation?: string };
}

/** What opens a database, with the app's own SDK: `inExpo()`, `inElectron(…)`, `inBrowser()`. */
export type Open<D extends Database> = (settings: OpenSettings) => D;

export interface OpenOptions<D extends Database> {
  /** The app's PowerSync SDK. */
  sdk: Open<D>;
  /** The file: relative in Expo and on the web, where the platform says where databases live; absolute in Electron. */
  filename: string;
  connector: PowerSyncBackendConnector;
  /** How to connect, as the SDK takes it. */
  sync?: SyncOptions | undefined;
  /** How long `firstSync` waits, in milliseconds. 30 s if not given. */
  firstSyncTimeout?: number | undefined;
}

export interface OpenDatabase<D extends Database> {
  powersync: D;
  db: Db;
  /** Connects, and returns at once: the database is there for reading and writing, online or not. */
  connect(): void;
  disconnect(): Promise<void>;
  /** Has everything been here once? `false` when the time is up: show what there is, and go on waiting in the background. */
  firstSync(timeout?: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens the database and waits until it can be read and written. It does not connect yet. */
export async function openDatabase<D extends Database>(options: OpenOptions<D>): Promise<OpenDatabase<D>> {
  const powersync = options.sdk({ schema: createAppSchema(), database: splitPath(options.filename) });
  await powersync.init();
  const db = wrapPowerSyncWithDrizzle(powersync, { schema: tables });
  return {
    powersync,
    db,
    connect() {
      // The SDK's promise settles at the first attempt, and tries for ever by itself.
      powersync.connect(options.connector, options.sync).catch((error: unknown) => {
        powersync.logger.log({ level: 40, message: "cannot connect", error });
      });
    },
    disconnect: () => powersync.disconnect(),
    firstSync: (timeout) => firstSync(powersync, timeout ?? options.firstSyncTimeout ?? 30_000),
    close: () => powersync.close(),
  };
}

async function firstSync(powersync: Database, timeout: number): Promise<boolean> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeout);
  try {
    await powersync.waitForFirstSync(abort.signal);
    return powersync.currentStatus.hasSynced === true;
  } finally {
    clearTimeout(timer);
  }
}

/** Node's SDK takes an absolute path in two parts; the others have no folders. */
function splitPath(filename: string): OpenSettings["database"] {
  if (!isAbsolute(filename)) return { dbFilename: filename };
  const cut = Math.max(filename.lastIndexOf("/"), filename.lastIndexOf("\\"));
  return { dbFilename: filename.slice(cut + 1), dbLocation: filename.slice(0, cut) || "/" };
}

/** `/data/app.db`, `C:\data\app.db`, `\\host\share\app.db`. */
export function isAbsolute(filename: string): boolean {
  return /^([/\\]|[A-Za-z]:[/\\])/.test(filename);
}
