// The connector: what leaves the queue, when, and what does not.
//
// Usage: node client/upload.test.mjs <generated ts folder of the notes app>

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { load, openDevice, until } from "./device.mjs";
import { startServer } from "./server.mjs";

const { BlockedError, UploadError, WrongUserError } = await load("client/connector.ts");

let server;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.stop());

const poison = ({ ops }) =>
  ops.some(({ data }) => data?.name === "poison") ? { code: "check_violation", op_index: 0, column: "name", message: "no" } : undefined;

test("each transaction is one, several go in a request, and the queue is empty after", async () => {
  const device = await openDevice(server);
  const project = await device.write.projects.insert({ name: "one" });
  await device.db.transaction(async (tx) => {
    const { writesOn } = await load("client/write.ts");
    const on = writesOn(tx);
    await on.projects.update(project, { name: "two" });
    await on.documents.insert({ content: "text", projectId: project });
  });
  await device.upload();
  assert.equal(server.uploads.length, 1);
  const [{ client_id, schema_version, transactions }] = server.uploads;
  assert.equal(client_id, await device.powersync.getClientId());
  assert.match(schema_version, /^[0-9a-f]{16}$/);
  assert.deepEqual(transactions.map((it) => it.ops.map(({ op }) => op)), [["PUT"], ["PATCH", "PUT"]]);
  assert.equal(server.rows.get(`projects/${project}`).name, "two");
  assert.equal(await device.unsent(), 0);
});

test("an empty queue asks nobody", async () => {
  const device = await openDevice(server);
  await device.upload();
  assert.deepEqual([server.uploads.length, server.tokens], [0, 0]);
});

test("requests stay within the limits, and a transaction is never cut", async () => {
  const device = await openDevice(server, { limits: { transactions: 4, ops: 6, bytes: 2000 } });
  for (let at = 0; at < 5; at += 1) await device.write.projects.insert({ name: `p${at}` });
  await device.db.transaction(async (tx) => {
    const { writesOn } = await load("client/write.ts");
    for (let at = 0; at < 9; at += 1) await writesOn(tx).projects.insert({ name: `many${at}` });
  });
  await device.write.projects.insert({ name: "ü".repeat(900) });
  await device.write.projects.insert({ name: "ü".repeat(900) });
  while ((await device.unsent()) > 0) await device.upload();
  const sizes = server.uploads.map(({ transactions }) => transactions.map(({ ops }) => ops.length));
  assert.deepEqual(sizes, [[1, 1, 1, 1], [1], [9], [1], [1]]);
});

test("a poison transaction goes to the callback, the good ones around it are applied", async () => {
  server.refuse = poison;
  const rejections = [];
  const device = await openDevice(server, { onRejected: (it) => void rejections.push(it) });
  for (const name of ["good", "poison", "better"]) await device.write.projects.insert({ name });
  await device.upload();
  assert.equal(await device.unsent(), 0);
  assert.deepEqual([...server.rows.values()].map(({ name }) => name), ["good", "better"]);
  assert.equal(rejections.length, 1);
  const [{ code, column, opIndex, message, ops, repeated }] = rejections;
  assert.deepEqual({ code, column, opIndex, message, repeated }, { code: "check_violation", column: "name", opIndex: 0, message: "no", repeated: false });
  assert.equal(ops[0].data.name, "poison");
});

test("an answer that is lost after the effect is asked for again, verdict and all", async () => {
  server.refuse = poison;
  const rejections = [];
  const device = await openDevice(server, { onRejected: (it) => void rejections.push(it) });
  for (const name of ["good", "poison"]) await device.write.projects.insert({ name });
  server.next = ["drop"];
  await assert.rejects(device.upload());
  assert.equal(await device.unsent(), 2);
  assert.equal(rejections.length, 0);
  await device.upload();
  assert.equal(await device.unsent(), 0);
  assert.equal(server.applied.length, 1);
  assert.deepEqual(rejections.map(({ code, repeated }) => [code, repeated]), [["check_violation", true]]);
});

test("only what has a verdict leaves the queue", async () => {
  const device = await openDevice(server);
  for (const name of ["a", "b", "c"]) await device.write.projects.insert({ name });
  for (const body of ["<html>Sign in to the network</html>", {}, { results: [] }, { results: [{ status: "later" }] }]) {
    server.next = [{ status: 200, body }];
    await assert.rejects(device.upload(), UploadError);
    assert.equal(await device.unsent(), 3);
  }
  server.next = [{ status: 200, body: { results: [{ status: "applied" }, { status: "applied" }, { status: "what" }] } }];
  await assert.rejects(device.upload(), UploadError);
  const left = await device.powersync.getNextCrudTransaction();
  assert.equal(left.crud[0].opData.name, "c");
  await device.upload();
  assert.equal(await device.unsent(), 0);
});

