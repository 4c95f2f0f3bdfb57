// A device of user-1 with writes that were not uploaded, on which user-2 signs in, and which is killed at a step of that.
//
// Usage: node client/account-child.mjs <generated ts folder> <folder> <server> <policy> <step>
// Exits 0 where there are fewer steps.

import { openAccount } from "./account.mjs";
import { openDevice } from "./device.mjs";

const [, , , folder, address, policy, killAt] = process.argv;
let armed = false;
let step = 0;
const killed = () => {
  step += armed ? 1 : 0;
  if (armed && step === Number(killAt)) process.kill(process.pid, "SIGKILL");
};

/** Kills after the call: nothing lasts between one step's end and the next one's begin. */
function mined(object, names) {
  for (const name of names) {
    const original = object[name].bind(object);
    object[name] = async (...values) => {
      const result = await original(...values);
      killed();
      return result;
    };
  }
}

let account;
const device = await openDevice({ address }, { folder, user: () => account?.owner });
account = openAccount(device, { unsent: policy, done: killed });
await account.open("user-1");
await device.write.projects.insert({ name: "synced" });
await device.upload();
for (const name of ["a", "b", "c"]) await device.write.projects.insert({ name });
await device.write.preferences.insert({ key: "theme" });
mined(device.powersync, ["disconnect", "disconnectAndClear"]);
mined(device.connector, ["uploadData"]);
armed = true;
await account.open("user-2");
process.exit(0);
