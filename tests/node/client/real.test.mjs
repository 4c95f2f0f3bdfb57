// The client against the app's real server and PostgreSQL: what the device wrote, row by row.
//
// Usage: node client/real.test.mjs <generated ts folder of the notes app>
// In:    on stdin {server, environment, database, tokens: {user: token}}: the server's program, what it is configured by, a
//        superuser's URL of its database, and a good token for each user

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import pg from "pg";

import { exported, openAccount } from "./account.mjs";
import { load, openDevice, temporaryFolder, until } from "./device.mjs";

const { adopt, fromFile } = await load("client/adopt.ts");
const { UploadError } = await load("client/connector.ts");
const given = JSON.parse(readFileSync(0, "utf8"));
const database = new pg.Client(given.database);

/** The real server, which can be killed and started again on the same port. */
const real = {
  async start() {
    real.port ??= await freePort();
    // Databases for tests run without fsync, which the server would not accept.
    const env = { ...process.env, ...given.environment, SYNCLINE_START_ANYWAY: "true", SYNCLINE_LISTEN: `127.0.0.1:${real.port}`, SYNCLINE_POWERSYNC_URL: front.address };
    real.process = spawn(given.server, [], { env, stdio: ["ignore", "pipe", "pipe"] });
    real.said = "";
    for (const stream of [real.process.stdout, real.process.stderr]) stream.on("data", (text) => (real.said += text));
    await until(() => fetch(`http://127.0.0.1:${real.port}/healthz`).then((it) => it.ok, () => false), () => `a server that is well (${real.said})`, 20_000);
  },
  async kill() {
    const ended = new Promise((done) => real.process.on("exit", done));
    real.process.kill("SIGKILL");
    await ended;
  },
};

/** Before the server: it issues the tokens, and loses what it is told to lose. */
const front = { user: "user-1", next: [], uploads: 0 };
const http = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const reply = (status, body, headers = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
  };
  if (request.url === "/api/auth/token") return front.user === null ? reply(401, "{}") : reply(200, JSON.stringify({ token: given.tokens[front.user] }));
  const upload = request.url === "/api/powersync/upload";
  front.uploads += upload ? 1 : 0;
  const fault = upload ? front.next.shift() : undefined;
  if (typeof fault === "object") return reply(fault.status, "{}", fault.headers);
  const { host: _, connection: __, "transfer-encoding": ___, ...headers } = request.headers;
  try {
    const answer = await fetch(`http://127.0.0.1:${real.port}${request.url}`, {
      method: request.method,
      headers: fault === "expired" ? { ...headers, authorization: `Bearer ${given.tokens.expired}` } : headers,
      body: request.method === "GET" ? undefined : Buffer.concat(chunks),
    });
    const text = await answer.text();
    if (fault === "drop") return response.destroy();
    // The effect is there, the answer never leaves the server's machine.
    if (fault === "kill") {
      await real.kill();
      return response.destroy();
    }
    const wait = answer.headers.get("retry-after");
    reply(answer.status, text, wait === null ? {} : { "retry-after": wait });
  } catch {
    response.destroy();
  }
});

