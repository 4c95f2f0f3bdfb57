// Judge: which rows, with which values, each user gets from each of several sync configs.
//
// Usage: node judge-sync-eval.mjs <input.json>
// In:    {configs: {name: "path.yaml"}, tables: as in sync-rules.mjs, rows: [{schema?, table, values: {column: value}}],
//         users: [{sub, claims?, parameters?, subscriptions?: [{stream, parameters?}]}]}
//        values as in sync-rules.mjs (`sourceValue`); a user is subscribed to every auto_subscribe stream.
// Out:   {results: {config: {sub: [{table, id, data}]}}, errors: [{config, message}]}
//        rows sorted by table, id and text, each once; values of data: null, "text", {"integer": "5"}, {"real": 0.5}

import { readFileSync } from "node:fs";
import { BaseJwtPayload, DEFAULT_HYDRATION_STATE, RequestParameters } from "@powersync/service-sync-rules";

import { compile, sourceValue } from "./sync-rules.mjs";

const { configs, tables, rows, users } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const types = new Map(
  tables.map(({ schema = "public", name, columns }) => [`${schema}.${name}`, new Map(columns.map((column) => [column.name, column.type]))]),
);
const errors = [];
const results = {};
for (const [name, path] of Object.entries(configs)) {
  const { config, errors: problems } = compile(readFileSync(path, "utf8"), tables);
  const fatal = problems.filter((problem) => problem.type !== "warning");
  errors.push(...fatal.map(({ message }) => ({ config: name, message })));
  if (fatal.length === 0) results[name] = await evaluate(name, config);
}
console.log(JSON.stringify({ results, errors }, null, 2));

async function evaluate(name, config) {
  const hydrated = config.hydrate({ hydrationState: DEFAULT_HYDRATION_STATE, sqlite: null });
  const buckets = new Map();
  const lookups = new Map();
  for (const { schema = "public", table, values } of rows) {
    const sourceTable = { connectionTag: "default", schema, name: table };
    const typeOf = types.get(`${schema}.${table}`);
    const record = hydrated.applyRowContext(
      Object.fromEntries(Object.entries(values).map(([column, value]) => [column, sourceValue(value, typeOf.get(column))])),
    );
    const data = hydrated.evaluateRowWithErrors({ sourceTable, record });
    const parameters = hydrated.evaluateParameterRowWithErrors(sourceTable, record);
    for (const { error } of [...data.errors, ...parameters.errors]) errors.push({ config: name, message: `${table}: ${error}` });
    for (const row of data.results) add(buckets, row.bucket, { table: row.table, id: row.id, data: plain(row.data) });
    for (const { lookup, bucketParameters } of parameters.results) add(lookups, lookup.serializedRepresentation, ...bucketParameters);
  }
  const perUser = {};
  for (const user of users) {
    const synced = new Map();
    for (const bucket of await bucketsOf(name, hydrated, lookups, user)) {
      for (const row of buckets.get(bucket) ?? []) synced.set(JSON.stringify([row.table, row.id, row.data]), row);
    }
    perUser[user.sub] = [...synced.keys()].sort().map((key) => synced.get(key));
  }
  return perUser;
}

async function bucketsOf(name, hydrated, lookups, { sub, claims = {}, parameters = {}, subscriptions = [] }) {
  const streams = {};
  subscriptions.forEach(({ stream, parameters = {} }, index) => {
    (streams[stream] ??= []).push({ opaque_id: index, priorityOverride: null, parameters });
  });
  const { querier, errors: failed } = hydrated.getBucketParameterQuerier({
    globalParameters: new RequestParameters(new BaseJwtPayload({ sub, ...claims }), parameters),
    hasDefaultStreams: true,
    streams,
  });
  errors.push(...failed.map(({ message }) => ({ config: name, message: `${sub}: ${message}` })));
  const dynamic = await querier.queryDynamicBucketDescriptions({
    getParameterSets: async (wanted) => wanted.map((lookup) => ({ lookup, rows: lookups.get(lookup.serializedRepresentation) ?? [] })),
  });
  return new Set([...querier.staticBuckets, ...dynamic].map(({ bucket }) => bucket));
}

function plain(data) {
  return Object.fromEntries(
    Object.keys(data)
      .sort()
      .map((column) => [column, tagged(data[column])]),
  );
}

function tagged(value) {
  if (typeof value === "bigint") return { integer: String(value) };
  if (typeof value === "number") return { real: value };
  return value;
}

function add(map, key, ...values) {
  if (!map.has(key)) map.set(key, []);
  map.get(key).push(...values);
}
