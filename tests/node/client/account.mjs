// An account that is remembered in files beside the database.

import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { load } from "./device.mjs";

const { Account } = await load("client/account.ts");

/** `done` is called after each step that is written down or handed out. */
export function openAccount(device, { done = () => {}, ...options } = {}) {
  const file = join(device.folder, "account.json");
  return new Account({
    database: device.powersync,
    connector: device.connector,
    connect: () => {},
    drainTimeout: 5_000,
    storage: {
      get: () => (existsSync(file) ? readFileSync(file, "utf8") : null),
      set(text) {
        writeFileSync(`${file}.new`, text);
        renameSync(`${file}.new`, file);
        done();
      },
    },
    async onExport({ user, clientId, transactions }) {
      const names = transactions.map(({ opId, ops }) => ({ user, clientId, opId, name: ops[0].data.name }));
      appendFileSync(join(device.folder, "exported.jsonl"), names.map((it) => `${JSON.stringify(it)}\n`).join(""));
      done();
    },
    ...options,
  });
}

/** What was exported, in order. */
export function exported(folder) {
  const file = join(folder, "exported.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line)) : [];
}
