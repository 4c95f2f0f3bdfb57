// Judge: `drizzle-kit export`, the DDL that Drizzle would make of a table file.
//
// Usage: node judge-drizzle-export.mjs <postgresql|sqlite> <file.ts>, or node judge-drizzle-export.mjs --config <drizzle.config.ts>
// In:    a module that exports tables; a drizzle.config.ts is run in its own folder
// Out:   {ok, sql, error?}

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const [, , first, path] = process.argv;
const file = resolve(path);
const kit = join(dirname(createRequire(import.meta.url).resolve("drizzle-kit")), "bin.cjs");
const args = first === "--config" ? ["--config", file] : ["--dialect", first, "--schema", file];
const { status, stdout, stderr } = spawnSync(process.execPath, [kit, "export", ...args], {
  cwd: dirname(file),
  encoding: "utf8",
  env: { ...process.env, NO_COLOR: "1" },
  maxBuffer: 1 << 28,
});
const ok = status === 0;
console.log(JSON.stringify(ok ? { ok, sql: stdout } : { ok, sql: "", error: (stderr || stdout).trim() }, null, 2));
