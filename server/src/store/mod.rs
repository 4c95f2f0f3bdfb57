//! Bookkeeping in the schema `syncline`: the statements, and the tables they need.

pub(crate) mod dead_letters;
pub(crate) mod forget;
pub(crate) mod install;

/// Locks the client's row and notes its transactions, in one statement: the lock comes first,
/// because what is noted is read from it. A transaction that was noted before violates
/// `uploads_pkey`, and everything after it in the flight is skipped.
///
/// `$1` user, `$2` client, `$3` schema version, `$4` the last op id where it is a number, `$5` op
/// ids, `$6` digests, `$7` rejections as JSON text. Gives whether the client's counter went back.
pub(crate) const ENTER: &str = "\
WITH entered AS (
  INSERT INTO syncline.clients AS c (user_id, client_id, schema_version, last_op)
  VALUES ($1::text, $2::text, $3::text, $4::bigint)
  ON CONFLICT (user_id, client_id) DO UPDATE SET
    last_seen_at = now(),
    schema_version = EXCLUDED.schema_version,
    rewound = coalesce(EXCLUDED.last_op <= c.last_op, false),
    last_op = EXCLUDED.last_op
  RETURNING number, rewound
), noted AS (
  INSERT INTO syncline.uploads (client, op_id, digest, rejection)
  SELECT e.number, u.op_id, u.digest, u.rejection::jsonb
  FROM entered AS e, unnest($5::text[], $6::bytea[], $7::text[]) AS u (op_id, digest, rejection)
)
SELECT rewound FROM entered";

/// The constraint that a repeated transaction violates.
pub(crate) const NOTED: &str = "uploads_pkey";

/// The stored verdict of a transaction: `$1` user, `$2` client, `$3` op id, `$4` digest.
pub(crate) const VERDICT: &str = "\
SELECT u.rejection::text
FROM syncline.clients AS c
JOIN syncline.uploads AS u ON u.client = c.number
WHERE c.user_id = $1::text AND c.client_id = $2::text
  AND u.op_id = $3::text AND u.digest = $4::bytea";

/// Gives a noted transaction its rejection: `$1` user, `$2` client, `$3` op id, `$4` digest, `$5`
/// the rejection as JSON text.
pub(crate) const REJECT: &str = "\
UPDATE syncline.uploads AS u SET rejection = $5::text::jsonb
FROM syncline.clients AS c
WHERE c.user_id = $1::text AND c.client_id = $2::text AND u.client = c.number
  AND u.op_id = $3::text AND u.digest = $4::bytea";

/// Keeps what could not be applied.
///
/// `$1` user, `$2` client, `$3` op id, `$4` digest, `$5` schema version, `$6` code, `$7` op index,
/// `$8` column, `$9` message, `$10` payload.
pub(crate) const DEAD_LETTER: &str = "\
INSERT INTO syncline.dead_letters
  (user_id, client_id, op_id, digest, schema_version, code, op_index, column_name, message, payload)
VALUES ($1::text, $2::text, $3::text, $4::bytea, $5::text, $6::text, $7::integer, $8::text, $9::text, $10::bytea)";

/// Counts a failure against a client's transaction: `$1` user, `$2` client, `$3` digest. Gives the
/// failures in a row, and the seconds since the first.
pub(crate) const FAILED: &str = "\
INSERT INTO syncline.clients AS c (user_id, client_id, failing_digest, failures, failing_since)
VALUES ($1::text, $2::text, $3::bytea, 1, now())
ON CONFLICT (user_id, client_id) DO UPDATE SET
  failures = CASE WHEN c.failing_digest = EXCLUDED.failing_digest THEN c.failures + 1 ELSE 1 END,
  failing_since = CASE WHEN c.failing_digest = EXCLUDED.failing_digest THEN c.failing_since ELSE now() END,
  failing_digest = EXCLUDED.failing_digest
RETURNING failures, extract(epoch FROM now() - failing_since)::bigint";

/// Names the user to row security, for this transaction: `$1` user.
pub(crate) const SET_USER: &str = "SELECT set_config('syncline.user_id', $1::text, true)";