test("a callback that throws does not hold the queue", async () => {
  server.refuse = poison;
  const device = await openDevice(server, {
    onRejected() {
      throw new Error("a mistake of the app");
    },
  });
  await device.write.projects.insert({ name: "poison" });
  await device.upload();
  assert.equal(await device.unsent(), 0);
});

test("401 throws the token away, and the next attempt has another", async () => {
  const device = await openDevice(server);
  await device.write.projects.insert({ name: "a" });
  server.next = [{ status: 401 }];
  await assert.rejects(device.upload(), (error) => error instanceof UploadError && error.status === 401);
  assert.equal(server.tokens, 1);
  await device.upload();
  assert.deepEqual([server.tokens, await device.unsent()], [2, 0]);
});

test("503 and 429 are not asked again before their time", async () => {
  let now = 1_000_000;
  const device = await openDevice(server, { now: () => now });
  await device.write.projects.insert({ name: "a" });
  let asked = 0;
  const busy = (status, headers) => () => ((asked += 1), { status, headers });
  for (const [status, headers, wait] of [[503, { "retry-after": "30" }, 30_000], [429, {}, 5_000]]) {
    server.next = [busy(status, headers)];
    asked = 0;
    await assert.rejects(device.upload(), (error) => error.status === status && error.retryAt === now + wait);
    now += wait - 1;
    for (let time = 0; time < 3; time += 1) await assert.rejects(device.upload(), UploadError);
    assert.equal(asked, 1);
    assert.equal(device.connector.waitingUntil, now + 1);
    now += 1;
  }
  await device.upload();
  assert.equal(await device.unsent(), 0);
});

for (const status of [400, 413]) {
  test(`${status} finds the transaction at fault, blocks, and lets go when told`, async () => {
    const blocked = [];
    let requests = 0;
    const device = await openDevice(server, { onBlocked: (it) => void blocked.push(it) });
    for (let at = 0; at < 9; at += 1) await device.write.projects.insert({ name: at === 5 ? "huge" : `p${at}` });
    const answer = (request) => {
      requests += 1;
      server.next.push(answer);
      return JSON.stringify(request).includes("huge") ? { status, body: "no" } : undefined;
    };
    server.next = [answer];
    await device.upload();
    while (blocked.length === 0) await device.upload().catch(() => {});
    assert.deepEqual([...server.rows.values()].map(({ name }) => name), ["p0", "p1", "p2", "p3", "p4"]);
    assert.deepEqual([blocked[0].status, blocked[0].ops[0].data.name], [status, "huge"]);
    assert.equal(device.connector.blocked, blocked[0]);
    const before = requests;
    for (let time = 0; time < 3; time += 1) await assert.rejects(device.upload(), BlockedError);
    assert.equal(requests, before, "a blocked queue asks nobody");
    device.connector.retry();
    await assert.rejects(device.upload(), BlockedError);
    const ops = await device.connector.skipBlocked(device.powersync);
    assert.equal(ops[0].data.name, "huge");
    while ((await device.unsent()) > 0) await device.upload();
    assert.deepEqual([...server.rows.values()].map(({ name }) => name), ["p0", "p1", "p2", "p3", "p4", "p6", "p7", "p8"]);
    assert.equal(await device.connector.skipBlocked(device.powersync), undefined);
  });
}

test("other statuses keep the queue and are tried again", async () => {
  const device = await openDevice(server);
  await device.write.projects.insert({ name: "a" });
  for (const status of [403, 404, 405, 500, 502]) {
    server.next = [{ status, body: "<html>" }];
    await assert.rejects(device.upload(), (error) => error instanceof UploadError && error.status === status);
  }
  server.next = ["cut"];
  await assert.rejects(device.upload());
  assert.equal(await device.unsent(), 1);
  await device.upload();
  assert.equal(await device.unsent(), 0);
});

test("a server that does not answer is given up in time", async () => {
  const never = () => new Promise(() => {});
  const device = await openDevice(server, { session: { fetch: never }, timeout: { token: 50, upload: 50 } });
  await device.write.projects.insert({ name: "a" });
  await assert.rejects(device.upload(), TypeError);
});

