//! The smallest server that keeps the promises, and one bug at a time that breaks one.
//!
//! It dies now and then, as a killed process does: its connections end, and nothing more is said. Slow and plain: what is tested
//! with it is who tests the real one.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::Random;
use testkit::http::{Answer, Request};
use testkit::postgres::{Client, Error, GenericClient, NoTls};

/// How dead letters are read; see [`Audit::letters`](super::audit::Audit::letters).
pub(super) const LETTERS: &str = "SELECT user_id, client_id, op_id, ops FROM model.letters";

/// A promise that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bug {
    /// Each op is committed alone.
    CommitsEachOp,
    /// Two devices of a user are one to it.
    ForgetsTheClient,
    /// The answer comes before the COMMIT.
    AcknowledgesFirst,
    /// Rows are found by their id alone.
    IgnoresTheOwner,
    /// The dead letter is written behind the transaction that remembers the refusal.
    WritesLettersLater,
    /// What should be tried again is said to be done.
    CallsTroubleSuccess,
    /// What comes again is applied again.
    RemembersNothing,
}

impl Bug {
    /// Each with words of what has to be found.
    pub(super) const ALL: [(Self, &'static str); 7] = [
        (Self::CommitsEachOp, "not atomic"),
        (Self::ForgetsTheClient, "lost"),
        (Self::AcknowledgesFirst, "visible"),
        (Self::IgnoresTheOwner, "another owner's row"),
        (Self::WritesLettersLater, "no dead letter"),
        (Self::CallsTroubleSuccess, "lost"),
        (Self::RemembersNothing, "more than once"),
    ];
}

/// The server: state in the database only.
#[derive(Clone, Debug)]
pub(super) struct Model {
    url: String,
    bug: Option<Bug>,
    /// Decides when it dies.
    random: std::sync::Arc<Mutex<Random>>,
}

/// Why there is no verdict.
enum Stopped {
    /// The process is gone.
    Died,
    /// It has to be tried again.
    Trouble,
    /// An op cannot be applied.
    Refused,
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        match error.code().map(|code| &code.code()[..2]) {
            Some("22" | "23" | "44") => Self::Refused,
            _ => Self::Trouble,
        }
    }
}

const SCHEMA: &str = "
CREATE SCHEMA model;
CREATE TABLE model.clients (user_id text, client_id text, PRIMARY KEY (user_id, client_id));
CREATE TABLE model.seen (user_id text, client_id text, op_id text, ops text, PRIMARY KEY (user_id, client_id, op_id, ops));
CREATE TABLE model.letters (user_id text, client_id text, op_id text, ops text);
";

/// One client transaction of a request.
struct Upload<'a> {
    user: &'a str,
    client: &'a str,
    op_id: String,
    ops: &'a Value,
}

impl Model {
    pub(super) fn install(url: &str, bug: Option<Bug>, seed: u64) -> Self {
        let mut client = Client::connect(url, NoTls).expect("the database");
        client.batch_execute(SCHEMA).expect("the model's tables");
        let random = Mutex::new(Random::new(seed ^ 0xdead));
        Self {
            url: url.to_owned(),
            bug,
            random: random.into(),
        }
    }

    /// Answers an upload, or dies.
    pub(super) fn answer(&self, request: &Request) -> Option<Answer> {
        let user = request.header("authorization")?.strip_prefix("Bearer ")?;
        let body: Value = serde_json::from_slice(&request.body).ok()?;
        let mut results = Vec::new();
        for transaction in body["transactions"].as_array()? {
            let upload = Upload {
                user,
                client: body["client_id"].as_str()?,
                op_id: transaction["op_id"].to_string(),
                ops: &transaction["ops"],
            };
            let verdict = match self.take(&upload) {
                Err(Stopped::Trouble) if self.has(Bug::CallsTroubleSuccess) => "applied",
                Ok(verdict) => verdict,
                Err(Stopped::Died) => return None,
                Err(_) => return Some(Answer::of(503, &json!({}))),
            };
            results.push(json!({"status": verdict}));
        }
        Some(Answer::of(200, &json!({"results": results})))
    }

    fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    fn take(&self, upload: &Upload<'_>) -> Result<&'static str, Stopped> {
        if self.has(Bug::AcknowledgesFirst) {
            let (model, ops) = (
                Self {
                    bug: None,
                    ..self.clone()
                },
                upload.ops.clone(),
            );
            let [user, client, op_id] =
                [upload.user, upload.client, &upload.op_id].map(str::to_owned);
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(20));
                model.take(&Upload {
                    user: &user,
                    client: &client,
                    op_id,
                    ops: &ops,
                })
            });
            return Ok("applied");
        }
        let mut client = Client::connect(&self.url, NoTls)?;
        client.batch_execute("SET lock_timeout = '60ms'")?;
        match self.apply(&mut client, upload) {
            Err(Stopped::Refused) => self.refuse(&mut client, upload),
            verdict => verdict,
        }
    }

    fn apply(&self, client: &mut Client, upload: &Upload<'_>) -> Result<&'static str, Stopped> {
        if self.has(Bug::CommitsEachOp) {
            if !self.remember(client, upload)? {
                return Ok("duplicate");
            }
            self.ops(client, upload)?;
            return Ok("applied");
        }
        let mut transaction = client.transaction()?;
        if !self.remember(&mut transaction, upload)? {
            return Ok("duplicate");
        }
        self.ops(&mut transaction, upload)?;
        self.may_die()?;
        transaction.commit()?;
        self.may_die()?;
        Ok("applied")
    }

    fn refuse(&self, client: &mut Client, upload: &Upload<'_>) -> Result<&'static str, Stopped> {
        let mut transaction = client.transaction()?;
        if !self.remember(&mut transaction, upload)? {
            return Ok("duplicate");
        }
        if self.has(Bug::WritesLettersLater) {
            transaction.commit()?;
            self.may_die()?;
            self.letter(client, upload)?;
            return Ok("rejected");
        }
        self.letter(&mut transaction, upload)?;
        self.may_die()?;
        transaction.commit()?;
        self.may_die()?;
        Ok("rejected")
    }

    /// Waits for the client's turn; false where the transaction is known already.
    fn remember(
        &self,
        client: &mut impl GenericClient,
        upload: &Upload<'_>,
    ) -> Result<bool, Stopped> {
        let Upload {
            user,
            client: name,
            op_id,
            ops,
        } = upload;
        let turn = "INSERT INTO model.clients VALUES ($1, $2) ON CONFLICT (user_id, client_id) DO UPDATE SET client_id = EXCLUDED.client_id";
        client.execute(turn, &[user, name])?;
        if self.has(Bug::RemembersNothing) {
            return Ok(true);
        }
        let text = ops.to_string();
        let (name, text) = if self.has(Bug::ForgetsTheClient) {
            ("", "")
        } else {
            (*name, text.as_str())
        };
        let sql = "INSERT INTO model.seen VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        Ok(client.execute(sql, &[user, &name, op_id, &text])? == 1)
    }

    fn letter(&self, client: &mut impl GenericClient, upload: &Upload<'_>) -> Result<(), Stopped> {
        let Upload {
            user,
            client: name,
            op_id,
            ops,
        } = upload;
        let sql = "INSERT INTO model.letters VALUES ($1, $2, $3, $4)";
        client.execute(sql, &[user, name, op_id, &ops.to_string()])?;
        Ok(())
    }

    fn ops(&self, client: &mut impl GenericClient, upload: &Upload<'_>) -> Result<(), Stopped> {
        let anybody = self.has(Bug::IgnoresTheOwner);
        for op in upload.ops.as_array().ok_or(Stopped::Refused)? {
            self.may_die()?;
            let id = op["id"].as_str();
            let [title, content] = ["title", "content"].map(|name| op["data"][name].as_str());
            match op["op"].as_str() {
                Some("PUT") => {
                    let sql = "INSERT INTO documents AS t (id, owner_id, title, content, device_id) VALUES ($1, $2, $3, $4, '')
                               ON CONFLICT (id) DO UPDATE SET title = EXCLUDED.title, content = EXCLUDED.content
                               WHERE $5 OR t.owner_id = EXCLUDED.owner_id";
                    if client.execute(sql, &[&id, &upload.user, &title, &content, &anybody])? == 0 {
                        return Err(Stopped::Refused);
                    }
                }
                Some("PATCH") => {
                    let sql =
                        "UPDATE documents SET title = $3 WHERE id = $1 AND ($4 OR owner_id = $2)";
                    client.execute(sql, &[&id, &upload.user, &title, &anybody])?;
                }
                _ => {
                    let sql = "UPDATE documents SET deleted_at = now()
                               WHERE id = $1 AND ($3 OR owner_id = $2) AND deleted_at IS NULL";
                    client.execute(sql, &[&id, &upload.user, &anybody])?;
                }
            }
        }
        Ok(())
    }

    fn may_die(&self) -> Result<(), Stopped> {
        let mut random = self.random.lock().expect("nobody panics with it");
        if random.below(20) == 0 {
            return Err(Stopped::Died);
        }
        Ok(())
    }
}
