// Made by Syncline from syncline.toml. Do not edit.

/** PowerSync in Electron's main process, on better-sqlite3, with the app's own worker. */

import { Worker } from "node:worker_threads";

import { PowerSyncDatabase } from "@powersync/node";

import type { Open } from "../database";

/**
 * What `openDatabase` takes as `sdk`. `worker` is the built file of `worker.ts`; give `openDatabase` an absolute file name, as
 * `join(app.getPath("userData"), "app.db")`: a relative one would lie wherever the app was started from.
 */
export function inElectron(worker: URL | string): Open<PowerSyncDatabase> {
  return ({ schema, database: { dbFilename, dbLocation } }) => {
    if (dbLocation === undefined) {
      throw new Error(`${dbFilename} is relative: in Electron a database needs an absolute file name`);
    }
    return new PowerSyncDatabase({
      schema,
      database: { dbFilename, dbLocation, openWorker: (_, options) => new Worker(worker, options) },
    });
  };
}
