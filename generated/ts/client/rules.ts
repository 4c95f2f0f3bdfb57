// Made by Syncline from syncline.toml. Do not edit.

/**
 * What the server takes, by declared type, so that a write that it would refuse fails at the call.
 *
 * Only PostgreSQL can judge conditions in SQL, unique rules and references: these still come back as rejections.
 */

/** One column. */
export type Rule = {
  /** NULL is refused. */
  required?: true;
  /** A new row gets a value where none is given. */
  filled?: true;
  /** Set by the first write, never changed after. */
  immutable?: true;
  /** The server writes it. */
  readOnly?: true;
  /** An array of the type, with NULL allowed among its elements. */
  array?: true;
} & (
  | { type: "text"; /** Characters. */ max?: number }
  | { type: "id" | "boolean" | "smallint" | "integer" | "bigint" | "real" | "double" }
  | { type: "timestamp" | "local_timestamp" | "date" | "time" | "uuid" | "json" | "bytes" }
  | { type: "decimal"; precision: number; scale: number }
  | { type: "enum"; words: readonly string[] }
);

/** The columns of a table, by their names in TypeScript. */
export type Rules = Readonly<Record<string, Rule>>;

/** What is wrong with one value. Never holds the value itself. */
export interface Problem {
  column: string;
  message: string;
}

/** A write that the server would refuse. Nothing was written. */
export class WriteError extends Error {
  override readonly name = "WriteError";
  readonly table: string;
  readonly problems: readonly Problem[];

  constructor(table: string, problems: readonly Problem[]) {
    super(`${table}: ${problems.map(({ column, message }) => `${column} ${message}`).join("; ")}`);
    this.table = table;
    this.problems = problems;
  }
}

/** Throws all that is wrong with a row, or with a change of one. */
export function check(table: string, rules: Rules, values: Readonly<Record<string, unknown>>, change: boolean): void {
  const problems: Problem[] = [];
  for (const [column, value] of Object.entries(values)) {
    const rule = Object.hasOwn(rules, column) ? rules[column] : undefined;
    const message = rule === undefined ? "is not a column" : problemWith(rule, value, change);
    if (message !== undefined) problems.push({ column, message });
  }
  if (!change) {
    for (const [column, rule] of Object.entries(rules)) {
      const missing = rule.required === true && rule.filled !== true && values[column] === undefined;
      if (missing) problems.push({ column, message: "is required" });
    }
  }
  if (problems.length > 0) throw new WriteError(table, problems);
}

function problemWith(rule: Rule, value: unknown, change: boolean): string | undefined {
  if (value === undefined) return undefined;
  if (rule.readOnly === true) return "is written by the server";
  if (change && rule.immutable === true) return "cannot be changed once it is set";
  if (value === null) return rule.required === true ? "is required" : undefined;
  if (rule.array !== true) return scalar(rule, value);
  if (!Array.isArray(value)) return "is not an array";
  for (const [at, element] of value.entries()) {
    const message = element === null ? undefined : scalar(rule, element);
    if (message !== undefined) return `element ${at}: ${message}`;
  }
  return undefined;
}

