// Made by Syncline from syncline.toml. Do not edit.

/**
 * The worker in which SQLite runs: an entry of its own for the bundler of the main process.
 *
 * Leave `@powersync/node` and `better-sqlite3` out of the bundle, and out of the archive of the packaged app
 * (`asarUnpack: ["**\/node_modules/{@powersync/node,better-sqlite3}/**"]`): a native library cannot be loaded from inside it.
 */

import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { getPowerSyncExtensionFilename, startPowerSyncWorker } from "@powersync/node/worker.js";

startPowerSyncWorker({
  extensionPath() {
    const sdk = dirname(createRequire(import.meta.url).resolve("@powersync/node/package.json"));
    return join(sdk, "lib", getPowerSyncExtensionFilename()).replace(/app\.asar(?=[/\\])/, "app.asar.unpacked");
  },
});
