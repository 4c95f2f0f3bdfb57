// Made by Syncline from syncline.toml. Do not edit.

/** The streams that a device may ask for. What is sent without asking is not among them. */

import type { PowerSyncBackendConnector } from "@powersync/common";

type Database = Parameters<PowerSyncBackendConnector["uploadData"]>[0];

/** What a stream takes as a parameter. */
export type StreamValue = string | number | boolean | null;

/** Each stream's parameters; `null` for a stream that takes none. */
export interface Streams {
}

/** A stream to subscribe to: `const subscription = await stream(database, …).subscribe({ ttl: 3600 })`. Keep it as long as the rows are needed. */
export function stream<Name extends keyof Streams & string>(
  database: Database,
  name: Name,
  ...parameters: Streams[Name] extends null ? [] : [Streams[Name]]
): ReturnType<Database["syncStream"]> {
  return database.syncStream(name, parameters[0] as Record<string, StreamValue> | undefined);
}
