// A device: the real PowerSync SDK with a generated schema, against a real PowerSync Service. Talked to line by line.
//
// Usage: node service/device.mjs <app-schema.ts>
// In:    a generated app-schema.ts with sqlite.ts and defaults.ts beside it; on stdin a JSON object a line:
//        {"connect": {service, key, claims}}  begins to sync, with tokens signed by the private JWK; answers {}
//        {"first_sync": milliseconds}    waits for the first sync; answers {synced, error?}
//        {"query": sql, "values": []}    answers {rows}
// Out:   a JSON object a line, or {error}. The end of stdin ends it.

import { createPrivateKey, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { PowerSyncDatabase } from "@powersync/node";

import "../typescript-hooks.mjs";

const folder = mkdtempSync(join(tmpdir(), "syncline-device-"));
const path = resolve(process.argv[2]);
const { createAppSchema } = await import(pathToFileURL(path).href);
const powersync = new PowerSyncDatabase({
  schema: createAppSchema(),
  database: { dbFilename: "device.db", dbLocation: folder, implementation: { type: "node:sqlite" } },
});

const verbs = {
  async connect({ service, key, claims }) {
    await powersync.init();
    // Not awaited: while the service refuses the token, it does not end. The status tells why.
    powersync.connect({
      fetchCredentials: async () => ({ endpoint: service, token: signed(key, claims) }),
      uploadData: async () => {},
    });
    return {};
  },

  async first_sync(milliseconds) {
    const abort = AbortSignal.timeout(milliseconds);
    await powersync.waitForFirstSync(abort);
    const { hasSynced, dataFlowStatus } = powersync.currentStatus;
    const error = dataFlowStatus?.downloadError;
    return { synced: hasSynced === true, ...(error && { error: String(error.message ?? error) }) };
  },

  async query(sql, { values = [] }) {
    return { rows: await powersync.getAll(sql, values) };
  },
};

/** A token of five minutes, from now on. */
function signed(key, claims) {
  const now = Math.floor(Date.now() / 1000);
  const parts = [{ alg: key.alg, kid: key.kid }, { iat: now, exp: now + 300, ...claims }];
  const message = parts.map((it) => Buffer.from(JSON.stringify(it)).toString("base64url")).join(".");
  const digest = key.alg === "EdDSA" ? null : `sha${key.alg.slice(2)}`;
  const privateKey = createPrivateKey({ key, format: "jwk" });
  const signature = sign(digest, Buffer.from(message), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${message}.${signature.toString("base64url")}`;
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  const [verb] = Object.keys(command);
  try {
    console.log(JSON.stringify(await verbs[verb](command[verb], command)));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error?.cause?.message ?? error?.message ?? error) }));
  }
}
await powersync.disconnect();
await powersync.close();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
