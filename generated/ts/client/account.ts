// Made by Syncline from syncline.toml. Do not edit.

/**
 * Whose data the database holds, and the way from one user to the next.
 *
 * Each step is written down before it is done, and each can be done twice: whenever the app dies, the next `open` goes on
 * from there, and nobody's rows are shown before it has. The app writes nothing while the phase is not `open`.
 */

import type { PowerSyncBackendConnector } from "@powersync/common";

import { type UploadOp, LIMITS, takeTransactions } from "./queue";

type Database = Parameters<PowerSyncBackendConnector["uploadData"]>[0];

/** Where one short text is kept, beside the database. See `storage.ts`. */
export interface AccountStorage {
  get(): Promise<string | null | undefined> | string | null | undefined;
  set(text: string): Promise<void> | void;
}

/**
 * What becomes of writes that the server has not seen when somebody else signs in:
 * - `drain`: they are uploaded first, for as long as `drainTimeout`, while the old user's session still holds;
 * - `export`: they are handed to `onExport`, then dropped;
 * - `discard`: they are dropped, on purpose;
 * - `stay`: nothing changes, and `UnsentError` is thrown.
 */
export type UnsentPolicy = "drain" | "export" | "discard" | "stay";

/** Writes that were never uploaded. */
export interface UnsentWrites {
  /** Whose they are; `null` if nobody was signed in, `undefined` if that is not known any more. */
  user: string | null | undefined;
  clientId: string;
  /** In order. The number tells a transaction that is exported twice from a new one. */
  transactions: readonly { opId: number; ops: readonly UploadOp[] }[];
}

export interface AccountOptions {
  database: Database;
  storage: AccountStorage;
  /** The app's connector. Give it `user: () => account.owner`. */
  connector: PowerSyncBackendConnector & { invalidateCredentials?(): void };
  /** Connects the database. Called whenever a user's data is open. */
  connect: () => void;
  /** `drain` if not given. */
  unsent?: UnsentPolicy | undefined;
  /** In milliseconds. 15 s if not given. */
  drainTimeout?: number | undefined;
  /** What happens when draining does not come to its end. `stay` if not given. */
  undrained?: Exclude<UnsentPolicy, "drain"> | undefined;
  /** Takes what is exported, some at a time. It is dropped from the device once this has settled. */
  onExport?: ((unsent: UnsentWrites) => Promise<void>) | undefined;
  /** Do tables that are only on the device survive a change of user? They do not if not said. */
  keepLocalTables?: boolean | undefined;
}

export interface AccountState {
  /** `closed`: show nobody's rows. `switching`: one user's data goes. `open`: it is the user's own. */
  phase: "closed" | "switching" | "open";
  user: string | null;
  /** Goes up whenever the rows of one user give way to those of another. */
  databaseVersion: number;
}

/** There are writes that the server has not seen, and the policy is to stay. Nothing has changed. */
export class UnsentError extends Error {
  override readonly name = "UnsentError";
  readonly count: number;

  constructor(count: number) {
    super(`${count} changes of the last user have not been uploaded`);
    this.count = count;
  }
}

/** What is written down. */
interface Remembered {
  /** Whose the rows are; `null` is nobody's yet. */
  user?: string | null;
  version: number;
  /** A change of user that has begun. */
  leaving?: { to: string | null; step: "unsent" | "clear" };
}

export class Account {
  private readonly options: AccountOptions;
  private readonly listeners = new Set<() => void>();
  private current: AccountState = { phase: "closed", user: null, databaseVersion: 0 };
  private remembered: Remembered = { version: 0 };
  private last: Promise<unknown> = Promise.resolve();

  constructor(options: AccountOptions) {
    this.options = options;
  }

  /** The same object until something changes. */
  get state(): AccountState {
    return this.current;
  }

