// The upload handler as PowerSync's guides teach it (Hono, drizzle-orm, pg, jose), on the example app's tables: what
// `cargo xtask bench upload` measures against. The same environment as the app's own server:
//
//   DATABASE_URL, SYNCLINE_LISTEN (127.0.0.1:0), SYNCLINE_AUTH_JWKS_FILE, SYNCLINE_AUTH_ISSUER, SYNCLINE_AUTH_AUDIENCE
//   PEER_CONNECTIONS: the size of the pool (pg's own default is 10)
//
// It says `listening on 127.0.0.1:PORT`. Each client transaction is a database transaction, one awaited statement an op. Where
// the guides go wrong in a way that makes them faster, it does not follow: an upsert has the owner's predicate, and never sets
// the owner. It does not tell a transaction that comes twice, and has no dead letters.

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { serve } from "@hono/node-server";
import { and, eq, getTableColumns, getTableName, is } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { PgTable } from "drizzle-orm/pg-core";
import { Hono } from "hono";
import { createLocalJWKSet, jwtVerify } from "jose";
import pg from "pg";

const generated = new URL("../../../generated/ts/pg.ts", import.meta.url).href;

// The generated file finds its packages here.
registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL === generated ? import.meta.url : context.parentURL;
    return next(specifier, { ...context, parentURL: from });
  },
});

const exported = Object.values(await import(generated));
const tables = new Map(exported.filter((it) => is(it, PgTable)).map((table) => [getTableName(table), read(table)]));

/** A table, and how each column's value is read from JSON. */
function read(table) {
  const columns = Object.entries(getTableColumns(table));
  return { table, columns: new Map(columns.map(([key, column]) => [column.name, [key, reader(column.dataType)]])) };
}

function reader(type) {
  const present = (convert) => (value) => (value === null ? null : convert(value));
  if (type === "boolean") return present((value) => value === true || Number(value) === 1);
  if (type === "date") return present((value) => new Date(value));
  return (value) => value;
}

/** The columns of an op that a client may set. */
function values({ columns }, data) {
  const set = {};
  for (const [name, value] of Object.entries(data ?? {})) {
    const column = columns.get(name);
    if (column && name !== "id" && name !== "owner_id") set[column[0]] = column[1](value);
  }
  return set;
}

async function apply(tx, owner, op) {
  const known = tables.get(op.table);
  if (!known) throw new Error(`no table ${op.table}`);
  const { table } = known;
  const own = and(eq(table.id, op.id), eq(table.ownerId, owner));
  const set = values(known, op.data);
  switch (op.op) {
    case "PUT":
      return tx
        .insert(table)
        .values({ ...set, id: op.id, ownerId: owner })
        .onConflictDoUpdate({ target: table.id, set, setWhere: eq(table.ownerId, owner) });
    case "PATCH":
      return tx.update(table).set({ updatedAt: new Date(), ...set }).where(own);
    case "DELETE":
      return tx.update(table).set({ deletedAt: new Date(), updatedAt: new Date() }).where(own);
    default:
      throw new Error(`no op ${op.op}`);
  }
}

const env = process.env;
const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: Number(env.PEER_CONNECTIONS ?? 10) });
const db = drizzle(pool);
const keys = createLocalJWKSet(JSON.parse(readFileSync(env.SYNCLINE_AUTH_JWKS_FILE, "utf8")));
const wanted = { issuer: env.SYNCLINE_AUTH_ISSUER, audience: env.SYNCLINE_AUTH_AUDIENCE };
const app = new Hono();

app.put("/api/powersync/upload", async (context) => {
  const token = context.req.header("authorization")?.replace(/^Bearer /i, "") ?? "";
  const verified = await jwtVerify(token, keys, wanted).catch(() => null);
  if (!verified?.payload.sub) return context.json({ error: "unauthorized" }, 401);
  const { transactions } = await context.req.json();
  const results = [];
  for (const transaction of transactions) {
    await db.transaction(async (tx) => {
      for (const op of transaction.ops) await apply(tx, verified.payload.sub, op);
    });
    results.push({ op_id: transaction.op_id, status: "applied" });
  }
  return context.json({ results });
});

const [, hostname, port] = /^(.*):(\d+)$/.exec(env.SYNCLINE_LISTEN ?? "127.0.0.1:0");
serve({ fetch: app.fetch, hostname, port: Number(port) }, (at) => console.log(`listening on ${at.address}:${at.port}`));
