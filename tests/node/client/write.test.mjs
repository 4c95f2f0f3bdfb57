// The typed writes: what they fill in, what they refuse, and that views take them.
//
// Usage: node client/write.test.mjs <generated ts folder of the notes app>

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { load, openDevice } from "./device.mjs";
import { startServer } from "./server.mjs";

const { writesOn } = await load("client/write.ts");
const { WriteError, check } = await load("client/rules.ts");

let server;
let device;
beforeEach(async () => {
  server = await startServer();
  device = await openDevice(server);
});
afterEach(() => server.stop());

const document = (id) => device.db.query.documents.findFirst({ where: (table, { eq }) => eq(table.id, id) });
const ops = async () => {
  const batch = await device.powersync.getCrudBatch(1000);
  await batch?.complete();
  return (batch?.crud ?? []).map(({ op, opData }) => [op, Object.keys(opData ?? {}).sort()]);
};

test("insert fills in, update touches the time, a soft delete marks", async () => {
  const id = await device.write.documents.insert({ content: "a" });
  const first = await document(id);
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.equal(first.deviceId, "device-1");
  await new Promise((done) => setTimeout(done, 5));
  assert.equal(await device.write.documents.update(id, { title: "t", projectId: undefined }), true);
  const second = await document(id);
  assert.ok(second.updatedAt > first.updatedAt && second.createdAt === first.createdAt);
  assert.equal(await device.write.documents.softDelete(id), true);
  assert.match((await document(id)).deletedAt, /Z$/);
  assert.deepEqual(await ops(), [
    ["PUT", ["content", "created_at", "device_id", "updated_at"]],
    ["PATCH", ["title", "updated_at"]],
    ["PATCH", ["deleted_at", "updated_at"]],
  ]);
});

test("a row that is not there is told, and a change of nothing uploads nothing", async () => {
  assert.equal(await device.write.documents.update("none", { title: "t" }), false);
  assert.equal(await device.write.documents.update("none", {}), false);
  assert.equal(await device.write.documents.softDelete("none"), false);
  const id = await device.write.documents.insert({ content: "a" });
  await ops();
  assert.equal(await device.write.documents.update(id, {}), true);
  assert.deepEqual(await ops(), []);
  const local = await device.write.preferences.insert({ key: "k", value: { a: 1 } });
  assert.equal(await device.write.preferences.delete(local), true);
  assert.equal(await device.write.preferences.delete(local), false);
});

test("an upsert inserts, then changes, alone and within a transaction", async () => {
  const row = { id: "d1", content: "a", title: "t" };
  assert.equal(await device.write.documents.upsert(row), "inserted");
  assert.equal(await device.write.documents.upsert({ ...row, content: "b" }), "updated");
  await device.db.transaction(async (tx) => {
    assert.equal(await writesOn(tx).documents.upsert({ ...row, content: "c" }), "updated");
    assert.equal(await writesOn(tx).documents.upsert({ ...row, id: "d2" }), "inserted");
  });
  assert.equal((await document("d1")).content, "c");
  assert.deepEqual((await ops()).map(([op]) => op), ["PUT", "PATCH", "PATCH", "PUT"]);
});

test("what the server would refuse fails at the call, all of it at once, and writes nothing", async () => {
  const said = async (write) => {
    const error = await write.then(() => undefined, (it) => it);
    assert.ok(error instanceof WriteError, `${error}`);
    return error.problems.map(({ column, message }) => `${column} ${message}`);
  };
  assert.deepEqual(await said(device.write.groups.insert({ color: "x".repeat(17), sortOrder: 1.5 })), [
    "color is longer than 16 characters",
    "sortOrder is not an integer",
    "name is required",
  ]);
  assert.deepEqual(await said(device.write.groups.update("id", { name: null })), ["name is required"]);
  assert.deepEqual(await said(device.write.groups.insert({ name: "a\u0000", other: 1 })), ["name holds a NUL character", "other is not a column"]);
  assert.deepEqual(await said(device.write.groups.upsert({ id: "", name: "a" })), ["id is not 1 to 128 bytes long"]);
  assert.deepEqual(await ops(), []);
  await device.write.groups.insert({ name: "a", color: "😀".repeat(16) });
});

