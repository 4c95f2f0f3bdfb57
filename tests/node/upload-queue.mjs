// A device that uploads: the real PowerSync SDK's queue, and the connector of the published recipe.
//
// Usage: node upload-queue.mjs < {server, token, tables: {name: {column: "text" | "integer" | "real"}}, statements: [[sql, ...values]]}
// Out:   {ok, error?, uploads, rows: {name: [...]}}: how many transactions went up, and what the device then has

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { column, Schema, Table } from "@powersync/common";
import { PowerSyncDatabase } from "@powersync/node";

const wanted = JSON.parse(readFileSync(0, "utf8"));

/** As the recipe has it: one client transaction a request, thrown errors mean "later". */
class Connector {
  async fetchCredentials() {
    return { endpoint: wanted.server, token: wanted.token };
  }

  async uploadData(database) {
    const transaction = await database.getNextCrudTransaction();
    if (!transaction) return false;
    const ops = transaction.crud.map((entry) => ({
      op: entry.op,
      table: entry.table,
      id: entry.id,
      data: entry.opData,
    }));
    const { token } = await this.fetchCredentials();
    const response = await fetch(`${wanted.server}/api/powersync/upload`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify({
        client_id: await database.getClientId(),
        transactions: [{ op_id: transaction.transactionId, ops }],
      }),
    });
    if (!response.ok) throw new Error(`upload: ${response.status} ${await response.text()}`);
    const { results } = await response.json();
    if (results[0].status !== "applied") throw new Error(JSON.stringify([results[0], ops]));
    await transaction.complete();
    return true;
  }
}

const folder = mkdtempSync(join(tmpdir(), "syncline-queue-"));
try {
  const tables = Object.entries(wanted.tables).map(([name, columns]) => [
    name,
    new Table(Object.fromEntries(Object.entries(columns).map(([key, type]) => [key, column[type]]))),
  ]);
  const powersync = new PowerSyncDatabase({
    schema: new Schema(Object.fromEntries(tables)),
    database: { dbFilename: "queue.db", dbLocation: folder, implementation: { type: "node:sqlite" } },
  });
  await powersync.init();
  // A list of lists is one transaction.
  for (const statement of wanted.statements) {
    const [first] = statement;
    if (Array.isArray(first)) {
      await powersync.writeTransaction(async (tx) => {
        for (const [sql, ...values] of statement) await tx.execute(sql, values);
      });
    } else {
      await powersync.execute(first, statement.slice(1));
    }
  }
  const connector = new Connector();
  let uploads = 0;
  while (await connector.uploadData(powersync)) uploads += 1;
  const rows = {};
  for (const [name] of tables) rows[name] = await powersync.getAll(`SELECT * FROM ${name} ORDER BY id`);
  await powersync.close();
  console.log(JSON.stringify({ ok: true, uploads, rows }));
} catch (error) {
  console.log(JSON.stringify({ ok: false, error: String(error?.stack ?? error) }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
