// Judge: a compose file, by the Compose specification's JSON schema (dclint ships it), plus what a schema cannot see.
//
// Usage: node judge-compose.mjs <compose.yaml> [.env.example]
// In:    a compose file; an env file, to see that every variable has a line there
// Out:   {ok, errors: [{path, message}], images: ["name:tag"], variables: ["NAME"]}
//        Beyond the schema: depends_on names services, named volumes are declared, images carry a version, variables that the
//        compose file requires are in the env file. `variables` lists those that are interpolated.

import { readFileSync } from "node:fs";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const [, , path, envPath] = process.argv;
const text = readFileSync(path, "utf8");
const compose = parse(text);
const errors = [];

const { $schema: _, ...schema } = JSON.parse(readFileSync(new URL("../schemas/compose.schema.json", import.meta.resolve("dclint")), "utf8"));
const ajv = new Ajv({ allErrors: true, strict: false });
addFormats(ajv);
// Formats that only Compose knows; its durations ("2s") are not those of JSON Schema.
for (const format of ["ports", "expose", "subnet_ip_address", "duration"]) ajv.addFormat(format, true);
const validate = ajv.compile(schema);
if (!validate(compose)) {
  errors.push(
    ...validate.errors.map(({ instancePath, message, params }) => ({
      path: params.additionalProperty ? `${instancePath}/${params.additionalProperty}` : instancePath,
      message,
    })),
  );
}

const images = [];
for (const [name, service] of Object.entries(compose.services ?? {})) {
  for (const other of Object.keys(service.depends_on ?? {})) {
    if (!compose.services[other]) report(`/services/${name}/depends_on/${other}`, "no such service");
  }
  for (const volume of service.volumes ?? []) {
    const source = typeof volume === "string" ? volume.split(":")[0] : volume.source;
    if (/^\w/.test(source) && !(source in (compose.volumes ?? {}))) report(`/services/${name}/volumes`, `the volume ${source} is not declared`);
  }
  if (service.image) {
    images.push(service.image);
    if (!/:[^/]*\d/.test(service.image)) report(`/services/${name}/image`, "no version");
  } else if (!service.build) {
    report(`/services/${name}`, "neither image nor build");
  }
}

const variables = [...new Set([...text.replaceAll("$$", "").matchAll(/\$\{(\w+)/g)].map(([, name]) => name))].sort();
if (envPath) {
  const lines = new Set([...readFileSync(envPath, "utf8").matchAll(/^(\w+)=/gm)].map(([, name]) => name));
  for (const name of variables) if (!lines.has(name)) report("", `${name} has no line in the env file`);
}
console.log(JSON.stringify({ ok: errors.length === 0, errors, images: [...new Set(images)].sort(), variables }, null, 2));

function report(path, message) {
  errors.push({ path, message });
}
