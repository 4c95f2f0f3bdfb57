// Made by Syncline from syncline.toml. Do not edit.

/** Synchronisation in React: one provider, and hooks for what is shown. */

import type { PowerSyncBackendConnector } from "@powersync/common";
import { type ReactNode, createContext, createElement, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

import type { Account, AccountState } from "./account";
import { latest } from "./latest";
import type { SyncState, SyncStatusWatch } from "./status";

type Database = Parameters<PowerSyncBackendConnector["uploadData"]>[0];

/** What the provider is given, made once beside the database. */
export interface Sync {
  powersync: Database;
  status: SyncStatusWatch;
  /** Where users change on one device. */
  account?: Account | undefined;
}

const SyncContext = createContext<Sync | undefined>(undefined);

export interface SyncProviderProps extends Sync {
  /** Shown while nobody's data is open. */
  fallback?: ReactNode;
  children?: ReactNode;
}

/** Shows `children` while a user's data is open, and mounts them anew when it is another's. */
export function SyncProvider({ powersync, status, account, fallback, children }: SyncProviderProps): ReactNode {
  const sync = useMemo(() => ({ powersync, status, account }), [powersync, status, account]);
  const state = useAccountState(account);
  const open = state === undefined || state.phase === "open";
  const shown = open ? createElement(Shown, { key: state?.databaseVersion ?? 0 }, children) : fallback;
  return createElement(SyncContext.Provider, { value: sync }, shown);
}

function Shown({ children }: { children?: ReactNode }): ReactNode {
  return children;
}

/** What the provider was given. */
export function useSync(): Sync {
  const sync = useContext(SyncContext);
  if (sync === undefined) throw new Error("there is no SyncProvider above this component");
  return sync;
}

/** What to show of synchronisation. */
export function useSyncStatus(): SyncState {
  const { status } = useSync();
  return useSyncExternalStore(status.subscribe, () => status.current, () => status.current);
}

/** Goes up when the rows on the device are another user's: a key for what has to begin anew. */
export function useDatabaseVersion(): number {
  return useAccountState(useSync().account)?.databaseVersion ?? 0;
}

function useAccountState(account: Account | undefined): AccountState | undefined {
  const state = () => account?.state;
  return useSyncExternalStore((listener) => account?.subscribe(listener) ?? (() => undefined), state, state);
}

/** A query of Drizzle: `db.select()…` or `db.query.documents.findMany()`. */
export interface TypedQuery<Result> {
  toSQL(): { sql: string; params: unknown[] };
  execute(): Promise<Result>;
}

export interface QueryState<Result> {
  /** The last result; `undefined` until the first is there. */
  data: Result | undefined;
  loading: boolean;
  error: Error | undefined;
}

const LOADING = { data: undefined, loading: true, error: undefined };

/** The query's result, run again whenever its tables change. */
export function useTypedQuery<Result>(query: TypedQuery<Result>): QueryState<Result> {
  return useLatestQuery(query, keep);
}

const keep = <Result,>(result: Result) => result;

/**
 * The query's result and async work on it (decrypting, ranking), of which only the newest is shown. `work` may change from render
 * to render without running again.
 */
export function useLatestQuery<Result, Output>(
  query: TypedQuery<Result>,
  work: (result: Result, signal: AbortSignal) => Promise<Output> | Output,
): QueryState<Output> {
  const { powersync } = useSync();
  const version = useDatabaseVersion();
  const [state, setState] = useState<QueryState<Output>>(LOADING);
  const now = useRef({ query, work });
  now.current = { query, work };
  // Queries are built anew in each render: what tells them apart is their text.
  const { sql, params } = query.toSQL();
  const key = `${version}:${sql}:${JSON.stringify(params, withBigInts)}`;

  useEffect(() => {
    setState(LOADING);
    const fail = (error: unknown) => {
      setState((before) => ({ ...before, loading: false, error: error instanceof Error ? error : new Error(String(error)) }));
    };
    const read = async (_: null, signal: AbortSignal) => {
      const result = await now.current.query.execute();
      return now.current.work(result, signal);
    };
    const newest = latest(read, (data) => setState({ data, loading: false, error: undefined }), fail);
    const ended = new AbortController();
    const watch = async () => {
      const asked = now.current.query.toSQL();
      const tables = await powersync.resolveTables(asked.sql, asked.params);
      if (ended.signal.aborted) return;
      powersync.onChange({ onChange: () => newest.run(null) }, { tables, signal: ended.signal });
      newest.run(null);
    };
    watch().catch(fail);
    return () => {
      ended.abort();
      newest.cancel();
    };
  }, [powersync, key]);

  return state;
}

function withBigInts(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}` : value;
}
