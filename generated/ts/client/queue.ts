// Made by Syncline from syncline.toml. Do not edit.

/** The upload queue as the server takes it: whole transactions, as JSON, as many as fit into one request. */

import type { PowerSyncBackendConnector } from "@powersync/common";

type Database = Parameters<PowerSyncBackendConnector["uploadData"]>[0];

/** One change of one row. */
export interface UploadOp {
  op: "PUT" | "PATCH" | "DELETE";
  table: string;
  id: string;
  data?: Record<string, unknown>;
  /** The values before, where the table tracks them. */
  old?: Record<string, unknown>;
  metadata?: string;
}

/** What one request may hold. */
export interface Limits {
  /** Of the body, in UTF-8. */
  bytes: number;
  ops: number;
  transactions: number;
}

/** Within what the server takes by default: 16 MiB, 10,000 ops, 100 transactions. */
export const LIMITS: Limits = { bytes: 12 * 1024 * 1024, ops: 10_000, transactions: 100 };

/** A transaction of the queue. */
export interface Outgoing {
  /** Its number on this device. With the client id and what it holds, it tells a repeated upload from a new one. */
  opId: number;
  ops: readonly UploadOp[];
  json: string;
  /** Takes it and all before it off the queue. */
  complete: () => Promise<void>;
}

// React Native has no Symbol.asyncIterator without a polyfill; the SDK uses the same name.
const asyncIterator: typeof Symbol.asyncIterator = Symbol.asyncIterator ?? Symbol.for("Symbol.asyncIterator");

/**
 * The oldest transactions: at least one if there is any, however large, and no more than the limits hold. `skip` leaves so
 * many of the oldest out.
 */
export async function takeTransactions(database: Database, limits: Limits, skip = 0): Promise<Outgoing[]> {
  const queue = database.getCrudTransactions()[asyncIterator]();
  for (let skipped = 0; skipped < skip; skipped += 1) await queue.next();
  const batch: Outgoing[] = [];
  let bytes = 0;
  let ops = 0;
  while (batch.length < limits.transactions) {
    const next = await queue.next();
    if (next.done === true || next.value === null) break;
    const transaction = next.value;
    const outgoing = toOutgoing(transaction);
    bytes += utf8Length(outgoing.json) + 1;
    ops += outgoing.ops.length;
    if (batch.length > 0 && (bytes > limits.bytes || ops > limits.ops)) break;
    batch.push(outgoing);
  }
  return batch;
}

type Transaction = NonNullable<Awaited<ReturnType<Database["getNextCrudTransaction"]>>>;

function toOutgoing(transaction: Transaction): Outgoing {
  const ops = transaction.crud.map((entry): UploadOp => {
    const op: UploadOp = { op: `${entry.op}`, table: entry.table, id: entry.id };
    if (entry.opData !== undefined && op.op !== "DELETE") op.data = sendable(entry.opData);
    if (entry.previousValues !== undefined && entry.previousValues !== null) op.old = sendable(entry.previousValues);
    if (entry.metadata !== undefined && entry.metadata !== null) op.metadata = entry.metadata;
    return op;
  });
  // Writes outside of a transaction have none, and stand alone.
  const opId = transaction.transactionId ?? transaction.crud[0]?.clientId ?? 0;
  return { opId, ops, json: JSON.stringify({ op_id: opId, ops }), complete: () => transaction.complete() };
}

/** JSON has no infinity, and JavaScript writes it as null. */
function sendable(data: Record<string, unknown>): Record<string, unknown> {
  const values = Object.entries(data);
  if (!values.some(([, value]) => value === Infinity || value === -Infinity)) return data;
  return Object.fromEntries(
    values.map(([name, value]) => [name, value === Infinity ? "9e999" : value === -Infinity ? "-9e999" : value]),
  );
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // A surrogate is two of the four bytes of its pair.
    if (unit > 0x7f) length += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return length;
}
