// Made by Syncline from syncline.toml. Do not edit.

/** PowerSync in browsers. */

import { PowerSyncDatabase, type WebSQLOpenOptions } from "@powersync/web";

import type { Open } from "../database";
import type { Network } from "../status";

/** What `openDatabase` takes as `sdk`. The file name is only a name. `settings` are the SDK's own, where it is stored among them. */
export function inBrowser(settings: Partial<WebSQLOpenOptions> = {}): Open<PowerSyncDatabase> {
  return ({ schema, database: { dbFilename } }) => new PowerSyncDatabase({ schema, database: { ...settings, dbFilename } });
}

/** The browser's own word on the network, for the status. */
export function browserNetwork(): Network {
  return {
    online: () => navigator.onLine,
    subscribe(listener) {
      const events = ["online", "offline"] as const;
      for (const event of events) window.addEventListener(event, listener);
      return () => {
        for (const event of events) window.removeEventListener(event, listener);
      };
    },
  };
}
