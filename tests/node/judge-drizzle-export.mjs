// Judge: `drizzle-kit export`, the DDL that Drizzle would make of a table file.
//
// Usage: node judge-drizzle-export.mjs <postgresql|sqlite> <file.ts>, or node judge-drizzle-export.mjs --config <drizzle.config.ts>
// In:    a module that exports tables, with the files that it imports beside it
// Out:   {ok, sql, error?}
//        drizzle-kit finds packages only above the file, so it runs on a copy of the folder's .ts files that has them above.
//        It exits 0 when the module cannot be loaded: here an empty answer is an error.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [, , first, path] = process.argv;
const folder = dirname(resolve(path));
const file = `./${basename(path)}`;
const kit = fileURLToPath(new URL("bin.cjs", import.meta.resolve("drizzle-kit")));
const packages = resolve(dirname(kit), "..");
const args = first === "--config" ? ["--config", file] : ["--dialect", first, "--schema", file];

const copy = mkdtempSync(join(tmpdir(), "drizzle-export-"));
try {
  for (const name of readdirSync(folder)) if (name.endsWith(".ts")) copyFileSync(join(folder, name), join(copy, name));
  symlinkSync(packages, join(copy, "node_modules"), "junction");
  const { stdout, stderr } = spawnSync(process.execPath, [kit, "export", ...args], {
    cwd: copy,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
    maxBuffer: 1 << 28,
  });
  const ok = /^CREATE /m.test(stdout);
  console.log(JSON.stringify(ok ? { ok, sql: stdout } : { ok, sql: "", error: (stderr || stdout).trim() }, null, 2));
} finally {
  rmSync(copy, { recursive: true, force: true });
}
