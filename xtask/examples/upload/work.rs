//! What is uploaded: rows of the example app's documents, the same for every contender.

use std::fmt::{self, Write};
use std::str::FromStr;

use testkit::Random;

/// Which ops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// New rows.
    Put,
    /// Two columns of rows that are there.
    Patch,
    /// Soft deletes of rows that are there.
    Delete,
    /// Of ten ops, five PUT, three PATCH, two DELETE.
    Mixed,
}

/// One kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Which ops.
    pub(crate) kind: Kind,
    /// Ops in a client transaction.
    pub(crate) ops: usize,
    /// Clients at once.
    pub(crate) clients: usize,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Put, Self::Patch, Self::Delete, Self::Mixed];

    /// As options and tables name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::Mixed => "mixed",
        }
    }

    /// What the op of this number is.
    fn of(self, number: u64) -> Self {
        match (self, number % 10) {
            (Self::Mixed, 0 | 2 | 4 | 6 | 8) => Self::Put,
            (Self::Mixed, 1 | 5 | 9) => Self::Patch,
            (Self::Mixed, _) => Self::Delete,
            (kind, _) => kind,
        }
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|it| it.name() == word).ok_or(())
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, ops, clients } = self;
        write!(out, "{} of {ops}, {clients} clients", kind.name())
    }
}

/// The owner of a client's rows.
pub(crate) fn owner(client: usize) -> String {
    format!("user-{client}")
}

/// A row's id: random in order, as devices make them, and the same whoever asks.
fn id(client: usize, row: u64, new: bool) -> String {
    let seed = ((client as u64) << 48) ^ (row << 1) ^ u64::from(new);
    Random::new(seed).uuid()
}

const TIME: &str = "2026-11-22T12:34:56.789Z";
const PROJECT: &str = "0e6b1c9a-7a52-4f0d-9a64-2b7f5d0c8e31";
const DEVICE: &str = "b9a7c3de-1f20-4c58-8d3b-6a4e9f710c25";
const CONTENT: &str = "A paragraph as people write them into notes: long enough to be one, with a \
                       list, a date and a name in it, and then an end.";

/// The columns of [`copy_row`], of documents.
pub(crate) const COLUMNS: &str =
    "id, owner_id, title, content, project_id, device_id, created_at, updated_at";

/// A row that is there before PATCH and DELETE, or a new one, as a line for COPY.
pub(crate) fn copy_row(out: &mut String, client: usize, row: u64, new: bool) {
    let id = id(client, row, new);
    let owner = owner(client);
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{id}\t{owner}\tTitle {row}\t{CONTENT}\t{PROJECT}\t{DEVICE}\t{TIME}\t{TIME}"
    );
}

/// The same row for pgbench and for inserts by hand: an INSERT with the id and the owner to be put in.
pub(crate) fn insert(id: &str, owner: &str) -> String {
    format!(
        "INSERT INTO documents ({COLUMNS}) VALUES ({id}, {owner}, 'Title 1', '{CONTENT}', '{PROJECT}', '{DEVICE}', '{TIME}', '{TIME}')"
    )
}

/// One client's uploads, one after the other.
pub(crate) struct Uploads {
    cell: Cell,
    run: u64,
    client: usize,
    /// Rows of this client that were there before.
    pool: u64,
    transaction: u64,
    op: u64,
    /// What has been written into bodies so far.
    pub(crate) done: Done,
}

/// How many ops of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) puts: u64,
    pub(crate) patches: u64,
    pub(crate) deletes: u64,
}

impl Uploads {
    /// Those of one client in one run, of whom this many rows are there.
    pub(crate) fn new(cell: Cell, run: u64, client: usize, pool: u64) -> Self {
        Self {
            cell,
            run,
            client,
            pool,
            transaction: 0,
            op: 0,
            done: Done::default(),
        }
    }

    /// The next request's body; `None` when there is no row left to delete.
    pub(crate) fn next(&mut self, body: &mut String) -> Option<()> {
        body.clear();
        let _ = write!(
            body,
            r#"{{"client_id":"bench-{}-{}","transactions":[{{"op_id":{},"ops":["#,
            self.run, self.client, self.transaction
        );
        self.transaction += 1;
        for at in 0..self.cell.ops {
            if at > 0 {
                body.push(',');
            }
            self.op(body)?;
        }
        body.push_str("]}]}");
        Some(())
    }

    fn op(&mut self, body: &mut String) -> Option<()> {
        let kind = self.cell.kind.of(self.op);
        self.op += 1;
        let client = self.client;
        let _ = match kind {
            Kind::Put | Kind::Mixed => {
                let row = self.done.puts;
                self.done.puts += 1;
                let id = id(client, row, true);
                write!(
                    body,
                    r#"{{"op":"PUT","table":"documents","id":"{id}","data":{{"title":"Title {row}","content":"{CONTENT}","project_id":"{PROJECT}","device_id":"{DEVICE}","created_at":"{TIME}","updated_at":"{TIME}"}}}}"#
                )
            }
            Kind::Patch => {
                // From the end, where nothing is deleted; round and round.
                let row = self.pool - 1 - self.done.patches % patched(self.cell.kind, self.pool);
                self.done.patches += 1;
                let id = id(client, row, false);
                write!(
                    body,
                    r#"{{"op":"PATCH","table":"documents","id":"{id}","data":{{"title":"Patched {row}","updated_at":"{TIME}"}}}}"#
                )
            }
            Kind::Delete => {
                let row = self.done.deletes;
                if row >= deletable(self.cell.kind, self.pool) {
                    return None;
                }
                self.done.deletes += 1;
                let id = id(client, row, false);
                write!(body, r#"{{"op":"DELETE","table":"documents","id":"{id}"}}"#)
            }
        };
        Some(())
    }
}

/// How many of a client's rows may be patched: in mixed work, half of them.
pub(crate) fn patched(kind: Kind, pool: u64) -> u64 {
    if kind == Kind::Mixed {
        pool.div_ceil(2)
    } else {
        pool.max(1)
    }
}

fn deletable(kind: Kind, pool: u64) -> u64 {
    if kind == Kind::Mixed { pool / 2 } else { pool }
}
