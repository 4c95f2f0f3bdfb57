// Judge: writes rows through the real PowerSync SDK and its Drizzle driver, and shows what the device stored and uploads.
//
// Usage: node judge-device-rows.mjs <app-schema.ts>
// In:    a generated app-schema.ts with sqlite.ts and defaults.ts beside it; on stdin [{table, values, set?}]: the constant of a
//        table, a row to insert, and what an update then sets
// Out:   {ok, error?, device, rows: [{stored, read, updated?, uploads: [{op, data}]}]}
//        `stored` is the row as SQLite has it, `read` as Drizzle gives it, `updated` as SQLite has it after the update.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { wrapPowerSyncWithDrizzle } from "@powersync/drizzle-driver";
import { PowerSyncDatabase } from "@powersync/node";
import { eq, getTableName } from "drizzle-orm";

import "./typescript-hooks.mjs";

const device = "device-1";
const folder = mkdtempSync(join(tmpdir(), "syncline-device-"));
let powersync;
try {
  const path = resolve(process.argv[2]);
  const load = (file) => import(pathToFileURL(join(dirname(path), file)).href);
  const { createAppSchema } = await import(pathToFileURL(path).href);
  const { setDeviceId } = await load("defaults.ts");
  const tables = await load("sqlite.ts");
  setDeviceId(device);
  powersync = new PowerSyncDatabase({
    schema: createAppSchema(),
    database: { dbFilename: "device.db", dbLocation: folder, implementation: { type: "node:sqlite" } },
  });
  await powersync.init();
  const db = wrapPowerSyncWithDrizzle(powersync, { schema: tables });
  const rows = [];
  for (const { table: name, values, set } of JSON.parse(readFileSync(0, "utf8"))) {
    const table = tables[name];
    const [read] = await db.insert(table).values(values).returning();
    const select = () => powersync.get(`SELECT * FROM "${getTableName(table)}" WHERE id = ?`, [read.id]);
    const stored = await select();
    let updated;
    if (set) {
      // Another millisecond, so that a time that is set anew is seen to be.
      await new Promise((done) => setTimeout(done, 5));
      await db.update(table).set(set).where(eq(table.id, read.id));
      updated = await select();
    }
    rows.push({ stored, read, ...(set && { updated }), uploads: await uploads() });
  }
  print({ ok: true, device, rows });
} catch (error) {
  print({ ok: false, error: String(error?.cause?.message ?? error?.message ?? error) });
} finally {
  await powersync?.close();
  rmSync(folder, { recursive: true, force: true });
}

/** What waits to be uploaded, taken off the queue. */
async function uploads() {
  const batch = await powersync.getCrudBatch(1000);
  await batch?.complete();
  return (batch?.crud ?? []).map(({ op, opData }) => ({ op, data: opData }));
}

function print(result) {
  console.log(JSON.stringify(result, null, 2));
}
