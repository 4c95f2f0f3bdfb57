// Made by Syncline from syncline.toml. Do not edit.

/** PowerSync in Expo, on op-sqlite. It needs a development build: Expo Go has no native modules of others. */

import { PowerSyncDatabase } from "@powersync/react-native";

import type { Open } from "../database";

/**
 * What `openDatabase` takes as `sdk`. The file name is relative: the platform says where databases live, and on iOS that place
 * has another name after each update. `encryptionKey` is for a build of op-sqlite with SQLCipher.
 */
export function inExpo({ encryptionKey }: { encryptionKey?: string } = {}): Open<PowerSyncDatabase> {
  return ({ schema, database: { dbFilename, dbLocation } }) => {
    if (dbLocation !== undefined) throw new Error(`${dbFilename} is absolute: in Expo a database needs a relative file name`);
    const sqliteOptions = encryptionKey === undefined ? {} : { sqliteOptions: { encryptionKey } };
    return new PowerSyncDatabase({ schema, database: { dbFilename, ...sqliteOptions } });
  };
}
