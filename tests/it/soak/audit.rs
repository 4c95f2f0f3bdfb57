//! What the database itself saw: each change of a row, in order, with the transaction that made it.

use serde_json::Value;
use testkit::postgres::{Client, NoTls};

use super::work::{user, victim};

/// The example app's tables.
pub(super) const SCHEMA: &str = include_str!("../../../generated/postgres/schema.sql");

/// A change of a row of documents.
#[derive(Clone, Debug)]
pub(super) struct Effect {
    /// Grows with each change.
    pub(super) number: i64,
    pub(super) transaction: String,
    pub(super) id: String,
    /// Before and after; none where there was no row.
    pub(super) owners: [Option<String>; 2],
    /// The title that was written, or `delete ID`.
    pub(super) what: String,
}

/// A dead letter.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Letter {
    pub(super) user: String,
    pub(super) client: String,
    pub(super) op_id: String,
    pub(super) ops: Value,
}

/// A way to ask, around all servers and proxies.
pub(super) struct Audit(String);

const TRIGGERS: &str = "
CREATE SCHEMA audit;
CREATE TABLE audit.effects (
  number bigserial PRIMARY KEY,
  transaction text NOT NULL DEFAULT pg_current_xact_id()::text,
  id text NOT NULL, owner_before text, owner_after text, what text NOT NULL);
CREATE INDEX ON audit.effects (what);
CREATE FUNCTION audit.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO audit.effects (id, owner_before, owner_after, what) VALUES (
    coalesce(NEW.id, OLD.id), OLD.owner_id, NEW.owner_id,
    CASE WHEN NEW.id IS NULL OR (NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL)
      THEN 'delete ' || coalesce(NEW.id, OLD.id) ELSE NEW.title END);
  RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON documents FOR EACH ROW EXECUTE FUNCTION audit.note();
";

impl Audit {
    /// Puts the victims' rows in, and the triggers behind them.
    pub(super) fn install(url: &str) -> Self {
        let audit = Self(url.to_owned());
        let mut client = audit.connect().expect("the database");
        for at in 0..super::USERS {
            let sql = "INSERT INTO documents (id, owner_id, title, content, device_id) VALUES ($1, $2, 'mine', '', '')";
            client
                .execute(sql, &[&victim(at), &user(at)])
                .expect("a row");
        }
        client.batch_execute(TRIGGERS).expect("triggers");
        audit
    }

    /// The audit of a database where it is installed already.
    pub(super) fn at(url: &str) -> Self {
        Self(url.to_owned())
    }

    pub(super) fn connect(&self) -> Option<Client> {
        Client::connect(&self.0, NoTls).ok()
    }

    /// All changes, in order.
    pub(super) fn effects(&self) -> Vec<Effect> {
        let mut client = self.connect().expect("the database");
        let sql = "SELECT number, transaction, id, owner_before, owner_after, what FROM audit.effects ORDER BY number";
        let rows = client.query(sql, &[]).expect("the audit");
        let effects = rows.iter().map(|row| Effect {
            number: row.get(0),
            transaction: row.get(1),
            id: row.get(2),
            owners: [row.get(3), row.get(4)],
            what: row.get(5),
        });
        effects.collect()
    }

    /// All dead letters, by a query that gives user, client, op id and ops as text.
    pub(super) fn letters(&self, sql: &str) -> Vec<Letter> {
        let mut client = self.connect().expect("the database");
        let rows = client.query(sql, &[]).expect("the dead letters");
        let letters = rows.iter().map(|row| Letter {
            user: row.get(0),
            client: row.get(1),
            op_id: row.get(2),
            ops: serde_json::from_str(row.get(3)).expect("the ops of a dead letter are JSON"),
        });
        letters.collect()
    }

    /// How many of these are visible to whoever asks now; none where nobody may ask.
    pub(super) fn visible(client: &mut Client, what: &[String]) -> Option<i64> {
        let sql = "SELECT count(DISTINCT what) FROM audit.effects WHERE what = ANY ($1)";
        client.query_one(sql, &[&what]).ok().map(|row| row.get(0))
    }
}
