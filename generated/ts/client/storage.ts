// Made by Syncline from syncline.toml. Do not edit.

/** Where the account is remembered: one short text, on each platform where secrets or settings live. */

import type { AccountStorage } from "./account";

const KEY = "syncline-account";

/** In browsers: `localStorage`. */
export function inLocalStorage(storage: { getItem(key: string): string | null; setItem(key: string, value: string): void }, key = KEY): AccountStorage {
  return { get: () => storage.getItem(key), set: (text) => storage.setItem(key, text) };
}

/** In Expo: the module `expo-secure-store`. */
export function inSecureStore(
  store: { getItemAsync(key: string): Promise<string | null>; setItemAsync(key: string, value: string): Promise<void> },
  key = KEY,
): AccountStorage {
  return { get: () => store.getItemAsync(key), set: (text) => store.setItemAsync(key, text) };
}

/**
 * In Electron's main process: a store of `electron-store`, encrypted by `safeStorage`. A text that can no longer be decrypted
 * is as good as none.
 */
export function inElectronStore<Bytes extends { toString(encoding: "base64"): string }>(
  store: { get(key: string): unknown; set(key: string, value: unknown): void },
  safe: { encryptString(text: string): Bytes; decryptString(bytes: Bytes): string; isEncryptionAvailable(): boolean },
  decode: (base64: string) => Bytes,
  key = KEY,
): AccountStorage {
  return {
    get() {
      const kept = store.get(key);
      if (typeof kept !== "string") return null;
      if (!kept.startsWith("safe:")) return kept;
      try {
        return safe.decryptString(decode(kept.slice(5)));
      } catch {
        return null;
      }
    },
    set(text) {
      store.set(key, safe.isEncryptionAvailable() ? `safe:${safe.encryptString(text).toString("base64")}` : text);
    },
  };
}
