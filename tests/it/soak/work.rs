//! What devices write: random client transactions, each op of which can be told from all others.

use serde_json::{Value, json};
use testkit::{Random, device};

/// A client transaction, and what it should come to.
#[derive(Clone, Debug)]
pub(super) struct Work {
    /// Its number among its device's; op ids may come twice, these do not.
    pub(super) serial: u64,
    pub(super) op_id: u64,
    pub(super) ops: Vec<Value>,
    /// What triggers see of it when it is applied: titles of written rows, `delete ID` of deleted ones.
    pub(super) effects: Vec<String>,
    /// Whether it has an op that cannot be applied.
    pub(super) refused: bool,
}

/// Makes one device's transactions.
pub(super) struct Maker {
    random: Random,
    /// `user-0/1`: begins every title that this device writes.
    name: String,
    user: usize,
    serial: u64,
    op_id: u64,
    /// Rows that will be there once all so far is applied, and the last transaction that wrote each.
    rows: Vec<(String, u64)>,
}

/// A request has three transactions at most, and a server may write them as one: a row that two of them change would leave one
/// trace. So each row rests until the last one that changed it cannot be in the same request.
const REST: u64 = 3;

/// The row of a user that others try to change. Nobody should.
pub(super) fn victim(user: usize) -> String {
    format!("victim-of-user-{user}")
}

/// A user's id.
pub(super) fn user(at: usize) -> String {
    format!("user-{at}")
}

impl Maker {
    pub(super) fn new(seed: u64, user: usize, device: usize) -> Self {
        let name = format!("{}/{device}", self::user(user));
        Self {
            random: Random::new(seed ^ ((user as u64) << 32) ^ ((device as u64) << 40)),
            name,
            user,
            serial: 0,
            op_id: 0,
            rows: vec![],
        }
    }

    /// The next one.
    pub(super) fn next(&mut self) -> Work {
        self.serial += 1;
        self.op_id += 1;
        if self.random.below(25) == 0 {
            // The device was restored from a backup: it counts from where it was then.
            self.op_id = self.op_id.saturating_sub(3).max(1);
        }
        let mut work = Work {
            serial: self.serial,
            op_id: self.op_id,
            ops: vec![],
            effects: vec![],
            refused: false,
        };
        let before = self.rows.clone();
        let rested = self
            .rows
            .iter()
            .filter(|(_, last)| last + REST <= self.serial);
        let mut free: Vec<String> = rested.map(|(id, _)| id.clone()).collect();
        for _ in 0..=self.random.below(4) {
            self.good(&mut work, &mut free);
        }
        match self.random.below(10) {
            0 => self.poison(&mut work),
            1 => self.attack(&mut work),
            _ => {}
        }
        if work.refused {
            work.effects.clear();
            self.rows = before;
        }
        work
    }

    fn title(&self, work: &Work) -> String {
        format!("{}/{}/{}", self.name, work.serial, work.ops.len())
    }

    fn good(&mut self, work: &mut Work, free: &mut Vec<String>) {
        let title = self.title(work);
        let kind = if free.is_empty() {
            0
        } else {
            self.random.below(4)
        };
        if kind < 2 {
            let id = self.random.uuid();
            // Whoever it says owns it: the token does.
            let owner = match self.random.below(4) {
                0 => json!(user((self.user + 1) % super::USERS)),
                1 => json!(user(self.user)),
                _ => Value::Null,
            };
            work.ops
                .push(device::put("documents", &id, row(&title, owner)));
            work.effects.push(title);
            self.rows.push((id, work.serial));
            return;
        }
        let id = free.swap_remove(self.random.below(free.len() as u64) as usize);
        if kind == 2 {
            work.ops
                .push(device::patch("documents", &id, json!({"title": title})));
            work.effects.push(title);
            let changed = self.rows.iter_mut().filter(|(row, _)| *row == id);
            changed.for_each(|(_, last)| *last = work.serial);
        } else {
            work.ops.push(device::delete("documents", &id));
            work.effects.push(format!("delete {id}"));
            self.rows.retain(|(row, _)| *row != id);
        }
    }

    /// An op that no server can apply, anywhere among the others.
    fn poison(&mut self, work: &mut Work) {
        let title = self.title(work);
        let mut data = row(&title, Value::Null);
        data["content"] = Value::Null;
        let at = self.random.below(work.ops.len() as u64 + 1) as usize;
        let id = self.random.uuid();
        work.ops.insert(at, device::put("documents", &id, data));
        work.refused = true;
    }

    /// An op on a row of another user.
    fn attack(&mut self, work: &mut Work) {
        let id = victim((self.user + 1) % super::USERS);
        let title = self.title(work);
        let op = match self.random.below(3) {
            0 => device::patch("documents", &id, json!({"title": title})),
            1 => device::delete("documents", &id),
            _ => {
                // The id is taken.
                work.refused = true;
                device::put("documents", &id, row(&title, Value::Null))
            }
        };
        work.ops.push(op);
    }
}

fn row(title: &str, owner: Value) -> Value {
    let mut row = json!({
        "title": title,
        "content": "text",
        "device_id": "b9a7c3de-1f20-4c58-8d3b-6a4e9f710c25",
        "created_at": "2026-11-22T12:34:56.789Z",
        "updated_at": "2026-11-22T12:34:56.789Z",
    });
    if !owner.is_null() {
        row["owner_id"] = owner;
    }
    row
}
