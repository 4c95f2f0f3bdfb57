// Made by Syncline from syncline.toml. Do not edit.

//! The table `document_groups`.

use syncline_runtime::*;

/// The columns, in PostgreSQL's order.
#[rustfmt::skip]
pub static COLUMNS: &[Column] = &[
    Column::new("id", "id", Scalar::Text).role(Role::Id),
    Column::new("owner_id", "ownerId", Scalar::Text).role(Role::Owner),
    Column::new("document_id", "documentId", Scalar::Text).references("documents"),
    Column::new("group_id", "groupId", Scalar::Text).references("groups"),
    Column::new("created_at", "createdAt", Scalar::Timestamp).role(Role::CreatedAt).default_sql("now()"),
    Column::new("updated_at", "updatedAt", Scalar::Timestamp).role(Role::UpdatedAt).default_sql("now()"),
    Column::new("deleted_at", "deletedAt", Scalar::Timestamp).nullable().role(Role::DeletedAt),
];

/// The table.
#[rustfmt::skip]
pub static TABLE: Table = Table::new("document_groups", COLUMNS);

/// The table with its statements.
#[rustfmt::skip]
pub static MAPPER: Mapper = Mapper {
    table: &TABLE,
    statements: Statements {
        put: Some(Statement { sql: PUT, columns: &[0, 2, 3, 4, 5, 6] }),
        patch: Some(Statement { sql: PATCH, columns: &[0, 2, 3, 4, 5, 6] }),
        delete: Some(DELETE),
        current: None,
    },
};

/// Inserts rows, and replaces the owner's.
pub const PUT: &str = "\
INSERT INTO document_groups AS t
  (id, document_id, group_id, created_at, updated_at, deleted_at, owner_id)
SELECT
  u.c0,
  u.c2,
  u.c3,
  coalesce(u.c4, now()),
  coalesce(u.c5, now()),
  u.c6,
  $1::text
FROM unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[])
  AS u (c0, c2, c3, c4, c5, c6)
ON CONFLICT (id) DO UPDATE SET
  document_id = CASE WHEN $2::bytea IS NULL OR get_bit($2, 2) = 1 THEN EXCLUDED.document_id ELSE t.document_id END,
  group_id = CASE WHEN $2::bytea IS NULL OR get_bit($2, 3) = 1 THEN EXCLUDED.group_id ELSE t.group_id END,
  updated_at = EXCLUDED.updated_at,
  deleted_at = CASE WHEN $2::bytea IS NULL OR get_bit($2, 6) = 1 THEN EXCLUDED.deleted_at ELSE t.deleted_at END
WHERE t.owner_id = EXCLUDED.owner_id
RETURNING t.id::text AS id, (t.xmax = 0) AS inserted";

/// Changes the columns of each row's mask.
pub const PATCH: &str = "\
UPDATE document_groups AS t SET
  document_id = CASE WHEN get_bit(u.m, 2) = 1 THEN u.c2 ELSE t.document_id END,
  group_id = CASE WHEN get_bit(u.m, 3) = 1 THEN u.c3 ELSE t.group_id END,
  created_at = CASE WHEN get_bit(u.m, 4) = 1 THEN u.c4 ELSE t.created_at END,
  updated_at = CASE WHEN get_bit(u.m, 5) = 1 THEN u.c5 ELSE now() END,
  deleted_at = CASE WHEN get_bit(u.m, 6) = 1 THEN u.c6 ELSE t.deleted_at END
FROM unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $2::bytea[])
  AS u (c0, c2, c3, c4, c5, c6, m)
WHERE t.id = u.c0 AND t.owner_id = $1::text
RETURNING t.id::text AS id";

/// Deletes rows by id.
pub const DELETE: &str = "\
UPDATE document_groups AS t SET
  deleted_at = now(),
  updated_at = now()
WHERE t.owner_id = $1::text AND t.id = ANY ($2::text[]) AND t.deleted_at IS NULL
RETURNING t.id::text AS id";

/// A row of `document_groups`.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentGroupsRow {
    pub id: String,
    pub owner_id: String,
    pub document_id: String,
    pub group_id: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

row! {
    DocumentGroupsRow, TABLE,
    id,
    owner_id,
    document_id,
    group_id,
    created_at,
    updated_at,
    deleted_at,
}
