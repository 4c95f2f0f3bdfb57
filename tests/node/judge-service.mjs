// Judge: the PowerSync Service's configuration, by the service's own JSON schema, and stricter.
//
// Usage: node judge-service.mjs <service.yaml> [NAME=value …]
// In:    the values that !env takes; a variable that is not given stands for a valid string
// Out:   {ok, errors: [{path, message}], env: ["PS_…"]}
//        The schema lets unknown keys pass, the service ignores them: here they are errors. A connection or storage is held
//        against the schema of its own type only. `env` lists the variables that the file reads.

import { readFileSync } from "node:fs";
import Ajv from "ajv";
import { parseDocument } from "yaml";

const [, , path, ...assignments] = process.argv;
const given = Object.fromEntries(assignments.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]));
const env = [];
const errors = [];

const document = parseDocument(readFileSync(path, "utf8"), { schema: "core", customTags: [{ tag: "!env", resolve: variable }] });
errors.push(...document.errors.map(({ message }) => ({ path: "", message })));
const config = document.toJS();

const schemaUrl = new URL("../json-schema/powersync-config.json", import.meta.resolve("@powersync/service-schema"));
const schema = strict(JSON.parse(readFileSync(schemaUrl, "utf8")));
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
if (errors.length === 0 && !validate(config)) {
  errors.push(
    ...validate.errors.filter(({ keyword }) => keyword !== "if").map(({ instancePath, message, params }) => ({
      path: params.additionalProperty ? `${instancePath}/${params.additionalProperty}` : instancePath,
      message: params.allowedValues ? `${message}: ${params.allowedValues.join(", ")}` : message,
    })),
  );
}
if (config?.sync_config && config?.sync_rules) errors.push({ path: "/sync_rules", message: "sync_config and sync_rules exclude each other" });
console.log(JSON.stringify({ ok: errors.length === 0, errors, env: [...new Set(env)].sort() }, null, 2));

function variable(text, onError) {
  const [name, type = "string"] = text.split("::");
  if (!name.startsWith("PS_")) onError(`the variable ${name} does not start with PS_`);
  env.push(name);
  const value = given[name] ?? (name.endsWith("SSLMODE") ? "disable" : type === "number" ? "1" : type === "boolean" ? "true" : `value of ${name}`);
  return type === "number" ? Number(value) : type === "boolean" ? value === "true" : value;
}

// Every object refuses unknown keys, but for free-form maps; alternatives that differ by `type` become conditions on it.
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (schema === null || typeof schema !== "object") return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  if (copy.properties && Object.keys(copy.properties).length > 0) copy.additionalProperties = false;
  const typed = copy.anyOf?.filter((branch) => branch.properties?.type?.const);
  if (typed?.length > 0) {
    delete copy.anyOf;
    copy.required = ["type"];
    copy.properties = { type: { enum: typed.map((branch) => branch.properties.type.const) } };
    copy.allOf = typed.map((branch) => ({
      if: { properties: { type: { const: branch.properties.type.const } }, required: ["type"] },
      then: branch,
    }));
  }
  return copy;
}
