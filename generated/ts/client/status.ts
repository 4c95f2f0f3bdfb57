// Made by Syncline from syncline.toml. Do not edit.

/** What to show of synchronisation, and a watchdog over it. */

import type { PowerSyncBackendConnector } from "@powersync/common";

type Database = Parameters<PowerSyncBackendConnector["uploadData"]>[0];

/**
 * - `offline`: there is no way to the server; writes wait.
 * - `connecting`: for the first time since the start, or after a change of network.
 * - `syncing`: rows are on their way, in one direction or the other.
 * - `synced`: nothing is on its way.
 * - `error`: the server is there and something is wrong; it is tried again.
 * - `blocked`: the oldest write waits for a decision. See `SyncConnector.blocked`.
 */
export type SyncPhase = "offline" | "connecting" | "syncing" | "synced" | "error" | "blocked";

export interface SyncState {
  phase: SyncPhase;
  /** Changes of rows that the server has not seen. */
  unsent: number;
  /** Has everything been here once? */
  hasSynced: boolean;
  lastSyncedAt: Date | undefined;
  /** How much of the current download is here, from 0 to 1. */
  progress: number | undefined;
  error: Error | undefined;
}

/** What of the connector is watched. */
interface Connector extends PowerSyncBackendConnector {
  readonly blocked?: unknown;
  readonly waitingUntil?: number;
  subscribe?(listener: () => void): () => void;
}

/** Whether the device has a network: NetInfo in Expo, `navigator.onLine` in browsers. */
export interface Network {
  /** `undefined` where it is not known. */
  online(): boolean | undefined;
  subscribe(listener: () => void): () => void;
}

/** Times are in milliseconds. */
export interface StatusOptions {
  database: Database;
  connector?: Connector | undefined;
  network?: Network | undefined;
  /** Connects again. Without it there is no watchdog. */
  reconnect?: (() => Promise<void>) | undefined;
  /** How long the queue may stand still while connected, before it reconnects. 60 s if not given. */
  stallAfter?: number | undefined;
  /** How often the watchdog looks. 10 s if not given. */
  checkEvery?: number | undefined;
  now?: (() => number) | undefined;
}

export interface SyncStatusWatch {
  /** The same object until something changes. */
  readonly current: SyncState;
  subscribe(listener: () => void): () => void;
  /** Counts the unsent writes anew, and looks whether the queue moves. */
  check(): Promise<void>;
  close(): void;
}

const NOTHING: SyncState = {
  phase: "offline",
  unsent: 0,
  hasSynced: false,
  lastSyncedAt: undefined,
  progress: undefined,
  error: undefined,
};

/** Begins to watch. `close` ends it; do so before the database is closed. */
export function watchStatus(options: StatusOptions): SyncStatusWatch {
  const { database, connector, network } = options;
  const now = options.now ?? Date.now;
  const listeners = new Set<() => void>();
  let current = NOTHING;
  let queue: Queue = { unsent: 0, oldest: undefined };
  let still = { oldest: queue.oldest, since: now() };
  let closed = false;

  const update = () => {
    const next = toState(database, queue, connector, network);
    if (closed || sameState(current, next)) return;
    current = next;
    for (const listener of listeners) listener();
  };

  const count = async () => {
    if (closed || database.closed) return;
    queue = await readQueue(database);
    update();
  };

  const check = async () => {
    await count();
    const waits = (connector?.waitingUntil ?? 0) > now() || connector?.blocked !== undefined;
    const moves = queue.oldest === undefined || queue.oldest !== still.oldest;
    if (closed || moves || waits || !database.connected) {
      still = { oldest: queue.oldest, since: now() };
    } else if (now() - still.since >= (options.stallAfter ?? 60_000)) {
      still = { ...still, since: now() };
      await options.reconnect?.();
    }
  };

  const fail = (error: unknown) => {
    if (!closed) database.logger.log({ level: 40, message: "cannot look at the upload queue", error });
  };
  const recount = () => void count().catch(fail);
  const stops = [
    database.registerListener({ statusChanged: () => (update(), recount()) }),
    database.onChange({ onChange: recount }, { tables: ["ps_crud"], throttleMs: 100 }),
    connector?.subscribe?.(update),
    network?.subscribe(update),
  ];
  const timer = setInterval(() => void check().catch(fail), options.checkEvery ?? 10_000);
  // In Node a timer keeps the program alive.
  (timer as { unref?: () => void }).unref?.();
  update();
  recount();

  return {
    get current() {
      return current;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check,
    close() {
      closed = true;
      clearInterval(timer);
      for (const stop of stops) stop?.();
      listeners.clear();
    },
  };
}

interface Queue {
  unsent: number;
  /** The number of the oldest change. */
  oldest: number | undefined;
}

async function readQueue(database: Database): Promise<Queue> {
  const row = await database.get<{ unsent: number; oldest: number | null }>(
    "SELECT count(*) AS unsent, min(id) AS oldest FROM ps_crud",
  );
  return { unsent: row.unsent, oldest: row.oldest ?? undefined };
}

function toState(database: Database, queue: Queue, connector?: Connector, network?: Network): SyncState {
  const status = database.currentStatus;
  const error = status.uploadError ?? status.downloadError;
  return {
    phase: toPhase(status, queue, connector, network),
    unsent: queue.unsent,
    hasSynced: status.hasSynced ?? false,
    lastSyncedAt: status.lastSyncedAt,
    progress: status.downloadProgress?.downloadedFraction,
    error,
  };
}

function toPhase(status: Database["currentStatus"], queue: Queue, connector?: Connector, network?: Network): SyncPhase {
  if (connector?.blocked !== undefined) return "blocked";
  if (network?.online() === false) return "offline";
  const error = status.uploadError ?? status.downloadError;
  if (status.connected) {
    if (error !== undefined) return "error";
    const busy = status.downloading || status.uploading || queue.unsent > 0;
    return busy || status.hasSynced !== true ? "syncing" : "synced";
  }
  // The SDK tries again every few seconds: that is not worth another word each time.
  if (error !== undefined) return isNetworkError(error) ? "offline" : "error";
  return status.connecting ? "connecting" : "offline";
}

/** `fetch` throws a TypeError where there is no way to the server; so do our time-outs. */
function isNetworkError(error: Error): boolean {
  const words = /network|fetch failed|failed to fetch|ECONN|ENOTFOUND|EAI_AGAIN|timed? ?out|aborted/i;
  return error.name === "TypeError" || words.test(error.message);
}

function sameState(a: SyncState, b: SyncState): boolean {
  const sameTime = a.lastSyncedAt?.getTime() === b.lastSyncedAt?.getTime();
  const sameWords = a.phase === b.phase && a.hasSynced === b.hasSynced && a.error?.message === b.error?.message;
  return sameTime && sameWords && a.unsent === b.unsent && a.progress === b.progress;
}
