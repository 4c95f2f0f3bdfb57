// Judge: what Drizzle itself reads out of a generated (or hand-written) table file.
//
// Usage: node judge-drizzle-config.mjs <sqlite|pg> <file.ts>
// In:    a module that exports tables and relations (Node >= 22.18, for its type stripping)
// Out:   {ok, error?, tables: [{export, schema, name, columns: [{key, name, sql_type, data_type, builder, not_null, primary_key,
//          has_default, generated, default, unique, enum}], uniques: [{name, columns}], rls, primary_keys: [{name, columns}], indexes: [{name, columns, unique, where}],
//          foreign_keys: [{name, columns, foreign_table, foreign_columns, on_delete}], checks: [{name, sql}]}],
//         relations: [{table, name, kind, to, fields, references, relation_name}], ambiguous: ["table.relation: message"]}
//        index columns: "name", "name desc", "name desc nulls first", or {sql}. `default` is a value, {sql}, or absent.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createTableRelationsHelpers, extractTablesRelationalConfig, getTableName, is, isTable, Many, normalizeRelation, SQL } from "drizzle-orm";

import "./typescript-hooks.mjs";

const [, , dialect, path] = process.argv;
const core = await (dialect === "pg" ? import("drizzle-orm/pg-core") : import("drizzle-orm/sqlite-core"));
const printer = dialect === "pg" ? new core.PgDialect() : new core.SQLiteSyncDialect();

try {
  const exported = await import(pathToFileURL(resolve(path)).href);
  const tables = Object.entries(exported).filter(([, value]) => isTable(value));
  print({ ok: true, tables: tables.map(([key, table]) => describeTable(key, table)), ...describeRelations({ ...exported }) });
} catch (error) {
  print({ ok: false, error: String(error?.message ?? error) });
}

function describeTable(key, table) {
  const config = core.getTableConfig(table);
  const keys = new Map(Object.entries(table).map(([key, column]) => [column, key]));
  return {
    export: key,
    schema: config.schema ?? null,
    name: config.name,
    columns: config.columns.map((column) => ({
      key: keys.get(column),
      name: column.name,
      sql_type: column.getSQLType(),
      data_type: column.dataType,
      builder: column.columnType,
      not_null: column.notNull,
      primary_key: column.primary,
      has_default: column.hasDefault,
      generated: column.generated !== undefined,
      ...(column.default !== undefined && { default: value(column.default) }),
      ...(column.isUnique && { unique: column.uniqueName }),
      ...(column.enumValues?.length && { enum: column.enumValues }),
    })),
    primary_keys: config.primaryKeys.map((primaryKey) => ({ name: primaryKey.getName(), columns: names(primaryKey.columns) })),
    indexes: config.indexes.map(({ config: { name, columns, unique, where } }) => ({
      name,
      columns: columns.map(indexColumn),
      unique,
      where: where ? text(where) : null,
    })),
    uniques: (config.uniqueConstraints ?? []).map((unique) => ({ name: unique.getName(), columns: names(unique.columns) })),
    rls: config.enableRLS === true || (config.policies ?? []).length > 0,
    foreign_keys: config.foreignKeys.map((foreignKey) => {
      const { columns, foreignTable, foreignColumns } = foreignKey.reference();
      return {
        name: foreignKey.getName(),
        columns: names(columns),
        foreign_table: getTableName(foreignTable),
        foreign_columns: names(foreignColumns),
        on_delete: foreignKey.onDelete ?? "no action",
      };
    }),
    checks: config.checks.map((check) => ({ name: check.name, sql: text(check.value) })),
  };
}

function describeRelations(exported) {
  const config = extractTablesRelationalConfig(exported, createTableRelationsHelpers);
  const relations = [];
  const ambiguous = [];
  for (const table of Object.values(config.tables)) {
    for (const [name, relation] of Object.entries(table.relations)) {
      let pair = { fields: [], references: [] };
      try {
        pair = normalizeRelation(config.tables, config.tableNamesMap, relation);
      } catch (error) {
        ambiguous.push(`${table.dbName}.${name}: ${error.message}`);
      }
      if (name in table.columns) ambiguous.push(`${table.dbName}.${name}: a column has this name`);
      relations.push({
        table: table.dbName,
        name,
        kind: is(relation, Many) ? "many" : "one",
        to: relation.referencedTableName,
        fields: names(pair.fields),
        references: names(pair.references),
        relation_name: relation.relationName ?? null,
      });
    }
  }
  return { relations, ambiguous };
}

function indexColumn(column) {
  if (is(column, SQL)) return { sql: text(column) };
  const { order = "asc", nulls } = column.indexConfig ?? {};
  if (order === "asc") return column.name;
  return nulls === "first" ? `${column.name} desc nulls first` : `${column.name} desc`;
}

function value(literal) {
  if (is(literal, SQL)) return { sql: text(literal) };
  return typeof literal === "bigint" ? String(literal) : literal;
}

function text(sql) {
  return printer.sqlToQuery(sql).sql;
}

function names(columns) {
  return columns.map((column) => column.name);
}

function print(result) {
  console.log(JSON.stringify(result, null, 2));
}
