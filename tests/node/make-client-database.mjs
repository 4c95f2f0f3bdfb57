// Writes a client database by the real PowerSync SDK.
//
// Usage: node make-client-database.mjs <folder> < [{name, columns: {name: "text" | "integer" | "real"}, options}]
// Out:   {ok, error?, path}: the database, closed, with all in one file

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { column, Schema, Table } from "@powersync/common";
import { PowerSyncDatabase } from "@powersync/node";

const folder = resolve(process.argv[2]);
const wanted = JSON.parse(readFileSync(0, "utf8"));
try {
  const tables = wanted.map(({ name, columns, options }) => [
    name,
    new Table(Object.fromEntries(Object.entries(columns).map(([key, type]) => [key, column[type]])), options),
  ]);
  const powersync = new PowerSyncDatabase({
    schema: new Schema(Object.fromEntries(tables)),
    database: { dbFilename: "client.db", dbLocation: folder, implementation: { type: "node:sqlite" } },
  });
  await powersync.init();
  await powersync.execute("PRAGMA wal_checkpoint(TRUNCATE)").catch(() => {});
  await powersync.close();
  console.log(JSON.stringify({ ok: true, path: join(folder, "client.db") }));
} catch (error) {
  console.log(JSON.stringify({ ok: false, error: String(error?.stack ?? error) }));
}
