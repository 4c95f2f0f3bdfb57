// Made by Syncline from syncline.toml. Do not edit.

/**
 * Between this device's upload queue and the server: tokens, and uploads by whole transactions.
 *
 * A transaction leaves the queue when the server has given its verdict on it, and not before. Every other answer keeps the
 * queue as it is: it is sent again, or, where sending again cannot help, the connector is `blocked` until somebody decides.
 */

import type { PowerSyncBackendConnector } from "@powersync/common";

import { type Limits, type Outgoing, type UploadOp, LIMITS, takeTransactions } from "./queue";
import { type Answer, type Fetch, request } from "./request";
import { type Token, readToken } from "./token";

/** What the server's schema is compared with: 16 hexadecimal digits. */
export const SCHEMA_VERSION = "a3ba750ccfc48ea7";

/** The database, as the app's own PowerSync SDK has it. */
export type Database = Parameters<PowerSyncBackendConnector["uploadData"]>[0];

type Credentials = Awaited<ReturnType<PowerSyncBackendConnector["fetchCredentials"]>>;

/** How the app is signed in: a `fetch` that carries the session (cookies), or headers that do. */
export interface Session {
  fetch?: Fetch | undefined;
  headers?: (() => Record<string, string> | Promise<Record<string, string>>) | undefined;
}

/** A transaction that the server has refused: it is stored there as a dead letter, and none of its ops took effect. */
export interface Rejection {
  /** The transaction's number on this device. */
  opId: number;
  /** The rule, such as `invalid_value`. */
  code: string;
  message: string;
  /** Which op it is about, from 0. */
  opIndex: number | undefined;
  column: string | undefined;
  /** All ops of the transaction. */
  ops: readonly UploadOp[];
  /** Was it refused on an earlier upload, whose answer got lost? */
  repeated: boolean;
}

/** The oldest transaction, which the server will not take in any form: sending it again cannot help. */
export interface Blocked {
  opId: number;
  /** The HTTP status: 400, 413, 415 or 422. */
  status: number;
  message: string;
  ops: readonly UploadOp[];
}

/** What `SyncConnector` takes. Times are in milliseconds. */
export interface ConnectorOptions {
  /** The server's address without a trailing slash, as `https://api.example.com`. */
  server: string;
  session?: Session | undefined;
  /**
   * Whose data the database holds. A token of somebody else is never used: what one user wrote must not be uploaded as
   * another's. `undefined` where nobody's is known yet.
   */
  user?: (() => string | undefined) | undefined;
  /** Told of each refused transaction before it leaves the queue: twice, if the app dies at that moment. */
  onRejected?: ((rejection: Rejection) => void | Promise<void>) | undefined;
  /** Told when the queue cannot move without a decision: `retry()` or `skipBlocked()`. */
  onBlocked?: ((blocked: Blocked) => void) | undefined;
  /** Told when the server no longer knows the session. */
  onSignedOut?: (() => void) | undefined;
  limits?: Partial<Limits> | undefined;
  schemaVersion?: string | undefined;
  /** How long a request may take: for tokens, and for uploads. 15 s and 60 s if not given. */
  timeout?: { token?: number | undefined; upload?: number | undefined } | undefined;
  /** The clock. */
  now?: (() => number) | undefined;
}

/** The server did not take the upload now. It is tried again. */
export class UploadError extends Error {
  override readonly name: string = "UploadError";
  /** The HTTP status; none where no answer came. */
  readonly status: number | undefined;
  /** When it may be tried again, in milliseconds since 1970. */
  readonly retryAt: number | undefined;

  constructor(message: string, status?: number, retryAt?: number) {
    super(message);
    this.status = status;
    this.retryAt = retryAt;
  }
}

/** Nothing is uploaded until `retry()` or `skipBlocked()`. */
export class BlockedError extends UploadError {
  override readonly name = "BlockedError";
}

/** The session is another user's than the data. Nothing was sent. */
export class WrongUserError extends UploadError {
  override readonly name = "WrongUserError";
}

/** Statuses that say the same of the same body for ever. */
const TERMINAL = [400, 413, 415, 422];
const WAITING = [429, 503];

export class SyncConnector implements PowerSyncBackendConnector {
  private readonly options: ConnectorOptions;
  private readonly listeners = new Set<() => void>();
  private token: Token | undefined;
  private given: Token | undefined;
  private tokenOnItsWay: Promise<Token | null> | undefined;
  private notBefore = 0;
  private stuck: Blocked | undefined;

  constructor(options: ConnectorOptions) {
    this.options = { ...options, server: options.server.replace(/\/+$/, "") };
  }

  /** The transaction that blocks the queue, if one does. */
  get blocked(): Blocked | undefined {
    return this.stuck;
  }

  /** When the server may be asked again, in milliseconds since 1970; past or 0 if at any time. */
  get waitingUntil(): number {
    return this.notBefore;
  }

