// Made by Syncline from syncline.toml. Do not edit.

/** What Electron's processes say to each other about synchronisation. */

import type { SyncState } from "../status";

export const CHANNELS = {
  enable: "syncline:enable",
  disable: "syncline:disable",
  status: "syncline:status",
  changed: "syncline:status-changed",
} as const;

/** The state without its error's class, which would not survive the way. */
export type PlainState = Omit<SyncState, "error"> & { error: string | undefined };

/** What the preload script hands to the page. */
export interface SyncBridge {
  /** Connects. */
  enable(): Promise<PlainState>;
  /** Disconnects; writes wait. */
  disable(): Promise<PlainState>;
  status(): Promise<PlainState>;
  /** Calls `listener` with each new state. Returns what ends that. */
  onStatus(listener: (state: PlainState) => void): () => void;
}
