// A device: a real PowerSync database on disk with the generated client on it.
//
// The generated package is named by the first argument of the script.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { PowerSyncDatabase } from "@powersync/node";

import "../typescript-hooks.mjs";

const root = resolve(process.argv[2]);

/** A module of the generated package. */
export const load = (file) => import(pathToFileURL(join(root, file)).href);

export const tables = await load("sqlite.ts");
const { setDeviceId } = await load("defaults.ts");
const { openDatabase } = await load("client/database.ts");
const { writesOn } = await load("client/write.ts");
const { SyncConnector } = await load("client/connector.ts");

setDeviceId("device-1");

const folders = [];
process.on("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
const open = new Set();
after(async () => {
  for (const device of open) await device.close();
});

/** A folder that goes when the tests end. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "syncline-client-"));
  folders.push(folder);
  return folder;
}

/** Opens a device against `server`. `options` are the connector's. */
export async function openDevice(server, { folder = temporaryFolder(), file = "device.db", sync, connector: own, ...options } = {}) {
  const connector = own ?? new SyncConnector({ server: server.address, ...options });
  const opened = await openDatabase({
    sdk: (settings) =>
      new PowerSyncDatabase({
        ...settings,
        database: { ...settings.database, implementation: { type: "node:sqlite" }, readWorkerCount: 1 },
        logger: { log: () => {} },
      }),
    filename: join(folder, file),
    connector,
    sync: { retryDelayMs: 100, crudUploadThrottleMs: 10, ...sync },
  });
  const device = {
    ...opened,
    connector,
    folder,
    write: writesOn(opened.db),
    upload: () => connector.uploadData(opened.powersync),
    unsent: async () => (await opened.powersync.getUploadQueueStats()).count,
    async close() {
      open.delete(device);
      await opened.close();
    },
  };
  open.add(device);
  return device;
}

/** Waits until `condition` holds. `what` says what did not happen, or gives it at the end. */
export async function until(condition, what, timeout = 10_000) {
  const end = Date.now() + timeout;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${typeof what === "function" ? what() : what} did not happen within ${timeout} ms`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
