//! The schema language as data: which keys there are, what each may hold and what it means.
//!
//! The shape check, "did you mean", the editor schema and the key tables of docs/SCHEMA.md all
//! read these rows. A new key is a new row here and its meaning in the reader beside.

/// What a value may be.
#[derive(Debug)]
pub enum Shape {
    /// `true` or `false`.
    Bool,
    /// A string.
    Text,
    /// A whole number within the bounds.
    Integer(i64, i64),
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// A list.
    List(&'static Shape),
    /// A table whose keys the user chooses.
    Map(&'static Shape),
    /// A table with known keys.
    Record(&'static Record),
    /// One of several shapes, told apart by the kind of value.
    Either(&'static [Shape]),
    /// Anything; the reader judges it against the column's type.
    Any,
}

/// A table with known keys.
#[derive(Debug)]
pub struct Record {
    /// What it is called in messages.
    pub name: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

/// One key.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// What it means, in one line.
    pub doc: &'static str,
}

const fn key(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key { name, shape, doc }
}

const TEXTS: Shape = Shape::List(&Shape::Text);
/// A path or several.
const PATHS: Shape = Shape::Either(&[Shape::Text, TEXTS]);
const ACCESS: Shape = Shape::Choice(&["owner", "public", "streams"]);
const DELETE: Shape = Shape::Choice(&["soft", "hard"]);
const DELETED_ROWS: Shape = Shape::Choice(&["hide", "sync"]);
const ID: Shape = Shape::Choice(&["text", "uuid"]);
const CONFLICT: Shape = Shape::Choice(&["last_write", "reject_stale"]);
const COLUMN_LIST: Shape = Shape::List(&Shape::Text);

/// The whole file.
pub static ROOT: Record = Record {
    name: "the source",
    keys: &[
        key(
            "include",
            PATHS,
            "More source files, as globs relative to this file.",
        ),
        key("project", Shape::Record(&PROJECT), "The app."),
        key(
            "source",
            Shape::Record(&SOURCE),
            "Other places that declare tables.",
        ),
        key("output", Shape::Record(&OUTPUT), "Where the output goes."),
        key(
            "defaults",
            Shape::Record(&DEFAULTS),
            "What holds for every table that does not say otherwise.",
        ),
        key(
            "auth",
            Shape::Record(&AUTH),
            "Who signs tokens, and for whom.",
        ),
        key("sync", Shape::Record(&SYNC), "The PowerSync Service."),
        key(
            "typescript",
            Shape::Record(&TYPESCRIPT),
            "How TypeScript is printed.",
        ),
        key("rust", Shape::Record(&RUST), "How Rust is printed."),
        key(
            "migrations",
            Shape::Record(&MIGRATIONS),
            "How PostgreSQL migrations are planned and run.",
        ),
        key(
            "check",
            Shape::Record(&CHECK),
            "Hand-written files that must agree with this schema.",
        ),
        key(
            "tables",
            Shape::Map(&Shape::Record(&TABLE)),
            "The tables, in order.",
        ),
        key(
            "streams",
            Shape::Map(&Shape::Record(&STREAM)),
            "Sync streams beyond the derived ones.",
        ),
        key(
            "removed_tables",
            Shape::Map(&Shape::Text),
            "Tables that are gone, with the day: uploads to them are accepted and dropped.",
        ),
    ],
};

static PROJECT: Record = Record {
    name: "[project]",
    keys: &[key(
        "name",
        Shape::Text,
        "The app's name: letters, digits, `-` and `_`.",
    )],
};

static SOURCE: Record = Record {
    name: "[source]",
    keys: &[key(
        "rust",
        PATHS,
        "Rust files with `#[derive(SyncTable)]`, as globs relative to this file.",
    )],
};

static OUTPUT: Record = Record {
    name: "[output]",
    keys: &[key(
        "dir",
        Shape::Text,
        "The folder that `generate` owns; `generated` unless said otherwise.",
    )],
};

static DEFAULTS: Record = Record {
    name: "[defaults]",
    keys: &[
        key(
            "access",
            ACCESS,
            "`owner`: each row has one owner. `public`: every user reads it. `streams`: only the streams you write send it.",
        ),
        key(
            "owner",
            Shape::Text,
            "The owner column's name; `owner_id` unless said otherwise.",
        ),
        key("id", ID, "The id's PostgreSQL type."),
        key(
            "key",
            Shape::Choice(&["id", "owner"]),
            "PostgreSQL's primary key: `id`, or `owner` for (owner, id).",
        ),
        key(
            "timestamps",
            Shape::Bool,
            "Inject created_at and updated_at.",
        ),
        key(
            "delete",
            DELETE,
            "What a device's delete does: set deleted_at, or remove the row.",
        ),
        key(
            "deleted_rows",
            DELETED_ROWS,
            "`hide`: derived streams leave deleted rows out. `sync`: they send them.",
        ),
        key(
            "ignore_empty_updates",
            Shape::Bool,
            "Updates that change nothing are not uploaded; on unless said otherwise.",
        ),
        key(
            "conflict",
            CONFLICT,
            "What happens to an upload made on stale data.",
        ),
        key(
            "rls",
            Shape::Bool,
            "Row-security policies as a second line.",
        ),
    ],
};

static AUTH: Record = Record {
    name: "[auth]",
    keys: &[
        key(
            "issuer",
            Shape::Text,
            "The `iss` claim: the address of the server that signs tokens.",
        ),
        key(
            "audience",
            Shape::Text,
            "The `aud` claim, compared to the character.",
        ),
        key(
            "algorithm",
            Shape::Choice(&["RS256", "ES256", "ES384", "EdDSA"]),
            "The signature.",
        ),
        key(
            "token_lifetime",
            Shape::Text,
            "From `iat` to `exp`, such as `15m`; at most `24h`.",
        ),
        key(
            "jwks_uri",
            Shape::Text,
            "The address of the public keys; `<issuer>/api/auth/jwks` unless said otherwise.",
        ),
    ],
};

static SYNC: Record = Record {
    name: "[sync]",
    keys: &[
        key(
            "service",
            Shape::Text,
            "The PowerSync Service's version, `major.minor`.",
        ),
        key(
            "format",
            Shape::Choice(&["streams", "rules"]),
            "Which of the two sync configs the service loads.",
        ),
        key(
            "sync_rejections",
            Shape::Bool,
            "Add the synced table in which the server tells each user what it refused.",
        ),
    ],
};

static TYPESCRIPT: Record = Record {
    name: "[typescript]",
    keys: &[key(
        "extensions",
        Shape::Choice(&["none", "js"]),
        "How import specifiers end: `none` for bundlers and Metro, `js` for plain Node.",
    )],
};

static RUST: Record = Record {
    name: "[rust]",
    keys: &[key(
        "crates",
        Shape::Text,
        "The folder of Syncline's own crates, where they are used by path.",
    )],
};

static MIGRATIONS: Record = Record {
    name: "[migrations]",
    keys: &[
        key(
            "dir",
            Shape::Text,
            "The folder; `migrations` unless said otherwise.",
        ),
        key(
            "lock_timeout",
            Shape::Text,
            "How long a step may wait for a lock, such as `2s`.",
        ),
        key(
            "statement_timeout",
            Shape::Text,
            "How long a statement may run, such as `1m`; `0s` for no limit.",
        ),
        key(
            "batch_size",
            Shape::Integer(1, 1_000_000),
            "Rows touched at a time by a batched update.",
        ),
    ],
};

static CHECK: Record = Record {
    name: "[check]",
    keys: &[
        key(
            "drizzle_sqlite",
            PATHS,
            "Hand-written Drizzle files for SQLite.",
        ),
        key(
            "drizzle_pg",
            PATHS,
            "Hand-written Drizzle files for PostgreSQL.",
        ),
        key(
            "app_schema",
            PATHS,
            "The file that calls `DrizzleAppSchema`.",
        ),
        key("handler", PATHS, "Hand-written upload handlers."),
        key("auth", PATHS, "Better Auth options."),
        key(
            "sync_config",
            PATHS,
            "Sync configs: streams or bucket_definitions.",
        ),
        key("service", PATHS, "PowerSync Service configs."),
        key("compose", PATHS, "Compose files."),
        key("migrations", PATHS, "Folders of SQL migrations."),
        key("sqlite", PATHS, "SQLite or PowerSync database files."),
        key(
            "ignore",
            Shape::Map(&Shape::Text),
            "A code, or `CODE.table` in quotes, with the reason why the finding is sound here.",
        ),
    ],
};

/// One table of the app.
pub static TABLE: Record = Record {
    name: "a table",
    keys: &[
        key("doc", Shape::Text, "What the table means."),
        key(
            "sync",
            Shape::Choice(&["both", "local", "server"]),
            "Where the rows live: on `both` sides, on the device only, in PostgreSQL only.",
        ),
        key("access", ACCESS, "Which users see and write its rows."),
        key("owner", Shape::Text, "The owner column's name."),
        key("id", ID, "The id's PostgreSQL type."),
        key(
            "key",
            Shape::Either(&[Shape::Choice(&["id", "owner"]), COLUMN_LIST]),
            "PostgreSQL's primary key; a list of columns (or none) on server tables only.",
        ),
        key(
            "schema",
            Shape::Text,
            "PostgreSQL's schema, on server tables only.",
        ),
        key(
            "timestamps",
            Shape::Bool,
            "Inject created_at and updated_at.",
        ),
        key("delete", DELETE, "What a device's delete does."),
        key(
            "deleted_rows",
            DELETED_ROWS,
            "Do deleted rows stay on the device?",
        ),
        key(
            "insert_only",
            Shape::Bool,
            "Devices insert rows and never see them again.",
        ),
        key(
            "track_previous",
            Shape::Either(&[Shape::Bool, COLUMN_LIST]),
            "Uploads carry the values before the change: of all columns, or of these.",
        ),
        key(
            "track_metadata",
            Shape::Bool,
            "Uploads carry the app's own metadata.",
        ),
        key(
            "ignore_empty_updates",
            Shape::Bool,
            "Updates that change nothing are not uploaded.",
        ),
        key(
            "conflict",
            CONFLICT,
            "What happens to an upload made on stale data.",
        ),
        key(
            "rls",
            Shape::Bool,
            "Row-security policies as a second line.",
        ),
        key(
            "renamed_from",
            Shape::Text,
            "The table's name before this one.",
        ),
        key(
            "columns",
            Shape::Map(&Shape::Either(&[Shape::Text, Shape::Record(&COLUMN)])),
            "The columns, in order.",
        ),
        key(
            "indexes",
            Shape::List(&Shape::Either(&[COLUMN_LIST, Shape::Record(&INDEX)])),
            "Indexes.",
        ),
        key(
            "unique",
            Shape::List(&Shape::Either(&[COLUMN_LIST, Shape::Record(&UNIQUE)])),
            "Unique rules; on owner tables they start with the owner, and leave soft-deleted rows out.",
        ),
        key(
            "checks",
            Shape::Map(&Shape::Text),
            "Conditions on rows: a constraint's name and a PostgreSQL expression.",
        ),
        key(
            "removed_columns",
            Shape::Map(&Shape::Text),
            "Columns that are gone, with the day: uploads of them are accepted and dropped.",
        ),
    ],
};

/// The long form of a column.
pub static COLUMN: Record = Record {
    name: "a column",
    keys: &[
        key(
            "type",
            Shape::Text,
            "The type; `?` marks it nullable, `[]` an array.",
        ),
        key("doc", Shape::Text, "What the column means."),
        key("values", TEXTS, "The words of an enum."),
        key(
            "native",
            Shape::Either(&[Shape::Bool, Shape::Text]),
            "Use a PostgreSQL enum type, of this name, in place of text with a check.",
        ),
        key(
            "renamed_values",
            Shape::Map(&Shape::Text),
            "Enum words that were renamed: the old one and the new one.",
        ),
        key(
            "default",
            Shape::Any,
            "A literal, `now`, `uuid`, `device`, or `{ raw = \"sql\" }`.",
        ),
        key(
            "references",
            Shape::Text,
            "The table whose row this points at.",
        ),
        key(
            "enforce",
            Shape::Bool,
            "Let PostgreSQL enforce the reference, by a deferrable foreign key.",
        ),
        key(
            "on_delete",
            Shape::Choice(&["no_action", "restrict", "cascade", "set_null"]),
            "What a delete of the row pointed at does.",
        ),
        key(
            "unique",
            Shape::Bool,
            "No two rows have the same value; short for the table's `unique`.",
        ),
        key(
            "max_length",
            Shape::Integer(1, 10_485_760),
            "The longest text, in characters.",
        ),
        key("check", Shape::Text, "A PostgreSQL condition."),
        key(
            "read_only",
            Shape::Bool,
            "The server writes it, devices only read it.",
        ),
        key(
            "immutable",
            Shape::Bool,
            "Set by the first write, never changed after.",
        ),
        key("server_only", Shape::Bool, "Never reaches a device."),
        key(
            "unit",
            Shape::Choice(&["ms", "s"]),
            "This timestamp may also be uploaded as a number of milliseconds or seconds.",
        ),
        key(
            "renamed_from",
            Shape::Text,
            "The column's name before this one.",
        ),
        key(
            "replaces",
            Shape::Text,
            "The column whose type change this one is.",
        ),
    ],
};

/// The long form of an index.
pub static INDEX: Record = Record {
    name: "an index",
    keys: &[
        key(
            "columns",
            Shape::List(&Shape::Either(&[Shape::Text, Shape::Record(&INDEX_PART)])),
            "What is indexed, in order.",
        ),
        key(
            "name",
            Shape::Text,
            "Its name; `<table>_<columns>_idx` unless said otherwise.",
        ),
        key("desc", Shape::Bool, "All parts descending."),
        key(
            "where",
            Shape::Text,
            "The rows it covers, as a PostgreSQL condition.",
        ),
        key(
            "using",
            Shape::Text,
            "PostgreSQL's index method; btree unless said otherwise.",
        ),
        key("include", COLUMN_LIST, "Columns carried along."),
        key(
            "renamed_from",
            Shape::Text,
            "The index's name before this one.",
        ),
    ],
};

/// One part of an index, in long form.
pub static INDEX_PART: Record = Record {
    name: "an index part",
    keys: &[
        key("column", Shape::Text, "A column."),
        key(
            "expression",
            Shape::Text,
            "A PostgreSQL expression, in place of a column.",
        ),
        key("desc", Shape::Bool, "Descending."),
        key(
            "nulls",
            Shape::Choice(&["first", "last"]),
            "Where NULLs go.",
        ),
        key("opclass", Shape::Text, "PostgreSQL's operator class."),
    ],
};

/// The long form of a unique rule.
pub static UNIQUE: Record = Record {
    name: "a unique rule",
    keys: &[
        key(
            "columns",
            COLUMN_LIST,
            "The columns that may not be equal together.",
        ),
        key(
            "name",
            Shape::Text,
            "Its name; `<table>_<columns>_key` unless said otherwise.",
        ),
        key(
            "global",
            Shape::Bool,
            "Exactly these columns, across owners and deleted rows.",
        ),
        key(
            "where",
            Shape::Text,
            "The rows it holds for, as a PostgreSQL condition.",
        ),
        key(
            "nulls_not_distinct",
            Shape::Bool,
            "Two NULLs count as equal.",
        ),
        key(
            "renamed_from",
            Shape::Text,
            "The rule's name before this one.",
        ),
    ],
};

/// A stream beyond the derived ones.
pub static STREAM: Record = Record {
    name: "a stream",
    keys: &[
        key("doc", Shape::Text, "What the stream is for."),
        key("query", Shape::Text, "The rows it sends."),
        key("queries", TEXTS, "The rows it sends, by several queries."),
        key(
            "with",
            Shape::Map(&Shape::Text),
            "Named queries that the others may use.",
        ),
        key(
            "auto_subscribe",
            Shape::Bool,
            "Clients get it without asking; off unless said otherwise.",
        ),
        key("priority", Shape::Integer(0, 3), "0 syncs first, 3 last."),
        key(
            "accept_potentially_dangerous_queries",
            Shape::Bool,
            "Access may depend on what the client claims; said on purpose.",
        ),
    ],
};
