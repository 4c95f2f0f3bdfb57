// From one user to the next: nobody's rows are lost in silence, nobody sees another's, whenever the app dies.
//
// Usage: node client/account.test.mjs <generated ts folder of the notes app>

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";

import { exported, openAccount } from "./account.mjs";
import { load, openDevice, temporaryFolder } from "./device.mjs";
import { startServer } from "./server.mjs";

const { UnsentError } = await load("client/account.ts");
const storage = await load("client/storage.ts");

let server;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.stop());

async function open(options = {}, folder = temporaryFolder()) {
  let account;
  const device = await openDevice(server, { folder, user: () => account?.owner });
  account = openAccount(device, options);
  return { device, account };
}

const names = async (device) => (await device.db.query.projects.findMany()).map(({ name }) => name);
const onServer = (owner) => [...server.rows.values()].filter((row) => row.owner_id === owner).map(({ name }) => name);

test("the first user, a restart, a restart without network, and the same user again", async () => {
  const { device, account } = await open();
  assert.equal(account.state.phase, "closed");
  assert.deepEqual(await account.open("user-1"), { phase: "open", user: "user-1", databaseVersion: 0 });
  await device.write.projects.insert({ name: "a" });
  await device.close();
  const again = await open({}, device.folder);
  assert.equal((await again.account.open()).user, "user-1");
  await again.account.signOut();
  assert.equal(again.account.state.phase, "closed");
  assert.equal((await again.account.open("user-1")).databaseVersion, 0);
  assert.deepEqual(await names(again.device), ["a"]);
});

test("what was written before anybody signed in belongs to the first who does", async () => {
  const { device, account } = await open();
  assert.equal((await account.open()).phase, "closed");
  await device.write.projects.insert({ name: "early" });
  await account.open("user-1");
  await device.upload();
  assert.deepEqual(onServer("user-1"), ["early"]);
});

test("synced rows whose owner is forgotten are somebody else's", async () => {
  const { device, account } = await open({ unsent: "export" });
  await account.open("user-1");
  device.connect();
  await device.firstSync(5_000);
  await device.disconnect();
  await device.write.projects.insert({ name: "a" });
  writeFileSync(join(device.folder, "account.json"), "not JSON");
  const again = openAccount(device, { unsent: "export" });
  await again.open("user-1");
  assert.deepEqual([await names(device), again.state.databaseVersion], [[], 1]);
  assert.deepEqual(exported(device.folder).map(({ name, user }) => [name, user]), [["a", undefined]]);
});

test("a drain that cannot end leaves everything as it is, until another policy is chosen", async () => {
  const { device, account } = await open();
  await account.open("user-1");
  await device.write.projects.insert({ name: "a" });
  server.user = "user-2";
  const phases = [];
  account.subscribe(() => phases.push(account.state.phase));
  await assert.rejects(account.open("user-2"), (error) => error instanceof UnsentError && error.count === 1);
  assert.deepEqual([await names(device), server.uploads.length], [["a"], 0]);
  assert.equal(account.state.phase, "closed");
  // The first user comes back: nothing has changed.
  assert.equal((await account.open("user-1")).databaseVersion, 0);
  await account.open("user-2", "discard");
  assert.deepEqual([await names(device), account.state], [[], { phase: "open", user: "user-2", databaseVersion: 1 }]);
  assert.deepEqual(phases, ["switching", "closed", "open", "switching", "open"]);
});

for (const [why, next] of [["the server is away", { status: 503, headers: { "retry-after": "60" } }], ["the queue is blocked", { status: 400 }], ["the session is gone", null]]) {
  test(`a drain while ${why} ends in time`, async () => {
    const { device, account } = await open({ drainTimeout: 1_500, undrained: "export" });
    await account.open("user-1");
    await device.write.projects.insert({ name: "a" });
    if (next === null) server.user = null;
    else server.next = [next];
    await account.open("user-2");
    assert.deepEqual(exported(device.folder).map(({ name, user }) => [name, user]), [["a", "user-1"]]);
    assert.deepEqual(await names(device), []);
  });
}

test("an export that fails keeps the writes, and is begun anew", async () => {
  let fail = true;
  const seen = [];
  const onExport = async ({ transactions }) => {
    if (fail) throw new Error("no space");
    seen.push(...transactions);
  };
  const { device, account } = await open({ unsent: "export", onExport });
  await account.open("user-1");
  for (let at = 0; at < 150; at += 1) await device.write.projects.insert({ name: `p${at}` });
  await assert.rejects(account.open("user-2"), /no space/);
  assert.equal(await device.unsent(), 150);
  fail = false;
  await account.open("user-2");
  assert.equal(seen.length, 150);
  assert.equal(new Set(seen.map(({ opId }) => opId)).size, 150);
});