  /** Calls `listener` when `blocked` has changed. Returns what ends that. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The PowerSync SDK asks here, and expects a token that it has not seen: it asks when the last one was refused. */
  async fetchCredentials(): Promise<Credentials> {
    if (this.token !== undefined && this.token === this.given) this.token = undefined;
    const token = await this.currentToken();
    if (token === null) return null;
    const config = await this.config(token);
    this.checkUser(config.userId);
    this.given = token;
    return { endpoint: config.powersyncUrl.replace(/\/+$/, ""), token: token.text, expiresAt: new Date(token.expiresAt) };
  }

  /** Forgets the token. The SDK calls it when the PowerSync Service has refused it. */
  invalidateCredentials(): void {
    this.token = undefined;
    this.tokenOnItsWay = undefined;
  }

  /** Who is signed in now, whoever's the data is. `null` if nobody is. */
  async signedIn(): Promise<string | null> {
    this.invalidateCredentials();
    const token = await this.anyToken();
    const user = token && (await this.config(token)).userId;
    // Another user's token is of no use to this queue.
    if (user !== this.options.user?.()) this.invalidateCredentials();
    return user;
  }

  /** Uploads the oldest transactions, as many as fit into one request. Throws where any of them is still to be sent. */
  async uploadData(database: Database): Promise<void> {
    if (this.stuck !== undefined) throw new BlockedError(this.stuck.message, this.stuck.status);
    const wait = this.notBefore - this.time();
    if (wait > 0) throw new UploadError(`the server asked to wait: ${Math.ceil(wait / 1000)} s left`, 503, this.notBefore);
    let batch = await takeTransactions(database, { ...LIMITS, ...this.options.limits });
    if (batch.length === 0) return;
    const client = await database.getClientId();
    for (;;) {
      const answer = await this.send(client, batch);
      if (answer.status === 200) return this.settle(database, batch, answer.text);
      if (!TERMINAL.includes(answer.status)) return this.fail(answer);
      // One of them is at fault; the others are taken without it.
      if (batch.length === 1) return this.block(batch, answer);
      batch = batch.slice(0, Math.ceil(batch.length / 2));
    }
  }

  /** Lets the blocked transaction be sent again: after an update of the app or of the server. */
  retry(): void {
    this.notBefore = 0;
    this.setBlocked(undefined);
  }

  /**
   * Drops the blocked transaction from the queue, for good: keep its ops first if they matter. What it wrote stays visible
   * until the next sync takes it back. Returns the ops; `undefined` where nothing is blocked.
   */
  async skipBlocked(database: Database): Promise<readonly UploadOp[] | undefined> {
    const blocked = this.stuck;
    if (blocked === undefined) return undefined;
    const [oldest] = await takeTransactions(database, { ...LIMITS, transactions: 1 });
    if (oldest?.opId === blocked.opId) await oldest.complete();
    this.setBlocked(undefined);
    return blocked.ops;
  }

  private async send(client: string, batch: readonly Outgoing[]): Promise<Answer> {
    const token = await this.currentToken();
    if (token === null) throw new UploadError("nobody is signed in", 401);
    const version = this.options.schemaVersion ?? SCHEMA_VERSION;
    const head = `{"client_id":${JSON.stringify(client)},"schema_version":${JSON.stringify(version)},"transactions":[`;
    const headers = { "content-type": "application/json", accept: "application/json", authorization: `Bearer ${token.text}` };
    return this.request("/api/powersync/upload", this.options.timeout?.upload ?? 60_000, {
      method: "PUT",
      headers,
      body: `${head}${batch.map((it) => it.json).join(",")}]}`,
    });
  }

  /** Takes off the queue what has a verdict: the verdicts are in order, and the first that is missing ends them. */
  private async settle(database: Database, batch: readonly Outgoing[], text: string): Promise<void> {
    const verdicts = readVerdicts(text);
    let settled: Outgoing | undefined;
    let count = 0;
    for (const [at, transaction] of batch.entries()) {
      const verdict = verdicts[at];
      if (verdict === undefined || !["applied", "duplicate", "rejected"].includes(verdict.status)) break;
      if (verdict.status === "rejected" || verdict.code !== undefined) await this.tell(database, transaction, verdict);
      settled = transaction;
      count += 1;
    }
    // Takes all before it off as well.
    await settled?.complete();
    if (count < batch.length) {
      throw new UploadError(`the server answered 200 with ${count} verdicts on ${batch.length} transactions`, 200);
    }
  }

  private async tell(database: Database, { opId, ops }: Outgoing, verdict: Verdict): Promise<void> {
    const { status, code = "rejected", message = "", op_index, column } = verdict;
    const repeated = status === "duplicate";
    try {
      await this.options.onRejected?.({ opId, code, message, opIndex: op_index ?? undefined, column: column ?? undefined, ops, repeated });
    } catch (error) {
      // The dead letter is safe on the server. A mistake in the app must not hold the queue.
      database.logger.log({ level: 50, message: `onRejected failed for transaction ${opId}`, error });
    }
  }

