//! Better Auth's tables, and the statements on them.

/// The statements, each with its tables in the schema where they are.
#[derive(Debug, Clone)]
pub(crate) struct Statements {
    /// The user of a session: `$1` token.
    pub(crate) user_of_session: String,
    /// A session and its user: `$1` token, `$2` seconds to live from now, where it is to be
    /// prolonged once a day has passed; none to leave it.
    pub(crate) session: String,
    /// The user and the password of an email: `$1` email.
    pub(crate) password: String,
    /// A new user: `$1` id, `$2` name, `$3` email, `$4` image.
    pub(crate) new_user: String,
    /// Their password: `$1` id, `$2` user, `$3` hash.
    pub(crate) new_account: String,
    /// A new session: `$1` id, `$2` token, `$3` user, `$4` seconds, `$5` address, `$6` user agent.
    pub(crate) new_session: String,
    /// Ends a session: `$1` token.
    pub(crate) end_session: String,
    /// Removes sessions that ended a day ago.
    pub(crate) forget_sessions: String,
    /// All keys.
    pub(crate) keys: String,
    /// A new key: `$1` id, `$2` public, `$3` private, `$4` algorithm, `$5` curve, `$6` seconds to
    /// live; none for ever.
    pub(crate) new_key: String,
    /// Lets the keys end now; their tokens are still good until the grace is over.
    pub(crate) end_keys: String,
}

/// A timestamp as JavaScript prints it.
const ISO: &str = r#"'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'"#;

impl Statements {
    /// Those on tables in this schema.
    pub(crate) fn new(schema: &str) -> Self {
        let table = |name: &str| format!("{}.{}", quoted(schema), quoted(name));
        let (user, session) = (table("user"), table("session"));
        let (account, jwks) = (table("account"), table("jwks"));
        let iso = |column: &str| format!("to_char({column} AT TIME ZONE 'UTC', {ISO})");
        let user_columns = format!(
            r#"u.id::text, u.name, u.email, u."emailVerified", u.image, {}, {}"#,
            iso(r#"u."createdAt""#),
            iso(r#"u."updatedAt""#)
        );
        Self {
            user_of_session: format!(
                r#"SELECT s."userId"::text FROM {session} AS s WHERE s.token = $1::text AND s."expiresAt" > now()"#
            ),
            session: format!(
                r#"WITH prolonged AS (
  UPDATE {session} SET "expiresAt" = now() + make_interval(secs => $2::double precision), "updatedAt" = now()
  WHERE token = $1::text AND "expiresAt" > now()
    AND "expiresAt" <= now() + make_interval(secs => $2::double precision) - interval '1 day'
  RETURNING id, "expiresAt", "updatedAt"
)
SELECT {user_columns}, s.id::text, s.token, {}, {}, {}, s."ipAddress", s."userAgent", p.id IS NOT NULL
FROM {session} AS s JOIN {user} AS u ON u.id = s."userId" LEFT JOIN prolonged AS p ON p.id = s.id
WHERE s.token = $1::text AND s."expiresAt" > now()"#,
                iso(r#"coalesce(p."expiresAt", s."expiresAt")"#),
                iso(r#"s."createdAt""#),
                iso(r#"coalesce(p."updatedAt", s."updatedAt")"#),
            ),
            password: format!(
                r#"SELECT {user_columns}, a.password FROM {user} AS u
LEFT JOIN {account} AS a ON a."userId" = u.id AND a."providerId" = 'credential' AND a."accountId" = u.id::text
WHERE u.email = $1::text LIMIT 1"#
            ),
            new_user: format!(
                r#"INSERT INTO {user} AS u (id, name, email, "emailVerified", image, "createdAt", "updatedAt")
VALUES ($1::text, $2::text, $3::text, false, $4::text, now(), now()) RETURNING {user_columns}"#
            ),
            new_account: format!(
                r#"INSERT INTO {account} (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
VALUES ($1::text, $2::text, 'credential', $2::text, $3::text, now(), now())"#
            ),
            new_session: format!(
                r#"INSERT INTO {session} (id, token, "userId", "expiresAt", "ipAddress", "userAgent", "createdAt", "updatedAt")
VALUES ($1::text, $2::text, $3::text, now() + make_interval(secs => $4::double precision), $5::text, $6::text, now(), now())"#
            ),
            end_session: format!("DELETE FROM {session} WHERE token = $1::text"),
            forget_sessions: format!(
                r#"DELETE FROM {session} WHERE "expiresAt" < now() - interval '1 day'"#
            ),
            keys: format!(
                r#"SELECT id::text, "publicKey", "privateKey", alg,
  extract(epoch FROM now() - "createdAt")::double precision, extract(epoch FROM "expiresAt" - now())::double precision
FROM {jwks} ORDER BY "createdAt" DESC, id"#
            ),
            new_key: format!(
                r#"INSERT INTO {jwks} (id, "publicKey", "privateKey", alg, crv, "createdAt", "expiresAt")
VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, now(), now() + make_interval(secs => $6::double precision))"#
            ),
            end_keys: format!(
                r#"UPDATE {jwks} SET "expiresAt" = now() WHERE "expiresAt" IS NULL OR "expiresAt" > now()"#
            ),
        }
    }
}

/// What makes the tables, to be run as often as one likes by the role that owns the database.
pub(crate) fn install(schema: &str) -> String {
    let schema = quoted(schema);
    format!(
        r#"CREATE SCHEMA IF NOT EXISTS {schema};
{}
CREATE SCHEMA IF NOT EXISTS syncline;
-- Attempts to sign in, so that every instance counts the same. Addresses and emails are hashed.
CREATE UNLOGGED TABLE IF NOT EXISTS syncline.attempts (
  key bytea PRIMARY KEY,
  tries integer NOT NULL,
  since timestamptz NOT NULL
);
"#,
        include_str!("tables.sql").replace("$schema", &schema)
    )
}

/// What a role needs to sign users in by them.
pub(crate) fn grants(schema: &str, role: &str) -> String {
    let (schema, role) = (quoted(schema), quoted(role));
    format!(
        r#"GRANT USAGE ON SCHEMA {schema}, syncline TO {role};
GRANT SELECT, INSERT ON {schema}."user", {schema}.account TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.session TO {role};
GRANT SELECT, INSERT, UPDATE ON {schema}.jwks TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON syncline.attempts TO {role};
"#
    )
}

/// What a role needs to see whose a session is, where Better Auth signs users in.
pub(crate) fn grants_beside(schema: &str, role: &str) -> String {
    let (schema, role) = (quoted(schema), quoted(role));
    format!(
        r#"GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT (token, "userId", "expiresAt") ON {schema}.session TO {role};
"#
    )
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
