// Shared by the sync config judges: the source tables and values in the form that @powersync/service-sync-rules takes.
//
// In: tables as `[{schema?, name, columns: [{name, type}]}]`. `type` is PostgreSQL's internal name (`text`, `int4`,
//     `timestamptz`, `bytea`, `bool[]` …), which is also what decides how a row's value is converted.

import {
  DateTimeValue,
  SqlSyncRules,
  StaticSchema,
  TimeValue,
  TimeValuePrecision,
  toSyncRulesValue,
} from "@powersync/service-sync-rules";

/** The compiler's view of the source database. */
export function sourceSchema(tables) {
  const schemas = new Map();
  for (const { schema = "public", name, columns } of tables) {
    if (!schemas.has(schema)) schemas.set(schema, []);
    schemas.get(schema).push({
      name,
      columns: columns.map((column) => ({ name: column.name, pg_type: column.type, internal_type: column.type })),
    });
  }
  return new StaticSchema([{ tag: "default", schemas: [...schemas].map(([name, tables]) => ({ name, tables })) }]);
}

/** `{config, errors}`: problems are returned, not thrown, whatever they are. */
export function compile(yaml, tables) {
  const schema = tables && sourceSchema(tables);
  try {
    return SqlSyncRules.fromYaml(yaml, { defaultSchema: "public", throwOnError: false, ...(schema && { schema }) });
  } catch (error) {
    return { config: undefined, errors: [error] };
  }
}

const micro = { subSecondPrecision: TimeValuePrecision.microseconds, defaultSubSecondPrecision: TimeValuePrecision.microseconds };

/**
 * One value as the service's replicator hands it to the compiler. JSON in: integers as numbers or digit strings, bytea
 * as base64, json and jsonb as their text, timestamps in ISO 8601 (timestamptz in UTC with `Z`), arrays as arrays.
 */
export function sourceValue(value, type) {
  if (value === null || value === undefined) return null;
  if (type.endsWith("[]")) {
    const elements = value.map((element) => sourceValue(element, type.slice(0, -2)));
    return toSyncRulesValue(elements, false, false);
  }
  switch (type) {
    case "bool":
      return value ? 1n : 0n;
    case "int2":
    case "int4":
    case "int8":
      return BigInt(value);
    case "float4":
    case "float8":
      return Number(value);
    case "bytea":
      return new Uint8Array(Buffer.from(value, "base64"));
    case "timestamp":
    case "timestamptz":
      return new DateTimeValue(value, value.replace("T", " "), micro);
    case "time":
      return TimeValue.parse(value, micro);
    default:
      return String(value);
  }
}