  private fail(answer: Answer): never {
    if (answer.status === 401) this.token = undefined;
    const wait = answer.retryAfter ?? (WAITING.includes(answer.status) ? 5_000 : undefined);
    if (wait !== undefined) this.notBefore = this.time() + wait;
    const said = answer.text.slice(0, 200);
    throw new UploadError(`the server answered ${answer.status}: ${said}`, answer.status, wait && this.notBefore);
  }

  private block(batch: readonly Outgoing[], answer: Answer): never {
    const [only] = batch;
    const message = `the server answered ${answer.status}: ${answer.text.slice(0, 200)}`;
    if (only === undefined) throw new UploadError(message, answer.status);
    const blocked = { opId: only.opId, status: answer.status, message, ops: only.ops };
    this.setBlocked(blocked);
    this.options.onBlocked?.(blocked);
    throw new BlockedError(message, answer.status);
  }

  private setBlocked(blocked: Blocked | undefined): void {
    if (this.stuck === blocked) return;
    this.stuck = blocked;
    for (const listener of this.listeners) listener();
  }

  /** A token of the user whose data this is. */
  private async currentToken(): Promise<Token | null> {
    const token = await this.anyToken();
    if (token !== null) this.checkUser(token.user);
    return token;
  }

  /** The token in hand, or a new one. One request at a time, whoever asks. */
  private async anyToken(): Promise<Token | null> {
    if (this.token !== undefined && this.time() < this.token.renewAt) return this.token;
    const request = (this.tokenOnItsWay ??= this.fetchToken());
    try {
      const token = await request;
      // Not if it was invalidated on its way.
      if (this.tokenOnItsWay === request) this.token = token ?? undefined;
      return token;
    } finally {
      if (this.tokenOnItsWay === request) this.tokenOnItsWay = undefined;
    }
  }

  private async fetchToken(): Promise<Token | null> {
    const asked = this.time();
    const answer = await this.ask("/api/auth/token");
    if (answer.status === 401) {
      this.options.onSignedOut?.();
      return null;
    }
    const { token } = readJson<{ token?: unknown }>(answer, "a token");
    if (typeof token !== "string") throw new UploadError("the server answered without a token", answer.status);
    return readToken(token, asked);
  }

  /** Asked each time that the SDK connects: a server with several endpoints may send it elsewhere. */
  private async config(token: Token): Promise<{ powersyncUrl: string; userId: string }> {
    const answer = await this.ask("/api/powersync/config", { authorization: `Bearer ${token.text}` });
    if (answer.status === 401) this.token = undefined;
    const { powersyncUrl, userId } = readJson<{ powersyncUrl?: unknown; userId?: unknown }>(answer, "its configuration");
    if (typeof powersyncUrl !== "string" || typeof userId !== "string") {
      throw new UploadError("the server's configuration has no powersyncUrl or no userId", answer.status);
    }
    return { powersyncUrl, userId };
  }

  private checkUser(user: string | undefined): void {
    const expected = this.options.user?.();
    if (expected === undefined || user === undefined || user === expected) return;
    this.token = undefined;
    throw new WrongUserError("another user is signed in than the one whose data this device holds");
  }

  private async ask(path: string, instead: Record<string, string> = {}): Promise<Answer> {
    const session = Object.entries((await this.options.session?.headers?.()) ?? {});
    // Names in lower case: two spellings of one name would be sent as two values.
    const named = session.map(([name, value]) => [name.toLowerCase(), value] as const);
    const headers = { accept: "application/json", ...Object.fromEntries(named), ...instead };
    return this.request(path, this.options.timeout?.token ?? 15_000, { method: "GET", headers });
  }

  private request(path: string, timeout: number, init: RequestInit): Promise<Answer> {
    return request(this.options.session?.fetch, `${this.options.server}${path}`, init, timeout);
  }

  private time(): number {
    return (this.options.now ?? Date.now)();
  }
}

interface Verdict {
  status: string;
  code?: string;
  message?: string;
  op_index?: number | null;
  column?: string | null;
}

/** A page of a hotel's network is a 200 too: what is no list of verdicts holds none. */
function readVerdicts(text: string): readonly (Verdict | undefined)[] {
  try {
    const { results } = JSON.parse(text) as { results?: unknown };
    return Array.isArray(results) ? (results as Verdict[]) : [];
  } catch {
    return [];
  }
}

function readJson<T>(answer: Answer, what: string): T {
  if (answer.status === 200) {
    try {
      return JSON.parse(answer.text) as T;
    } catch {
      // Said below.
    }
  }
  throw new UploadError(`the server answered ${answer.status} when asked for ${what}`, answer.status);
}