test("local tables stay where the app says so, and go where it does not", async () => {
  for (const keepLocalTables of [true, false]) {
    const { device, account } = await open({ keepLocalTables });
    await account.open("user-1");
    await device.write.preferences.insert({ key: "theme" });
    await account.open("user-2");
    assert.equal((await device.db.query.preferences.findMany()).length, keepLocalTables ? 1 : 0);
  }
});

test("signing out for good empties the device", async () => {
  const { device, account } = await open({ unsent: "discard" });
  await account.open("user-1");
  await device.write.projects.insert({ name: "a" });
  await account.signOut({ keep: false });
  assert.deepEqual([await names(device), account.state], [[], { phase: "closed", user: null, databaseVersion: 1 }]);
  assert.equal((await account.open("user-2")).databaseVersion, 1);
});

test("A, B, A: each finds the device empty, and the version goes up", async () => {
  const { device, account } = await open();
  for (const [at, user] of ["user-1", "user-2", "user-1"].entries()) {
    server.user = account.owner ?? user;
    await account.open(user);
    server.user = user;
    assert.deepEqual(await names(device), []);
    assert.equal(account.state.databaseVersion, at);
    await device.write.projects.insert({ name: `${user} ${at}` });
  }
  await device.upload();
  assert.deepEqual([onServer("user-1"), onServer("user-2")], [["user-1 0", "user-1 2"], ["user-2 1"]]);
});

/** Runs until it is killed at `step`; false where it came to its end. */
async function kill(folder, policy, step) {
  const script = fileURLToPath(new URL("account-child.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, process.argv[2], folder, server.address, policy, `${step}`], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  const [code, signal] = await new Promise((done) => child.on("close", (...how) => done(how)));
  assert.ok(signal === "SIGKILL" || code === 0, said);
  return signal === "SIGKILL";
}

for (const policy of ["drain", "export", "discard"]) {
  test(`killed at every step of a change of user: ${policy}`, async () => {
    let step = 1;
    for (; ; step += 1) {
      server.rows.clear();
      const folder = temporaryFolder();
      const died = await kill(folder, policy, step);
      const { device, account } = await open({ unsent: policy }, folder);
      assert.equal(account.state.phase, "closed", "nobody's rows before it has gone on");
      if (died && step % 2 === 0) {
        // The old user comes back instead: the rows are here, or they are where the policy says.
        const before = JSON.parse(readFileSync(join(folder, "account.json"), "utf8"));
        if (before.leaving?.step === "unsent" || before.leaving === undefined) {
          if (before.user === "user-1") {
            await account.open("user-1");
            assert.deepEqual((await names(device)).sort(), ["a", "b", "c", "synced"], `step ${step}`);
          }
        }
      }
      await account.open("user-2");
      const where = `step ${step}`;
      assert.deepEqual(account.state, { phase: "open", user: "user-2", databaseVersion: 1 }, where);
      assert.deepEqual([await names(device), await device.unsent()], [[], 0], where);
      assert.deepEqual(await device.db.query.preferences.findMany(), [], where);
      const kept = policy === "drain" ? onServer("user-1").slice(1) : exported(folder).map(({ name }) => name);
      if (policy !== "discard") assert.deepEqual([...new Set(kept)], ["a", "b", "c"], where);
      assert.deepEqual(onServer("user-2"), [], where);
      server.user = "user-2";
      await device.write.projects.insert({ name: "new" });
      await device.upload();
      assert.deepEqual(onServer("user-2"), ["new"], where);
      server.user = "user-1";
      await device.close();
      if (!died) break;
    }
    assert.ok(step > 5, `${step - 1} steps`);
  });
}

test("the account is remembered where each platform keeps such things", async () => {
  const items = new Map();
  const local = storage.inLocalStorage({ getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value) });
  const secure = storage.inSecureStore({ getItemAsync: async (key) => items.get(key) ?? null, setItemAsync: async (key, value) => void items.set(key, value) }, "secure");
  let key = "one";
  const safe = {
    isEncryptionAvailable: () => key !== undefined,
    encryptString: (text) => Buffer.from(`${key}:${text}`),
    decryptString(bytes) {
      if (!`${bytes}`.startsWith(`${key}:`)) throw new Error("another key");
      return `${bytes}`.slice(key.length + 1);
    },
  };
  const electron = storage.inElectronStore({ get: (name) => items.get(name), set: (name, value) => items.set(name, value) }, safe, (text) => Buffer.from(text, "base64"), "electron");
  for (const kept of [local, secure, electron]) {
    assert.equal(await kept.get(), null);
    await kept.set("ü");
    assert.equal(await kept.get(), "ü");
  }
  key = "two";
  assert.equal(await electron.get(), null, "what cannot be decrypted is forgotten");
  key = undefined;
  await electron.set("plain");
  assert.equal(await electron.get(), "plain");
});
