import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import "./typescript-hooks.mjs";

const { PowerSyncDatabase } = await import("@powersync/node");
const { wrapPowerSyncWithDrizzle } = await import("@powersync/drizzle-driver");
const folder = mkdtempSync(join(tmpdir(), "x-"));
const { createAppSchema } = await import(pathToFileURL(resolve(process.argv[2])).href);
const { setDeviceId } = await import(pathToFileURL(resolve(process.argv[2], "../defaults.ts")).href);
const tables = await import(pathToFileURL(resolve(process.argv[2], "../sqlite.ts")).href);
setDeviceId("dev");
const db = new PowerSyncDatabase({ schema: createAppSchema(), database: { dbFilename: "a.db", dbLocation: folder, implementation: { type: "node:sqlite" } } });
await db.init();
const d = wrapPowerSyncWithDrizzle(db, { schema: tables });
await d.insert(tables.everyDefault).values({});
console.log(await db.getAll("select * from every_default"));
console.log(await d.select().from(tables.everyDefault));
await d.update(tables.folders).set({ name: "x" });
const tx = await db.getCrudBatch();
console.log(JSON.stringify(tx.crud, null, 1));
await db.close();
rmSync(folder, { recursive: true });
