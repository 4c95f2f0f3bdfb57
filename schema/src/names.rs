//! Names: case conversion, the names of indexes and checks, reserved words.

use sha2::{Digest, Sha256};

/// PostgreSQL's limit for an identifier, in bytes (NAMEDATALEN - 1).
pub const MAX_IDENTIFIER: usize = 63;

/// Can it stand in an identifier of TypeScript and Rust? The underscore separates words.
///
/// Not the same as a letter or digit: `m²` is none to either language.
pub fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && unicode_ident::is_xid_continue(c))
}

/// Puts an underscore before what an identifier cannot begin with.
fn begin(mut name: String) -> String {
    let sound = |c: char| c == '_' || unicode_ident::is_xid_start(c);
    if !name.starts_with(sound) {
        name.insert(0, '_');
    }
    name
}

/// `group_hierarchy` -> `groupHierarchy`; what is no letter or digit separates words.
pub fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        if !is_word(c) {
            upper = !out.is_empty();
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else if out.is_empty() {
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
    }
    begin(out)
}

/// `group_hierarchy` -> `GroupHierarchy`.
pub fn pascal(name: &str) -> String {
    let camel = camel(name);
    let mut chars = camel.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => camel,
    }
}

/// `groupHierarchy` -> `group_hierarchy`, which is already so where it is snake_case.
pub fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut after_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && after_lower {
            out.push('_');
        }
        after_lower = c.is_lowercase() || c.is_numeric();
        if is_word(c) {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('_') {
            out.push('_');
        }
    }
    begin(out)
}

/// The name of a plain index: `<table>_<columns>_idx`.
pub fn index<'a>(table: &str, columns: impl IntoIterator<Item = &'a str>) -> String {
    joined(table, columns, "idx")
}

/// The name of a unique rule: `<table>_<columns>_key`.
pub fn unique<'a>(table: &str, columns: impl IntoIterator<Item = &'a str>) -> String {
    joined(table, columns, "key")
}

/// The name of a column's check: `<table>_<column>_check`.
pub fn check(table: &str, column: &str) -> String {
    joined(table, [column], "check")
}

/// The name of a foreign key: `<table>_<column>_fkey`, as PostgreSQL itself would name it.
pub fn foreign_key(table: &str, column: &str) -> String {
    joined(table, [column], "fkey")
}

fn joined<'a>(
    table: &str,
    columns: impl IntoIterator<Item = &'a str>,
    suffix: &'static str,
) -> String {
    let mut name = table.to_owned();
    for column in columns {
        name.push('_');
        name.push_str(column);
    }
    name.push('_');
    name.push_str(suffix);
    fit(&name)
}

/// A name over 63 bytes is cut and ends in eight hex digits of its hash, so that two long names
/// with one beginning stay two.
pub fn fit(name: &str) -> String {
    if name.len() <= MAX_IDENTIFIER {
        return name.to_owned();
    }
    let digest = Sha256::digest(name.as_bytes());
    let hash: String = digest
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut cut = MAX_IDENTIFIER - 1 - hash.len();
    while !name.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}_{hash}", &name[..cut])
}

/// Can it stand unquoted in PostgreSQL and mean itself?
pub fn is_plain_sql(name: &str) -> bool {
    let mut bytes = name.bytes();
    let starts = bytes
        .next()
        .is_some_and(|b| b.is_ascii_lowercase() || b == b'_');
    starts
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        // No keyword holds a digit, which spares most generated names the search.
        && (name.bytes().any(|b| b.is_ascii_digit()) || POSTGRES_KEYWORDS.binary_search(&name).is_err())
}

/// The name as SQL has to write it: quoted where needed.
pub fn quote_sql(name: &str) -> String {
    if is_plain_sql(name) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// A text as an SQL literal. Backslashes mean themselves under `standard_conforming_strings`.
pub fn quote_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Is it a word that TypeScript does not take as the name of a constant?
pub fn is_typescript_reserved(name: &str) -> bool {
    TYPESCRIPT_RESERVED.binary_search(&name).is_ok()
}

/// Is it a Rust keyword?
pub fn is_rust_keyword(name: &str) -> bool {
    RUST_KEYWORDS.binary_search(&name).is_ok()
}

/// The name of a Rust field or module: raw where it is a keyword, and with a trailing underscore
/// where Rust knows no raw form of it.
pub fn rust_ident(name: &str) -> String {
    let snake = snake(name);
    match snake.as_str() {
        "self" | "super" | "crate" | "_" => format!("{snake}_"),
        word if is_rust_keyword(word) => format!("r#{word}"),
        _ => snake,
    }
}

/// The name of a TypeScript constant: with a trailing underscore where it is a reserved word.
pub fn typescript_ident(name: &str) -> String {
    let camel = camel(name);
    if is_typescript_reserved(&camel) {
        format!("{camel}_")
    } else {
        camel
    }
}

/// Why PowerSync will not take the name of a table or column on the device, if it will not.
///
/// The character set is that of the client SDK (`"'%,.#[]` and white space are refused).
pub fn powersync_refusal(name: &str) -> Option<String> {
    if let Some(c) = name
        .chars()
        .find(|c| "\"'%,.#[]".contains(*c) || c.is_whitespace())
    {
        return Some(format!("PowerSync refuses {c:?} in names"));
    }
    if name.starts_with("ps_") {
        return Some("names that begin with `ps_` belong to PowerSync's own tables".to_owned());
    }
    if name.to_ascii_lowercase().starts_with("sqlite_") {
        return Some("names that begin with `sqlite_` belong to SQLite".to_owned());
    }
    None
}

/// Words that PostgreSQL does not take as a column name without quotes (`RESERVED` and
/// `TYPE_FUNC_NAME` and `COL_NAME` keywords of PostgreSQL 18, from `pg_get_keywords()`).
const POSTGRES_KEYWORDS: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

/// Words of ECMAScript that cannot name a `const` in a module.
const TYPESCRIPT_RESERVED: &[&str] = &[
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Strict, reserved and 2024 keywords.
const RUST_KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