test("rules are no stricter than the types", () => {
  const fine = (rule, ...values) => values.forEach((value) => check("t", { c: rule }, { c: value }, false));
  const refused = (rule, ...values) => values.forEach((value) => assert.throws(() => check("t", { c: rule }, { c: value }, false), WriteError, String(value)));
  fine({ type: "text" }, "", "😀", null, undefined);
  refused({ type: "text" }, 1, "\ud83d", "a\u0000");
  fine({ type: "id" }, "a", "ä".repeat(64));
  refused({ type: "id" }, "", "ä".repeat(65));
  fine({ type: "boolean" }, true, false);
  refused({ type: "boolean" }, 1, "true");
  fine({ type: "smallint" }, -32768, 32767);
  refused({ type: "smallint" }, 32768, 0.5, "1", NaN);
  fine({ type: "integer" }, -2147483648, 2147483647);
  refused({ type: "integer" }, 2147483648);
  fine({ type: "bigint" }, "9223372036854775807", "-9223372036854775808", "007");
  refused({ type: "bigint" }, "9223372036854775808", "+1", "1.0", 1, "");
  fine({ type: "real" }, 3.4e38, Infinity, 0);
  refused({ type: "real" }, 3.5e38, NaN, "1");
  fine({ type: "double" }, 1.7e308, -Infinity);
  refused({ type: "double" }, NaN, "1");
  fine({ type: "decimal", precision: 5, scale: 2 }, "123.45", "-0.10", "0", "1e2", "12345e-2", "0.5000", "000123.4");
  refused({ type: "decimal", precision: 5, scale: 2 }, "1234", "0.123", "1e3", ".5", "5.", "+1", "", 1);
  fine({ type: "timestamp" }, "2026-01-02", "2026-01-02T03:04", "2026-01-02 03:04:05.678Z", "2024-02-29T23:59:60+14:00", "0001-01-02t00:00:00-0330", "2026-01-02T24:00:00z", "2026-01-02T03:04+05");
  refused({ type: "timestamp" }, "now", "2026-02-30", "2026-01-02T", "2026-01-02Z", "2026-01-02T25:00", "2026-01-02T03:04:05+14:01", "2026-01-02T24:00:01", "2026-13-01", "0000-01-01", 5, "2026-1-2");
  fine({ type: "local_timestamp" }, "2026-01-02T03:04:05.678", "2026-01-02");
  refused({ type: "local_timestamp" }, "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+01");
  fine({ type: "date" }, "2024-02-29", "9999-12-31");
  refused({ type: "date" }, "2026-02-29", "2026-01-02T00:00", "10000-01-01");
  fine({ type: "time" }, "03:04", "03:04:05.6", "24:00:00");
  refused({ type: "time" }, "24:00:01", "3:04", "03:60", "03:04Z");
  fine({ type: "uuid" }, "7D0C4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2c", "7d0c4f5e9c1a4f0e8a539a1f3e0a1b2c");
  refused({ type: "uuid" }, "7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2", "{7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2c}");
  fine({ type: "bytes" }, "", "AA==", "AAA=", "+/+/");
  refused({ type: "bytes" }, "AB==", "AAB=", "AA", "A===", "-_==", "AA==\n");
  fine({ type: "json" }, {}, [1, "a"], "text", 0, false, { a: "\\u0000" });
  let deep = 0;
  for (let at = 0; at < 129; at += 1) deep = [deep];
  refused({ type: "json" }, () => 1, 1n, { a: "\u0000" }, ["\ud800"], { "\u0000": 1 }, deep);
  fine({ type: "json" }, deep[0]);
  fine({ type: "enum", words: ["a"] }, "a");
  refused({ type: "enum", words: ["a"] }, "b", 1);
  fine({ type: "integer", array: true }, [], [1, null]);
  refused({ type: "integer", array: true }, 1, [1.5], ["1"]);
  refused({ type: "text", required: true }, null, undefined);
  fine({ type: "text", required: true, filled: true }, undefined);
  refused({ type: "text", readOnly: true }, "a");
  assert.throws(() => check("t", { c: { type: "text", immutable: true } }, { c: "a" }, true), /cannot be changed/);
});
