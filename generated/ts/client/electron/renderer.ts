// Made by Syncline from syncline.toml. Do not edit.

/** The page: the main process's status, as the React hooks take it. */

import type { SyncState, SyncStatusWatch } from "../status";
import type { PlainState, SyncBridge } from "./ipc";

declare global {
  interface Window {
    /** From the preload script. */
    syncline?: SyncBridge;
  }
}

/** The functions that the preload script has left. */
export function syncBridge(): SyncBridge {
  const bridge = window.syncline;
  if (bridge === undefined) throw new Error("the preload script has not called exposeSync()");
  return bridge;
}

/** Follows the status. `first` is shown until the main process has answered. */
export function followStatus(bridge: SyncBridge, first: SyncState): SyncStatusWatch {
  const listeners = new Set<() => void>();
  let current = first;
  const take = (state: PlainState) => {
    current = { ...state, error: state.error === undefined ? undefined : new Error(state.error) };
    for (const listener of listeners) listener();
  };
  const check = async () => take(await bridge.status());
  const stop = bridge.onStatus(take);
  void check().catch(() => undefined);
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
      stop();
      listeners.clear();
    },
  };
}
