// An app that was local-only: its rows come into the synced tables once, whenever the app dies.
//
// Usage: node client/adopt.test.mjs <generated ts folder of the notes app>

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, test } from "node:test";
import { PowerSyncDatabase, Schema, Table, column } from "@powersync/node";

import { load, openDevice, temporaryFolder } from "./device.mjs";
import { startServer } from "./server.mjs";

const { adopt, fromFile, fromLocalTables } = await load("client/adopt.ts");

let server;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.stop());

/** The file of the app before, with integer ids as such apps have them. */
function oldFile() {
  const file = new DatabaseSync(":memory:");
  file.exec(`CREATE TABLE folders (id INTEGER PRIMARY KEY, name TEXT, secret TEXT);
    CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT, content TEXT, project_id TEXT, created_at TEXT);`);
  for (let at = 1; at <= 25; at += 1) file.prepare("INSERT INTO folders VALUES (?, ?, 'x')").run(at * 3, `f${at}`);
  for (let at = 1; at <= 12; at += 1) file.prepare("INSERT INTO documents VALUES (?, NULL, ?, ?, 't')").run(`d${at}`, `c${at}`, `old-${at * 3}`);
  return file;
}

const tables = [
  { into: "projects", from: "folders", map: ({ id, name }) => (name === "f7" ? null : { id: `old-${id}`, name, is_default: 0 }) },
  { into: "documents" },
];

/** Remembers, and dies after so many steps. */
function dying(steps = Infinity) {
  let text = null;
  let left = steps;
  const step = () => {
    left -= 1;
    if (left < 0) throw new Error("killed");
  };
  return {
    step,
    revive: () => (left = Infinity),
    storage: {
      get: () => text,
      set(next) {
        step();
        text = next;
        step();
      },
    },
  };
}

test("a file's rows come in, once, and are uploaded", async () => {
  const device = await openDevice(server);
  const file = oldFile();
  const source = fromFile((sql, parameters) => file.prepare(sql).all(...parameters));
  const { storage } = dying();
  let progress = 0;
  const options = { database: device.powersync, source, tables, storage, batch: 10, onProgress: (rows) => (progress = rows) };
  assert.equal(await adopt(options), 36);
  assert.equal(progress, 36);
  assert.equal(await adopt(options), 0);
  const documents = await device.db.query.documents.findMany({ with: { project: true } });
  assert.deepEqual([documents.length, documents.find(({ id }) => id === "d2").project.name], [12, "f2"]);
  while ((await device.unsent()) > 0) await device.upload();
  assert.equal(server.rows.size, 36);
  assert.deepEqual(server.rows.get("projects/old-3"), { name: "f1", is_default: 0, owner_id: "user-1" });
});

test("a row without an id, and a table that is not there, are said", async () => {
  const device = await openDevice(server);
  const file = oldFile();
  const source = fromFile((sql, parameters) => file.prepare(sql).all(...parameters));
  const { storage } = dying();
  await assert.rejects(adopt({ database: device.powersync, source, storage, tables: [{ into: "projects", from: "folders" }] }), /no id as text/);
  await assert.rejects(adopt({ database: device.powersync, source, storage, tables: [{ into: "folders" }] }), /no table folders/);
  assert.equal(await device.unsent(), 0);
});

test("killed at every step, a file is adopted whole and no row twice", async () => {
  const device = await openDevice(server);
  for (let steps = 0; ; steps += 1) {
    await device.powersync.disconnectAndClear();
    const file = oldFile();
    const life = dying(steps);
    const source = fromFile((sql, parameters) => file.prepare(sql).all(...parameters));
    const options = { database: device.powersync, source, tables, storage: life.storage, batch: 10 };
    const died = await adopt(options).then(() => false, (error) => error.message === "killed");
    life.revive();
    await adopt(options);
    const queue = await device.powersync.getCrudBatch(1000);
    const ids = queue.crud.map(({ table, id }) => `${table}/${id}`);
    assert.deepEqual([ids.length, new Set(ids).size], [36, 36], `step ${steps}`);
    if (!died) break;
  }
});

test("killed at every step, twin tables move whole", async () => {
  const columns = { name: column.text, secret: column.text };
  const schema = new Schema({ notes: new Table(columns), local_notes: new Table(columns, { localOnly: true }) });
  const powersync = new PowerSyncDatabase({
    schema,
    database: { dbFilename: "twins.db", dbLocation: temporaryFolder(), implementation: { type: "node:sqlite" } },
    logger: { log: () => {} },
  });
  for (let steps = 0; ; steps += 1) {
    await powersync.disconnectAndClear();
    for (let at = 0; at < 25; at += 1) await powersync.execute("INSERT INTO local_notes (id, name) VALUES (?, ?)", [`n${at}`, `name ${at}`]);
    const life = dying(steps);
    const source = fromLocalTables(powersync);
    const { remove } = source;
    source.remove = async (...values) => {
      life.step();
      await remove(...values);
      life.step();
    };
    const options = { database: powersync, source, storage: life.storage, batch: 10, tables: [{ into: "notes", from: "local_notes" }] };
    const died = await adopt(options).then(() => false, (error) => error.message === "killed");
    life.revive();
    await adopt(options);
    const count = async (sql) => (await powersync.get(sql)).n;
    assert.equal(await count("SELECT count(*) AS n FROM local_notes"), 0, `step ${steps}`);
    assert.equal(await count("SELECT count(DISTINCT name) AS n FROM notes"), 25, `step ${steps}`);
    assert.equal(await count("SELECT count(*) AS n FROM ps_crud"), 25, `step ${steps}`);
    if (!died) break;
  }
  await powersync.close();
});