function scalar(rule: Rule, value: unknown): string | undefined {
  switch (rule.type) {
    case "text":
      return text(value) ?? length(value as string, rule.max);
    case "id":
      return text(value) ?? id(value as string);
    case "enum":
      return rule.words.includes(value as string) ? undefined : `is none of ${rule.words.join(", ")}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : "is not true or false";
    case "smallint":
      return integer(value, 0x7fff);
    case "integer":
      return integer(value, 0x7fffffff);
    case "bigint":
      return bigint(value);
    case "real":
      return number(value) ?? (isFinite(value as number) && !isFinite(Math.fround(value as number)) ? "is out of range" : undefined);
    case "double":
      return number(value);
    case "decimal":
      return decimal(value, rule.precision, rule.scale);
    case "timestamp":
      return timestamp(value, "an ISO 8601 timestamp", true);
    case "local_timestamp":
      return timestamp(value, "an ISO 8601 timestamp without offset", false);
    case "date":
      return typeof value === "string" && isDate(value) ? undefined : "is not a date as YYYY-MM-DD";
    case "time":
      return typeof value === "string" && isTime(value) ? undefined : "is not a time as HH:MM:SS";
    case "uuid":
      return matches(value, /^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i, "a UUID");
    case "bytes":
      return matches(value, /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/, "base64 with padding");
    case "json":
      return json(value);
  }
}

function matches(value: unknown, form: RegExp, what: string): string | undefined {
  return typeof value === "string" && form.test(value) ? undefined : `is not ${what}`;
}

function text(value: unknown): string | undefined {
  if (typeof value !== "string") return "is not text";
  if (value.includes("\u0000")) return "holds a NUL character";
  // With the flag, the two halves of a pair are one character.
  return /[\ud800-\udfff]/u.test(value) ? "holds half of a surrogate pair" : undefined;
}

function length(value: string, max: number | undefined): string | undefined {
  // Characters never outnumber code units, so short texts need no counting.
  const long = max !== undefined && value.length > max && [...value].length > max;
  return long ? `is longer than ${max} characters` : undefined;
}

function id(value: string): string | undefined {
  const bytes = encodeURIComponent(value).replace(/%../g, "%").length;
  return bytes >= 1 && bytes <= 128 ? undefined : "is not 1 to 128 bytes long";
}

function integer(value: unknown, max: number): string | undefined {
  if (typeof value !== "number" || !Number.isInteger(value)) return "is not an integer";
  return value >= -max - 1 && value <= max ? undefined : "is out of range";
}

function bigint(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^-?\d+$/.test(value)) return "is not an integer as decimal digits";
  const number = BigInt(value);
  return BigInt.asIntN(64, number) === number ? undefined : "is out of range";
}

function number(value: unknown): string | undefined {
  return typeof value === "number" && !Number.isNaN(value) ? undefined : "is not a number";
}

function decimal(value: unknown, precision: number, scale: number): string | undefined {
  const parts = typeof value === "string" ? /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(value) : null;
  if (parts === null) return "is not a number as decimal digits";
  const [, whole = "", fraction = "", exponent = "0"] = parts;
  const digits = (whole + fraction).replace(/0+$/, "");
  const first = digits.search(/[^0]/);
  if (first < 0) return undefined;
  const point = whole.length + Number(exponent);
  if (digits.length - point > scale) return `has more than ${scale} digits after the point`;
  return point - first > precision - scale ? `is out of range for decimal(${precision},${scale})` : undefined;
}

function timestamp(value: unknown, what: string, zoned: boolean): string | undefined {
  const parts = typeof value === "string" ? /^(.{10})(?:[Tt ](.*?)(Z|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(value) : null;
  const [, date = "", time, zone] = parts ?? [];
  const whole = isDate(date) && (time === undefined || isTime(time)) && (zone === undefined || (zoned && isZone(zone)));
  return whole ? undefined : `is not ${what}`;
}

function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return year >= 1 && day >= 1 && day <= days;
}

/** Like PostgreSQL it takes 60 as a second, and 24:00:00 as the end of the day. */
function isTime(text: string): boolean {
  const parts = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?$/.exec(text);
  if (parts === null) return false;
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(`${parts[3] ?? 0}.${parts[4] ?? 0}`)];
  return minutes <= 59 && seconds < 61 && (hours * 60 + minutes) * 60 + seconds <= 86_400;
}

function isZone(zone: string): boolean {
  if (/^z$/i.test(zone)) return true;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(":", ""))];
  return minutes <= 59 && hours * 60 + minutes <= 14 * 60;
}

const DEPTH = 128;

function json(value: unknown): string | undefined {
  let written: string | undefined;
  try {
    written = JSON.stringify(value);
  } catch {
    // Said below.
  }
  if (written === undefined) return "cannot be written as JSON";
  const problem = text(unescaped(written));
  if (problem !== undefined) return problem;
  return depth(JSON.parse(written)) > DEPTH ? `is JSON nested deeper than ${DEPTH} levels` : undefined;
}

/** JSON with its NULs and surrogates as characters. */
function unescaped(written: string): string {
  return written.replace(/\\\\|\\u0000|\\u(d[89a-f][0-9a-f]{2})/gi, (escape, unit?: string) => {
    if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
    return escape.toLowerCase() === "\\u0000" ? "\u0000" : "";
  });
}

function depth(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let deepest = 0;
  for (const part of Object.values(value)) deepest = Math.max(deepest, depth(part));
  return deepest + 1;
}
