// The status, the watchdog, and work on results that change.
//
// Usage: node client/status.test.mjs <generated ts folder of the notes app>

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { load, openDevice, until } from "./device.mjs";
import { startServer } from "./server.mjs";

const { watchStatus } = await load("client/status.ts");
const { latest } = await load("client/latest.ts");

let server;
const watches = [];
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  for (const watch of watches.splice(0)) watch.close();
  await server.stop();
});

function watch(device, options = {}) {
  const status = watchStatus({ database: device.powersync, connector: device.connector, ...options });
  watches.push(status);
  const phases = [];
  status.subscribe(() => {
    if (phases.at(-1) !== status.current.phase) phases.push(status.current.phase);
  });
  return { status, phases };
}

test("from offline to synced, with what is unsent", async () => {
  const device = await openDevice(server);
  const { status, phases } = watch(device);
  assert.equal(status.current.phase, "offline");
  await device.write.projects.insert({ name: "a" });
  await device.write.projects.insert({ name: "b" });
  await until(() => status.current.unsent === 2, "the count");
  assert.equal(status.current.lastSyncedAt, undefined);
  device.connect();
  await until(() => status.current.phase === "synced" && status.current.unsent === 0, "synced");
  assert.ok(status.current.lastSyncedAt instanceof Date);
  assert.ok(phases.includes("connecting") && phases.includes("syncing"), `${phases}`);
  const { current } = status;
  await status.check();
  assert.equal(status.current, current, "the same object until something changes");
  await device.disconnect();
  await until(() => status.current.phase === "offline", "offline");
});

test("no way to the server is offline, a server that fails is an error, a refused body is blocked", async () => {
  const device = await openDevice(server);
  const { status } = watch(device);
  device.connect();
  await until(() => status.current.phase === "synced", "synced");
  const failing = () => (server.next.push(failing), { status: 500 });
  server.next = [failing];
  await device.write.projects.insert({ name: "a" });
  await until(() => status.current.phase === "error", "error");
  assert.match(status.current.error.message, /500/);
  server.next = [{ status: 400 }];
  await until(() => status.current.phase === "blocked", "blocked");
  device.connector.retry();
  await until(() => status.current.phase === "synced", "synced again");
  await server.stop();
  await until(() => status.current.phase === "offline", "offline");
  server = await startServer();
});

test("the network's word comes first", async () => {
  const device = await openDevice(server);
  let online = true;
  let tell;
  const network = { online: () => online, subscribe: (listener) => ((tell = listener), () => {}) };
  const { status } = watch(device, { network });
  device.connect();
  await until(() => status.current.phase === "synced", "synced");
  online = false;
  tell();
  assert.equal(status.current.phase, "offline");
});

test("the watchdog connects again when the queue stands still, and leaves a queue alone that has a reason to wait", async () => {
  let now = 0;
  let connects = 0;
  let release;
  const hanging = {
    fetchCredentials: async () => ({ endpoint: server.address, token: "t.e30." }),
    uploadData: () => new Promise((done) => (release = done)),
  };
  const device = await openDevice(server, { connector: hanging });
  const connector = { waitingUntil: 0 };
  const { status } = watch(device, { connector, now: () => now, stallAfter: 1000, checkEvery: 1_000_000, reconnect: async () => void (connects += 1) });
  device.powersync.connect(device.connector);
  await until(() => device.powersync.connected, "a connection");
  await device.write.projects.insert({ name: "a" });
  await status.check();
  now += 999;
  await status.check();
  assert.equal(connects, 0);
  connector.waitingUntil = now + 500;
  now += 1;
  await status.check();
  assert.equal(connects, 0, "the server asked to wait");
  connector.waitingUntil = 0;
  now += 1000;
  await status.check();
  assert.equal(connects, 1);
  await status.check();
  assert.equal(connects, 1, "once, and then it waits as long again");
  now += 1000;
  await status.check();
  assert.equal(connects, 2);
  connector.blocked = {};
  now += 5000;
  await status.check();
  assert.equal(connects, 2, "blocked");
  await until(() => release, "an upload");
  const closed = device.close();
  release();
  await closed;
});

test("a watch that is closed says nothing more", async () => {
  const device = await openDevice(server);
  const { status, phases } = watch(device);
  status.close();
  await device.write.projects.insert({ name: "a" });
  device.connect();
  await device.firstSync(5_000);
  await status.check();
  assert.deepEqual([phases, status.current.unsent], [[], 0]);
});

test("only the newest result is delivered, and the others are told", async () => {
  const delivered = [];
  const failed = [];
  const aborted = [];
  const finish = new Map();
  const work = (input, signal) => {
    signal.addEventListener("abort", () => aborted.push(input));
    return new Promise((resolve, reject) => finish.set(input, { resolve, reject }));
  };
  const newest = latest(work, (output, input) => delivered.push([input, output]), (error) => failed.push(error));
  const rest = () => new Promise((done) => setTimeout(done, 0));
  newest.run("a");
  newest.run("b");
  finish.get("b").resolve("B");
  finish.get("a").resolve("A");
  await rest();
  assert.deepEqual([delivered, aborted], [[["b", "B"]], ["a"]]);
  newest.run("c");
  newest.run("d");
  finish.get("c").reject("stale");
  finish.get("d").reject("new");
  await rest();
  assert.deepEqual(failed, ["new"]);
  newest.run("e");
  newest.cancel();
  finish.get("e").resolve("E");
  await rest();
  assert.equal(delivered.length, 1);
});