  /** Whose the rows on the device are, even while they are on their way out. */
  get owner(): string | undefined {
    return this.remembered.user ?? undefined;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Opens the data of `user`, after whatever has to go before. Call it on each start and on each sign-in. Without a user, as on
   * a start without network, it goes on with the last one.
   *
   * Throws `UnsentError` where the policy is to stay, and whatever `onExport` and the storage throw: call it again then, with
   * another policy if need be.
   */
  open(user?: string, unsent?: UnsentPolicy): Promise<AccountState> {
    return this.alone(async () => {
      await this.recall();
      const { leaving } = this.remembered;
      const to = user ?? (leaving === undefined ? this.remembered.user : leaving.to) ?? null;
      await this.become(to, unsent);
      return this.current;
    });
  }

  /** Disconnects, and shows nobody's rows. They stay for the same user's return, or go at once. */
  signOut({ keep = true, unsent }: { keep?: boolean; unsent?: UnsentPolicy } = {}): Promise<void> {
    return this.alone(async () => {
      await this.recall();
      if (!keep) return this.become(null, unsent);
      this.show("closed");
      await this.options.database.disconnect();
      this.options.connector.invalidateCredentials?.();
    });
  }

  private async become(to: string | null, unsent?: UnsentPolicy): Promise<void> {
    const { user, leaving } = this.remembered;
    // Back to the same user before anything has gone.
    if (leaving?.step === "unsent" && user === to) await this.remember({ leaving: undefined });
    if (this.remembered.leaving === undefined) {
      if (user === to && to !== null) return this.arrive();
      // What nobody's device has written belongs to the first who signs in.
      if (to !== null && (user === null || (user === undefined && !(await this.hasSynced())))) {
        await this.remember({ user: to });
        return this.arrive();
      }
      if (to === null && user === null) return this.arrive();
    }
    await this.leave(to, unsent);
    await this.arrive();
  }

  /** The rows of one user go, and `to` is whom the empty database belongs to. */
  private async leave(to: string | null, unsent?: UnsentPolicy): Promise<void> {
    const { database, connector, keepLocalTables = false } = this.options;
    this.show("switching");
    if (this.remembered.leaving?.step !== "clear") {
      await this.remember({ leaving: { to, step: "unsent" } });
      await database.disconnect();
      await this.settleUnsent(unsent ?? this.options.unsent ?? "drain");
      await this.remember({ leaving: { to, step: "clear" } });
    }
    await database.disconnectAndClear({ clearLocal: !keepLocalTables });
    connector.invalidateCredentials?.();
    await this.remember({ user: to, version: this.remembered.version + 1, leaving: undefined });
  }

  private async arrive(): Promise<void> {
    const open = typeof this.remembered.user === "string";
    this.show(open ? "open" : "closed");
    if (open) this.options.connect();
  }

  private async settleUnsent(policy: UnsentPolicy): Promise<void> {
    const { database, undrained = "stay" } = this.options;
    const { count } = await database.getUploadQueueStats();
    if (count === 0 || policy === "discard") return;
    if (policy === "drain") return (await this.drain()) ? undefined : this.settleUnsent(undrained);
    if (policy === "export") return this.export();
    await this.remember({ leaving: undefined });
    this.show("closed");
    throw new UnsentError(count);
  }

  /** Uploads until nothing is left, the time is up, or the server has said that waiting will not help. */
  private async drain(): Promise<boolean> {
    const { database, connector, drainTimeout = 15_000 } = this.options;
    if (typeof this.remembered.user !== "string") return false;
    const end = Date.now() + drainTimeout;
    let refused = 0;
    while (Date.now() < end) {
      const { count } = await database.getUploadQueueStats();
      if (count === 0) return true;
      const left = end - Date.now();
      try {
        await inTime(connector.uploadData(database), left);
      } catch (error) {
        const { name, status } = error as { name?: string; status?: number };
        if (name === "WrongUserError" || name === "BlockedError") return false;
        // The first 401 may be about an old token, the second is about the session.
        refused += status === 401 ? 1 : 0;
        if (refused > 1) return false;
        await new Promise((done) => setTimeout(done, Math.min(500, Math.max(0, end - Date.now()))));
      }
    }
    return (await database.getUploadQueueStats()).count === 0;
  }

  private async export(): Promise<void> {
    const { database, onExport } = this.options;
    if (onExport === undefined) throw new Error("the policy is to export unsent writes, and there is no onExport");
    const clientId = await database.getClientId();
    const { user } = this.remembered;
    let after = 0;
    for (;;) {
      const batch = await takeTransactions(database, LIMITS, after);
      const last = batch.at(-1);
      if (last === undefined) return;
      await onExport({ user, clientId, transactions: batch.map(({ opId, ops }) => ({ opId, ops })) });
      after += batch.length;
    }
  }

  /** Rows of an account, whose name got lost? */
  private async hasSynced(): Promise<boolean> {
    const { database } = this.options;
    await database.waitForReady();
    return database.currentStatus.hasSynced === true;
  }

  private async recall(): Promise<void> {
    const text = await this.options.storage.get();
    this.remembered = readRemembered(text);
  }

  private async remember(change: { [Key in keyof Remembered]?: Remembered[Key] | undefined }): Promise<void> {
    const { leaving, ...rest } = { ...this.remembered, ...change };
    const next = { ...rest, ...(leaving && { leaving }) } as Remembered;
    await this.options.storage.set(JSON.stringify(next));
    this.remembered = next;
  }

  private show(phase: AccountState["phase"]): void {
    const { user = null, version } = this.remembered;
    const next = { phase, user: phase === "open" ? user : null, databaseVersion: version };
    const { current } = this;
    if (current.phase === phase && current.user === next.user && current.databaseVersion === version) return;
    this.current = next;
    for (const listener of this.listeners) listener();
  }

  /** One change at a time, in the order of the calls. */
  private alone<T>(change: () => Promise<T>): Promise<T> {
    const mine = this.last.then(change, change);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}

/** What cannot be read says nothing: rows that have synced are then somebody else's. */
function readRemembered(text: string | null | undefined): Remembered {
  try {
    const read = JSON.parse(text ?? "{}") as Partial<Remembered>;
    return { ...read, version: typeof read.version === "number" ? read.version : 0 };
  } catch {
    return { version: 0 };
  }
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the time is up")), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
