// Made by Syncline from syncline.toml. Do not edit.

/** What a new row is filled with on the device. PowerSync's tables have no defaults of their own. */

let newIdSource: () => string = randomUuid;
let deviceIdSource: (() => string) | undefined;

/** Says which device this is. Call it once, before the first insert; the id must stay the same for as long as the app is installed. */
export function setDeviceId(source: string | (() => string)): void {
  deviceIdSource = typeof source === "string" ? () => source : source;
}

/** Replaces the source of new ids, for JavaScript engines without Web Crypto. */
export function setNewId(source: () => string): void {
  newIdSource = source;
}

/** A new id: a random UUID in lower case. */
export function newId(): string {
  return newIdSource();
}

/** This device's id, as given to `setDeviceId`. */
export function deviceId(): string {
  if (deviceIdSource === undefined) {
    throw new Error("no device id: call setDeviceId() before the first insert");
  }
  return deviceIdSource();
}

/** The time now, as PowerSync sends a timestamptz: ISO 8601 in UTC, in milliseconds. */
export function now(): string {
  return new Date().toISOString();
}

/** What the clock on the wall says, without zone: `2026-01-02T03:04:05.678`. */
export function localNow(): string {
  const instant = new Date();
  return new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000).toISOString().slice(0, -1);
}

/** What the calendar on the wall says: `2026-01-02`. */
export function today(): string {
  return localNow().slice(0, 10);
}

/** The time of day on the wall: `03:04:05.678`. */
export function localTime(): string {
  return localNow().slice(11);
}

interface WebCrypto {
  randomUUID?: () => string;
  getRandomValues?: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
}

function randomUuid(): string {
  const { crypto } = globalThis as unknown as { crypto?: WebCrypto };
  if (crypto?.randomUUID) {
    return crypto.randomUUID();
  }
  if (crypto?.getRandomValues) {
    // Browsers offer randomUUID only in secure contexts.
    const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte, index) => {
      const value = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
      return value.toString(16).padStart(2, "0");
    }).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
  throw new Error("no source of random ids: install a crypto polyfill or call setNewId()");
}
