// The React hooks, rendered by React on a real database.
//
// Usage: node client/react.test.mjs <generated ts folder of the notes app>

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { eq } from "drizzle-orm";
import { createElement } from "react";
import { act, create } from "react-test-renderer";

import { openAccount } from "./account.mjs";
import { load, openDevice, tables, until } from "./device.mjs";
import { startServer } from "./server.mjs";

globalThis.IS_REACT_ACT_ENVIRONMENT = true;
const { SyncProvider, useDatabaseVersion, useLatestQuery, useSyncStatus, useTypedQuery } = await load("client/react.tsx");
const { watchStatus } = await load("client/status.ts");

let server;
let device;
let status;
let root;
beforeEach(async () => {
  server = await startServer();
  device = await openDevice(server);
  status = watchStatus({ database: device.powersync, connector: device.connector });
});
afterEach(async () => {
  await act(() => root?.unmount());
  status.close();
  await server.stop();
});

const shown = () => root.toJSON();
/** Waits for what is shown, and lets React work meanwhile. */
const shows = (text) => until(async () => (await act(() => new Promise((done) => setTimeout(done, 5))), shown() === text), () => `"${text}", and not "${shown()}",`);

async function render(component, props = {}) {
  await act(() => {
    root = create(createElement(SyncProvider, { powersync: device.powersync, status, fallback: "nobody", ...props }, createElement(component)));
  });
}

test("a query follows its tables and its parameters", async () => {
  let name = "a";
  function Names() {
    const query = device.db.select().from(tables.projects).where(eq(tables.projects.name, name));
    const { data, loading } = useTypedQuery(query);
    return loading ? "loading" : `${data.length}`;
  }
  await render(Names);
  await shows("0");
  await device.write.projects.insert({ name: "a" });
  await shows("1");
  await device.write.projects.insert({ name: "b" });
  name = "b";
  await act(() => root.update(createElement(SyncProvider, { powersync: device.powersync, status }, createElement(Names))));
  await shows("1");
});

test("only the newest of async work is shown, and an error is said", async () => {
  const waiting = [];
  function Work() {
    const { data, error } = useLatestQuery(device.db.query.projects.findMany(), (rows) => new Promise((resolve, reject) => waiting.push({ rows, resolve, reject })));
    return error ? error.message : `${data}`;
  }
  await render(Work);
  await until(() => waiting.length === 1, "work");
  await device.write.projects.insert({ name: "a" });
  await until(() => waiting.length === 2, "more work");
  waiting[1].resolve("new");
  await shows("new");
  waiting[0].resolve("old");
  await new Promise((done) => setTimeout(done, 20));
  await shows("new");
  await device.write.projects.insert({ name: "b" });
  await until(() => waiting.length === 3, "still more work");
  waiting[2].reject(new Error("broken"));
  await shows("broken");
});

test("the status is shown", async () => {
  function Status() {
    const { phase, unsent } = useSyncStatus();
    return `${phase} ${unsent}`;
  }
  await render(Status);
  await shows("offline 0");
  await device.write.projects.insert({ name: "a" });
  await shows("offline 1");
  device.connect();
  await shows("synced 0");
});

test("nothing of one user is shown to the next", async () => {
  const account = openAccount(device, { unsent: "discard" });
  const seen = [];
  function Names() {
    const version = useDatabaseVersion();
    const { data = [] } = useTypedQuery(device.db.query.projects.findMany());
    const text = `${version} ${data.map(({ name }) => name)}`;
    seen.push(text);
    return text;
  }
  await render(Names, { account });
  await shows("nobody");
  await act(() => account.open("user-1"));
  await device.write.projects.insert({ name: "mine" });
  await shows("0 mine");
  await act(() => account.open("user-2"));
  await shows("1 ");
  assert.ok(!seen.includes("1 mine"), `${seen}`);
  await act(() => account.signOut());
  await shows("nobody");
});