test("a token is asked for once by all, kept, and renewed before it ends", async () => {
  let now = Date.now();
  const device = await openDevice(server, { now: () => now });
  const [first, second] = await Promise.all([device.connector.fetchCredentials(), device.connector.fetchCredentials()]);
  assert.equal(first.token, second.token);
  assert.equal(server.tokens, 1);
  assert.equal(first.endpoint, server.address);
  await device.write.projects.insert({ name: "a" });
  await device.upload();
  assert.equal(server.tokens, 1, "uploads use the same one");
  await device.connector.fetchCredentials();
  assert.equal(server.tokens, 2, "the SDK asks again when one was refused");
  now += 841_000;
  await device.write.projects.insert({ name: "b" });
  await device.upload();
  assert.equal(server.tokens, 3, "a minute before its end");
});

test("a device whose clock is years off keeps its tokens as long", async () => {
  let now = Date.UTC(2001, 0, 1);
  const device = await openDevice(server, { now: () => now });
  for (let at = 0; at < 3; at += 1) {
    await device.write.projects.insert({ name: "a" });
    await device.upload();
    now += 60_000;
  }
  assert.equal(server.tokens, 1);
});

test("a token that ends in the middle costs one attempt", async () => {
  const device = await openDevice(server);
  await device.write.projects.insert({ name: "a" });
  await device.upload();
  server.revoked.add((await device.connector.anyToken()).text);
  await device.write.projects.insert({ name: "b" });
  await assert.rejects(device.upload());
  await device.upload();
  assert.equal(await device.unsent(), 0);
});

test("what one user wrote is never uploaded as another's", async () => {
  const device = await openDevice(server, { user: () => "user-1" });
  await device.write.projects.insert({ name: "mine" });
  server.user = "user-2";
  await assert.rejects(device.upload(), WrongUserError);
  await assert.rejects(device.connector.fetchCredentials(), WrongUserError);
  assert.deepEqual([server.uploads.length, await device.unsent()], [0, 1]);
  assert.equal(await device.connector.signedIn(), "user-2");
  server.user = "user-1";
  await device.upload();
  assert.equal(await device.unsent(), 0);
});

test("a token on its way when the session changed is not kept", async () => {
  const device = await openDevice(server);
  const old = device.connector.fetchCredentials();
  device.connector.invalidateCredentials();
  server.user = "user-2";
  assert.equal(await device.connector.signedIn(), "user-2");
  await old;
  await device.write.projects.insert({ name: "a" });
  await device.upload();
  assert.equal([...server.rows.values()][0].owner_id, "user-2");
});

test("nobody signed in: no token, no upload, and the app is told", async () => {
  let told = 0;
  const device = await openDevice(server, { onSignedOut: () => (told += 1) });
  server.user = null;
  assert.equal(await device.connector.fetchCredentials(), null);
  assert.equal(await device.connector.signedIn(), null);
  await device.write.projects.insert({ name: "a" });
  await assert.rejects(device.upload(), (error) => error.status === 401);
  assert.equal(told, 3);
});

test("session headers go to the token, whatever their spelling, and never to the upload", async () => {
  const seen = [];
  const fetch = (address, init) => {
    seen.push([new URL(address).pathname, new Headers(init.headers).get("authorization")]);
    return globalThis.fetch(address, init);
  };
  const device = await openDevice(server, { session: { fetch, headers: () => ({ Authorization: "Bearer session" }) } });
  await device.write.projects.insert({ name: "a" });
  await device.connector.fetchCredentials();
  await device.upload();
  const [token, config, upload] = seen;
  assert.deepEqual(token, ["/api/auth/token", "Bearer session"]);
  assert.match(config[1], /^Bearer ey/);
  assert.match(upload[1], /^Bearer ey/);
});

test("infinity arrives as a number", async () => {
  const { takeTransactions, LIMITS } = await load("client/queue.ts");
  const crud = [{ op: "PUT", table: "t", id: "1", opData: { a: Infinity, b: -Infinity, c: 1 }, clientId: 7 }];
  const database = { getCrudTransactions: () => (async function* () { yield { crud, complete() {} }; })() };
  const [{ json }] = await takeTransactions(database, LIMITS);
  assert.equal(json, '{"op_id":7,"ops":[{"op":"PUT","table":"t","id":"1","data":{"a":"9e999","b":"-9e999","c":1}}]}');
});

test("connected through the SDK, a queue drains by itself through every fault", async () => {
  server.refuse = poison;
  const device = await openDevice(server);
  server.next = ["cut", { status: 503, headers: { "retry-after": "0" } }, "drop", { status: 401 }];
  for (let at = 0; at < 30; at += 1) await device.write.projects.insert({ name: at === 7 ? "poison" : `p${at}` });
  device.connect();
  await until(async () => (await device.unsent()) === 0, "an empty queue");
  assert.equal(server.rows.size, 29);
  assert.equal(server.applied.length, 29);
  assert.equal(await device.firstSync(5_000), true);
});
