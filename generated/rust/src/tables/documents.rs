// Made by Syncline from syncline.toml. Do not edit.

//! The table `documents`.

use syncline_runtime::*;

/// The columns, in PostgreSQL's order.
#[rustfmt::skip]
pub static COLUMNS: &[Column] = &[
    Column::new("id", "id", Scalar::Text).role(Role::Id),
    Column::new("owner_id", "ownerId", Scalar::Text).role(Role::Owner),
    Column::new("title", "title", Scalar::Text).nullable(),
    Column::new("content", "content", Scalar::Text),
    Column::new("project_id", "projectId", Scalar::Text).nullable().references("projects"),
    Column::new("device_id", "deviceId", Scalar::Text),
    Column::new("created_at", "createdAt", Scalar::Timestamp).role(Role::CreatedAt).default_sql("now()"),
    Column::new("updated_at", "updatedAt", Scalar::Timestamp).role(Role::UpdatedAt).default_sql("now()"),
    Column::new("deleted_at", "deletedAt", Scalar::Timestamp).nullable().role(Role::DeletedAt),
];

/// The table.
#[rustfmt::skip]
pub static TABLE: Table = Table::new("documents", COLUMNS);

/// The table with its statements.
#[rustfmt::skip]
pub static MAPPER: Mapper = Mapper {
    table: &TABLE,
    statements: Statements {
        put: Some(Statement { sql: PUT, columns: &[0, 2, 3, 4, 5, 6, 7, 8] }),
        patch: Some(Statement { sql: PATCH, columns: &[0, 2, 3, 4, 5, 6, 7, 8] }),
        delete: Some(DELETE),
        current: None,
    },
};

/// Inserts rows, and replaces the owner's.
pub const PUT: &str = "\
INSERT INTO documents AS t
  (id, title, content, project_id, device_id, created_at, updated_at, deleted_at, owner_id)
SELECT
  u.c0,
  u.c2,
  u.c3,
  u.c4,
  u.c5,
  coalesce(u.c6, now()),
  coalesce(u.c7, now()),
  u.c8,
  $1::text
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[])
  AS u (c0, c2, c3, c4, c5, c6, c7, c8)
ON CONFLICT (id) DO UPDATE SET
  title = CASE WHEN $2::bytea IS NULL OR get_bit($2, 2) = 1 THEN EXCLUDED.title ELSE t.title END,
  content = CASE WHEN $2::bytea IS NULL OR get_bit($2, 3) = 1 THEN EXCLUDED.content ELSE t.content END,
  project_id = CASE WHEN $2::bytea IS NULL OR get_bit($2, 4) = 1 THEN EXCLUDED.project_id ELSE t.project_id END,
  device_id = CASE WHEN $2::bytea IS NULL OR get_bit($2, 5) = 1 THEN EXCLUDED.device_id ELSE t.device_id END,
  updated_at = EXCLUDED.updated_at,
  deleted_at = CASE WHEN $2::bytea IS NULL OR get_bit($2, 8) = 1 THEN EXCLUDED.deleted_at ELSE t.deleted_at END
WHERE t.owner_id = EXCLUDED.owner_id
RETURNING t.id::text AS id, (t.xmax = 0) AS inserted";

/// Changes the columns of each row's mask.
pub const PATCH: &str = "\
UPDATE documents AS t SET
  title = CASE WHEN get_bit(u.m, 2) = 1 THEN u.c2 ELSE t.title END,
  content = CASE WHEN get_bit(u.m, 3) = 1 THEN u.c3 ELSE t.content END,
  project_id = CASE WHEN get_bit(u.m, 4) = 1 THEN u.c4 ELSE t.project_id END,
  device_id = CASE WHEN get_bit(u.m, 5) = 1 THEN u.c5 ELSE t.device_id END,
  created_at = CASE WHEN get_bit(u.m, 6) = 1 THEN u.c6 ELSE t.created_at END,
  updated_at = CASE WHEN get_bit(u.m, 7) = 1 THEN u.c7 ELSE now() END,
  deleted_at = CASE WHEN get_bit(u.m, 8) = 1 THEN u.c8 ELSE t.deleted_at END
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $2::bytea[])
  AS u (c0, c2, c3, c4, c5, c6, c7, c8, m)
WHERE t.id = u.c0 AND t.owner_id = $1::text
RETURNING t.id::text AS id";

/// Deletes rows by id.
pub const DELETE: &str = "\
UPDATE documents AS t SET
  deleted_at = now(),
  updated_at = now()
WHERE t.owner_id = $1::text AND t.id = ANY ($2::text[]) AND t.deleted_at IS NULL
RETURNING t.id::text AS id";

/// A row of `documents`.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentsRow {
    pub id: String,
    pub owner_id: String,
    pub title: Option<String>,
    pub content: String,
    pub project_id: Option<String>,
    pub device_id: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

row! {
    DocumentsRow, TABLE,
    id,
    owner_id,
    title,
    content,
    project_id,
    device_id,
    created_at,
    updated_at,
    deleted_at,
}
