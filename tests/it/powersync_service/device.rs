//! A device: a process with the PowerSync SDK, talked to line by line.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use syncline_schema::model::Table;

/// How long a change may take to arrive. A service is slow while it copies tables.
const PATIENCE: Duration = Duration::from_secs(30);

/// A device. It ends with this value.
pub(super) struct Device {
    child: Child,
    pipes: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
}

impl Device {
    /// Starts one, with the app-schema.ts at this path.
    pub(super) fn start(app_schema: &str) -> Self {
        let script = "service/device.mjs";
        let mut command = testkit::node::command(testkit::node::folder(), script, [app_schema]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("Node");
        let stdin = child.stdin.take().expect("a pipe");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let pipes = RefCell::new((stdin, stdout));
        Self { child, pipes }
    }

    /// Says something, and hears the answer.
    #[track_caller]
    pub(super) fn ask(&self, what: &Value) -> Value {
        let (stdin, stdout) = &mut *self.pipes.borrow_mut();
        writeln!(stdin, "{what}").expect("the device listens");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("the device answers");
        let answer: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("the device ended, or said: {line}"));
        assert!(
            answer.get("error").is_none() || what.get("first_sync").is_some(),
            "{answer}"
        );
        answer
    }

    /// Waits until everything that was there has arrived.
    #[track_caller]
    pub(super) fn first_sync(&self) {
        let milliseconds = u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX);
        let said = self.ask(&json!({ "first_sync": milliseconds }));
        assert_eq!(said["synced"], true, "no first sync: {said}");
    }

    /// The ids in a table, sorted.
    #[track_caller]
    pub(super) fn ids(&self, table: &Table) -> Vec<String> {
        let sql = format!("SELECT id FROM \"{}\" ORDER BY id", table.name);
        let said = self.ask(&json!({ "query": sql }));
        let rows = said["rows"].as_array().expect("rows").iter();
        rows.map(|row| row["id"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Waits until the table has the rows of these ids and no others.
    #[track_caller]
    pub(super) fn until(&self, table: &Table, ids: &[String]) {
        let mut wanted = ids.to_vec();
        wanted.sort();
        let begun = Instant::now();
        loop {
            let found = self.ids(table);
            if found == wanted {
                return;
            }
            let name = &table.name;
            assert!(
                begun.elapsed() < PATIENCE,
                "{name}: {found:?}, not {wanted:?}"
            );
            sleep(Duration::from_millis(50));
        }
    }

    /// A row, as SQLite has it.
    #[track_caller]
    pub(super) fn row(&self, table: &Table, id: &str) -> Value {
        let sql = format!("SELECT * FROM \"{}\" WHERE id = ?", table.name);
        let said = self.ask(&json!({ "query": sql, "values": [id] }));
        assert!(said["rows"][0].is_object(), "{}: no row {id}", table.name);
        said["rows"][0].clone()
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
