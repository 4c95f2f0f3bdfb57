// Made by Syncline from syncline.toml. Do not edit.

/** The device's network, for the status. */

import type { Network } from "../status";

interface NetInfoState {
  isConnected: boolean | null;
}

/** The module `@react-native-community/netinfo`. */
export function fromNetInfo(netInfo: { addEventListener(listener: (state: NetInfoState) => void): () => void }): Network {
  let online: boolean | undefined;
  const listeners = new Set<() => void>();
  netInfo.addEventListener(({ isConnected }) => {
    online = isConnected ?? undefined;
    for (const listener of listeners) listener();
  });
  return {
    online: () => online,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
