// Judge: builds the PowerSync schema with the real Drizzle driver and prints it as the client SDK sees it.
//
// Usage: node judge-app-schema.mjs <app-schema.ts>
// In:    a generated app-schema.ts, with the files that it imports beside it (Node >= 22.18, for its type stripping)
// Out:   {ok, error?, schema?: {tables: {name: {columns: {column: type}, indexes: {index: [column]}, local_only, insert_only,
//         view_name, track_previous, track_metadata, ignore_empty_updates}}}}
//        track_previous is false, true, or {columns, only_when_changed}. `ok` is false when the driver or the SDK refuses.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import "./typescript-hooks.mjs";

try {
  const { createAppSchema } = await import(pathToFileURL(resolve(process.argv[2])).href);
  const schema = createAppSchema();
  schema.validate();
  print({ ok: true, schema: { tables: Object.fromEntries(schema.tables.map((table) => [table.name, describe(table)])) } });
} catch (error) {
  print({ ok: false, error: String(error?.message ?? error) });
}

function describe(table) {
  const previous = table.trackPrevious;
  return {
    columns: Object.fromEntries(table.columns.map(({ name, type }) => [name, type])),
    indexes: Object.fromEntries(table.indexes.map(({ name, columns }) => [name, columns.map((column) => column.name)])),
    local_only: table.localOnly,
    insert_only: table.insertOnly,
    view_name: table.viewName,
    track_previous:
      typeof previous === "object" ? { columns: previous.columns ?? [], only_when_changed: previous.onlyWhenChanged ?? false } : previous,
    track_metadata: table.trackMetadata,
    ignore_empty_updates: table.ignoreEmptyUpdates,
  };
}

function print(value) {
  console.log(JSON.stringify(value, null, 2));
}