before(async () => {
  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  front.address = `http://127.0.0.1:${http.address().port}`;
  await real.start();
  await database.connect();
});
after(async () => {
  real.process.kill("SIGKILL");
  http.closeAllConnections();
  http.close();
  await database.end();
});
beforeEach(async () => {
  Object.assign(front, { user: "user-1", next: [], uploads: 0 });
  await database.query("TRUNCATE projects, documents, document_versions, groups, group_hierarchy, document_groups");
  await database.query("TRUNCATE syncline.dead_letters CASCADE");
});

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.on("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

const rows = async (sql, ...values) => (await database.query(sql, values)).rows;
const projects = (owner = "user-1") => rows("SELECT id, name, is_default FROM projects WHERE owner_id = $1 ORDER BY name", owner);
const open = (options) => openDevice(front, options);
const drain = async (device) => {
  while ((await device.unsent()) > 0) await device.upload();
};
/** Uploads until the queue is empty, through whatever faults there are. */
const push = (device, timeout = 20_000) => until(async () => (await device.upload().catch(() => {}), (await device.unsent()) === 0), "an empty queue", timeout);

test("what was written offline is in PostgreSQL as it was written, by several tables and ops", async () => {
  const device = await open();
  const project = await device.write.projects.insert({ name: "Ünïcode 😀", isDefault: true });
  const gone = await device.write.projects.insert({ name: "gone" });
  const text = 'quotes " and \\ and \n lines';
  const id = await device.write.documents.insert({ title: null, content: text, projectId: project });
  const version = await device.write.documentVersions.insert({ documentId: id, version: 2147483647, content: "" });
  const group = await device.write.groups.insert({ name: "g", color: "#ffffff", sortOrder: -1 });
  await device.write.documents.update(id, { title: "now" });
  await device.write.projects.softDelete(gone);
  const local = await device.db.query.documents.findFirst();
  await drain(device);
  const [document] = await rows("SELECT * FROM documents");
  assert.deepEqual(
    { ...document, created_at: document.created_at.toISOString(), updated_at: document.updated_at.toISOString() },
    { id, owner_id: "user-1", title: "now", content: text, project_id: project, device_id: "device-1", created_at: local.createdAt, updated_at: local.updatedAt, deleted_at: null },
  );
  assert.deepEqual(await rows("SELECT id, is_default, deleted_at IS NULL AS alive FROM projects ORDER BY is_default"), [
    { id: gone, is_default: false, alive: false },
    { id: project, is_default: true, alive: true },
  ]);
  assert.deepEqual(await rows("SELECT id, version, content FROM document_versions"), [{ id: version, version: 2147483647, content: "" }]);
  assert.deepEqual(await rows("SELECT id, color, sort_order FROM groups"), [{ id: group, color: "#ffffff", sort_order: -1 }]);
});

test("two devices of one user, with the same numbers, both arrive", async () => {
  const [one, two] = [await open(), await open()];
  for (let at = 0; at < 20; at += 1) {
    await one.write.projects.insert({ name: `one ${at}` });
    await two.write.projects.insert({ name: `two ${at}` });
  }
  await Promise.all([drain(one), drain(two)]);
  assert.equal((await projects()).length, 40);
});

test("a poison transaction between good ones: dead letter, callback, empty queue", async () => {
  const rejections = [];
  const device = await open({ onRejected: (it) => void rejections.push(it) });
  await device.write.projects.insert({ name: "a" });
  await device.powersync.writeTransaction(async (tx) => {
    await tx.execute("INSERT INTO projects (id, name, is_default) VALUES ('bad', 'half', 0)");
    await tx.execute("INSERT INTO document_versions (id, document_id, version, content) VALUES ('worse', 'd', 'no number', '')");
  });
  await device.write.projects.insert({ name: "b" });
  await drain(device);
  assert.deepEqual((await projects()).map(({ name }) => name), ["a", "b"]);
  const [{ code, opIndex, column, ops, repeated }] = rejections;
  assert.deepEqual([rejections.length, code, opIndex, column, ops.length, repeated], [1, "invalid_value", 1, "version", 2, false]);
  assert.equal((await rows("SELECT count(*)::int AS n FROM syncline.dead_letters"))[0].n, 1);
});

test("the answer is lost, and the server is killed after COMMIT: applied once, the verdict is told", async () => {
  for (const fault of ["drop", "kill"]) {
    const rejections = [];
    const device = await open({ onRejected: (it) => void rejections.push(it) });
    await device.write.projects.insert({ name: fault });
    await device.powersync.execute("INSERT INTO document_versions (id, document_id, version, content) VALUES (uuid(), 'd', 'no number', '')");
    front.next = [fault];
    await assert.rejects(device.upload());
    assert.equal(await device.unsent(), 2);
    const [before] = await rows("SELECT xmin::text, * FROM projects WHERE name = $1", fault);
    assert.ok(before, "the effect is there");
    if (fault === "kill") await real.start();
    await push(device);
    const [now] = await rows("SELECT xmin::text, * FROM projects WHERE name = $1", fault);
    assert.deepEqual(now, before, "nothing was written again");
    assert.deepEqual(rejections.map(({ code, repeated }) => [code, repeated]), [["invalid_value", true]]);
  }
});

test("503 for long, through the SDK's own loop: nothing is lost, nobody is hurried", async () => {
  let now = Date.now();
  const device = await open({ now: () => now });
  for (let at = 0; at < 5; at += 1) await device.write.projects.insert({ name: `p${at}` });
  front.next = Array.from({ length: 20 }, () => ({ status: 503, headers: { "retry-after": "60" } }));
  for (let minute = 0; minute < 20; minute += 1) {
    for (let time = 0; time < 3; time += 1) await assert.rejects(device.upload(), UploadError);
    now += 60_000;
  }
  assert.equal(front.uploads, 20);
  await drain(device);
  assert.equal((await projects()).length, 5);
});

test("a token that expires in the middle costs one attempt", async () => {
  const device = await open();
  await device.write.projects.insert({ name: "a" });
  await device.upload();
  await device.write.projects.insert({ name: "b" });
  front.next = ["expired"];
  await assert.rejects(device.upload(), (error) => error.status === 401);
  await device.upload();
  assert.equal((await projects()).length, 2);
});

test("a body over the limit blocks, and what is skipped lets the rest go on", async () => {
  const device = await open({ limits: { bytes: 64 * 1024 * 1024 } });
  await device.write.projects.insert({ name: "before" });
  await device.write.documents.insert({ content: "x".repeat(17 * 1024 * 1024) });
  await device.write.projects.insert({ name: "behind" });
  await until(async () => (await device.upload().catch(() => {}), device.connector.blocked !== undefined), "blocked");
  assert.equal(device.connector.blocked.status, 413);
  assert.equal(device.connector.blocked.ops[0].table, "documents");
  await device.connector.skipBlocked(device.powersync);
  await drain(device);
  assert.deepEqual((await projects()).map(({ name }) => name), ["before", "behind"]);
});

test("the server's configuration names the user", async () => {
  const device = await open();
  assert.equal(await device.connector.signedIn(), "user-1");
  assert.equal((await device.connector.fetchCredentials()).endpoint, front.address);
});

for (const policy of ["drain", "export", "discard"]) {
  test(`a change of account with unsent writes: ${policy}`, async () => {
    let account;
    const device = await open({ folder: temporaryFolder(), user: () => account?.owner });
    account = openAccount(device, { unsent: policy });
    await account.open("user-1");
    await device.write.projects.insert({ name: "mine" });
    await account.open("user-2");
    assert.deepEqual(await device.db.query.projects.findMany(), []);
    front.user = "user-2";
    await device.write.projects.insert({ name: "yours" });
    await push(device);
    assert.deepEqual((await projects("user-1")).map(({ name }) => name), policy === "drain" ? ["mine"] : []);
    assert.deepEqual((await projects("user-2")).map(({ name }) => name), ["yours"]);
    assert.deepEqual(exported(device.folder).map(({ name }) => name), policy === "export" ? ["mine"] : []);
  });
}

test("adopted rows arrive, killed at every step", async () => {
  const device = await open();
  const old = Array.from({ length: 25 }, (_, at) => ({ syncline_key: at + 1, id: `old-${at + 1}`, name: `f${`${at}`.padStart(2, "0")}`, is_default: at % 2 }));
  const source = fromFile((sql, values) => old.filter((row) => row.syncline_key > (values.length > 1 ? values[0] : 0)).slice(0, values.at(-1)));
  for (let steps = 0; ; steps += 1) {
    await device.powersync.disconnectAndClear();
    await database.query("TRUNCATE projects");
    let kept = null;
    let left = steps;
    const storage = {
      get: () => kept,
      set(text) {
        if ((left -= 1) < 0) throw new Error("killed");
        kept = text;
      },
    };
    const options = { database: device.powersync, source, tables: [{ into: "projects" }], storage, batch: 10 };
    const died = await adopt(options).then(() => false, () => true);
    left = Infinity;
    await adopt(options);
    await push(device);
    const expected = old.map(({ id, name, is_default }) => ({ id, name, is_default: is_default === 1 }));
    assert.deepEqual(await projects(), expected, `step ${steps}`);
    if (!died) break;
  }
});
