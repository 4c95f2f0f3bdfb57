// Judge: compiles a sync config with the PowerSync Service's own compiler, the schema's tables as its source.
//
// Usage: node judge-sync-config.mjs <config.yaml> <tables.json>
// In:    tables.json as in sync-rules.mjs: [{schema?, name, columns: [{name, type}]}]
// Out:   {ok, errors: [{message, line, text}], warnings: [same], unknown_keys: [path],
//         streams: [{name, auto_subscribe}], source_tables: ["schema.name"], output: {table: {column: type}}}
//        `ok` means no error, no warning, no unknown key. `output` is what a device would get; `SELECT *` leaves `id` out of it.

import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { compile, sourceSchema } from "./sync-rules.mjs";

const [, , configPath, tablesPath] = process.argv;
const yaml = readFileSync(configPath, "utf8");
const tables = JSON.parse(readFileSync(tablesPath, "utf8"));
const { config, errors: problems } = compile(yaml, tables);

const errors = problems.filter((problem) => problem.type !== "warning").map(describe);
const warnings = problems.filter((problem) => problem.type === "warning").map(describe);
const unknown_keys = unknownKeys();
const compiled = errors.length === 0 ? config : undefined;

console.log(
  JSON.stringify(
    {
      ok: errors.length + warnings.length + unknown_keys.length === 0,
      errors,
      warnings,
      unknown_keys,
      streams: (compiled?.bucketSources ?? []).map(({ name, subscribedToByDefault }) => ({ name, auto_subscribe: subscribedToByDefault })),
      source_tables: (compiled?.getSourceTables() ?? []).map(({ schema, tablePattern }) => `${schema}.${tablePattern}`).sort(),
      output: compiled ? output() : {},
    },
    null,
    2,
  ),
);

function describe(problem) {
  const { start = 0, end = 0 } = problem.location ?? {};
  return { message: problem.message, line: yaml.slice(0, start).split("\n").length, text: yaml.slice(start, end) };
}

function output() {
  // Objects without a prototype: a table or a column may be called "constructor".
  const byTable = Object.create(null);
  const tables_out = new Proxy(byTable, { get: (target, name) => (target[name] ??= Object.create(null)) });
  for (const source of compiled.bucketDataSources) source.resolveResultSets(sourceSchema(tables), tables_out);
  const types = { 1: "blob", 2: "text", 4: "integer", 8: "real" };
  return Object.fromEntries(
    Object.entries(byTable).map(([table, columns]) => [
      table,
      Object.fromEntries(Object.values(columns).map(({ name, type }) => [name, types[type.typeFlags] ?? `any(${type.typeFlags})`])),
    ]),
  );
}

// The compiler lets unknown keys of a stream pass: a misspelt auto_subscribe syncs nothing, and nobody says so.
function unknownKeys() {
  const known = {
    "": ["config", "streams", "with", "bucket_definitions", "event_definitions"],
    streams: ["auto_subscribe", "priority", "query", "queries", "with", "accept_potentially_dangerous_queries"],
    bucket_definitions: ["parameters", "data", "priority", "accept_potentially_dangerous_queries"],
  };
  let document;
  try {
    document = parse(yaml, { logLevel: "silent" }) ?? {};
  } catch {
    return [];
  }
  const found = Object.keys(document).filter((key) => !known[""].includes(key));
  for (const section of ["streams", "bucket_definitions"]) {
    for (const [name, definition] of Object.entries(document[section] ?? {})) {
      for (const key of Object.keys(definition ?? {})) {
        if (!known[section].includes(key)) found.push(`${section}.${name}.${key}`);
      }
    }
  }
  return found;
}
