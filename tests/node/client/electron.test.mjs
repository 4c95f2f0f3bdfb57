// Electron's three processes, with their messages in between.
//
// Usage: node client/electron.test.mjs <generated ts folder of the notes app>

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { load, openDevice, temporaryFolder, until } from "./device.mjs";
import { startServer } from "./server.mjs";

const { serveSync } = await load("client/electron/main.ts");
const { exposeSync } = await load("client/electron/preload.ts");
const { followStatus, syncBridge } = await load("client/electron/renderer.ts");
const { inElectron } = await load("client/electron/open.ts");
const { openDatabase } = await load("client/database.ts");
const { watchStatus } = await load("client/status.ts");

/** What Electron has between its processes: copies, and no objects. */
function electron(url) {
  const handlers = new Map();
  const listeners = new Set();
  const ipcMain = { handle: (name, work) => handlers.set(name, work), removeHandler: (name) => handlers.delete(name) };
  const ipcRenderer = {
    invoke: async (name, ...values) => structuredClone(await handlers.get(name)({ senderFrame: { url } }, ...structuredClone(values))),
    on: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
  };
  const page = { isDestroyed: () => false, send: (_, state) => listeners.forEach((listener) => listener({}, structuredClone(state))) };
  return { ipcMain, ipcRenderer, page, handlers, listeners };
}

test("the page connects, disconnects and follows the status", async () => {
  const server = await startServer();
  const device = await openDevice(server);
  const status = watchStatus({ database: device.powersync, connector: device.connector });
  const { ipcMain, ipcRenderer, page, handlers, listeners } = electron("app://notes/index.html");
  const trusts = (url) => url.startsWith("app://notes/");
  const stop = serveSync({ ipcMain, pages: () => [page], trusts, status, connect: device.connect, disconnect: device.disconnect });
  globalThis.window = {};
  assert.throws(syncBridge, /preload/);
  exposeSync({ exposeInMainWorld: (name, value) => (window[name] = value) }, ipcRenderer);
  const bridge = syncBridge();
  assert.deepEqual(Object.keys(bridge).sort(), ["disable", "enable", "onStatus", "status"]);
  const followed = followStatus(bridge, status.current);
  let told = 0;
  followed.subscribe(() => (told += 1));
  await bridge.enable();
  await until(() => followed.current.phase === "synced", "synced in the page");
  server.next = [{ status: 400, body: "no" }];
  await device.write.projects.insert({ name: "a" });
  await until(() => followed.current.phase === "blocked" && followed.current.error instanceof Error, "blocked in the page");
  await bridge.disable();
  assert.equal(device.powersync.connected, false);
  assert.ok(told > 2);
  followed.close();
  assert.equal(listeners.size, 0);
  stop();
  assert.equal(handlers.size, 0);
  status.close();
  await server.stop();
});

test("another page is refused", async () => {
  const { ipcMain, ipcRenderer } = electron("https://example.com/");
  const status = { current: {}, subscribe: () => () => {} };
  let connected = 0;
  serveSync({ ipcMain, pages: () => [], trusts: (url) => url.startsWith("app://"), status, connect: () => (connected += 1), disconnect: async () => {} });
  await assert.rejects(ipcRenderer.invoke("syncline:enable"), /may not/);
  assert.equal(connected, 0);
});

test("a relative file name is refused", async () => {
  await assert.rejects(openDatabase({ sdk: inElectron("worker.js"), filename: "app.db", connector: {} }), /absolute/);
  const opened = [];
  const sdk = ({ database }) => {
    opened.push(database);
    throw new Error("seen");
  };
  const folder = temporaryFolder();
  for (const filename of [join(folder, "app.db"), "C:\\data\\app.db", "app.db"]) {
    await assert.rejects(openDatabase({ sdk, filename, connector: {} }), /seen/);
  }
  assert.deepEqual(opened, [{ dbFilename: "app.db", dbLocation: folder }, { dbFilename: "app.db", dbLocation: "C:\\data" }, { dbFilename: "app.db" }]);
});
