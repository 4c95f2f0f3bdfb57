//! A database, a folder of migrations, and the real binary run over both.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use syncline_codegen::migrate::folder::restore_sum;
use tempfile::TempDir;
use testkit::Output;
use testkit::postgres::{Client, TestDb};

/// A file that runs statement by statement.
pub(super) const OUTSIDE: &str = "-- syncline:no-transaction\n";

/// A project with a database of its own.
pub(super) struct Project {
    pub(super) db: TestDb,
    pub(super) dir: TempDir,
}

impl Project {
    /// Migrations as paths below the folder and texts.
    pub(super) fn new(name: &str, files: &[(&str, &str)]) -> Self {
        Self::with(name, "", files)
    }

    /// The same, with lines of `[migrations]`.
    pub(super) fn with(name: &str, settings: &str, files: &[(&str, &str)]) -> Self {
        let project = Self {
            db: testkit::postgres::database(name),
            dir: tempfile::tempdir().expect("a folder"),
        };
        let source = format!("[project]\nname = \"app\"\n[migrations]\n{settings}\n");
        fs::write(project.dir.path().join("syncline.toml"), source).expect("a source");
        project.write(files);
        project
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.dir.path().join("migrations")
    }

    /// Writes files of migrations, and the sum.
    pub(super) fn write(&self, files: &[(&str, &str)]) {
        fs::create_dir_all(self.folder()).expect("a folder");
        self.write_only(files);
        restore_sum(&self.folder()).expect("a sum");
    }

    /// Writes files of migrations; the sum stays.
    pub(super) fn write_only(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = self.folder().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
    }

    /// `syncline migrate <args>` to its end.
    #[track_caller]
    pub(super) fn run(&self, args: &[&str]) -> Output {
        let args = [&["migrate"], args, &["--database-url", self.db.url()]].concat();
        testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, self.dir.path())
    }

    /// Runs a verb and gives what it said on stderr, with times left out.
    #[track_caller]
    pub(super) fn said(&self, args: &[&str], code: i32) -> String {
        without_times(&self.run(args).expect(code).stderr, &self.db)
    }

    /// `syncline migrate <args>`, left running.
    pub(super) fn start(&self, args: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_syncline"))
            .arg("migrate")
            .args(args)
            .args(["--database-url", self.db.url()])
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary")
    }

    /// The one value of a query, as text; empty for none.
    #[track_caller]
    pub(super) fn value(&self, sql: &str) -> String {
        let rows = self
            .db
            .connect()
            .query(&format!("SELECT ({sql})::text"), &[])
            .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        rows[0].get::<_, Option<String>>(0).unwrap_or_default()
    }

    /// How a migration stands in the database's own record.
    #[track_caller]
    pub(super) fn state(&self, id: &str) -> String {
        self.value(&format!(
            "SELECT state FROM syncline.migrations WHERE id = '{id}'"
        ))
    }

    /// Waits until a query about the server gives true.
    #[track_caller]
    pub(super) fn wait(&self, what: &str, sql: &str) {
        let started = Instant::now();
        let mut client = self.db.connect();
        while !is_true(&mut client, sql) {
            assert!(started.elapsed() < Duration::from_secs(30), "never: {what}");
            sleep(Duration::from_millis(50));
        }
    }

    /// Waits until a run waits for a lock of the table `gate`, which the test holds.
    #[track_caller]
    pub(super) fn wait_at_gate(&self) {
        self.wait(
            "a run at the gate",
            "EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'syncline migrate' \
             AND datname = current_database() AND wait_event_type = 'Lock')",
        );
    }

    /// Waits until no run is connected any more.
    #[track_caller]
    pub(super) fn wait_for_silence(&self) {
        self.wait(
            "the end of the run's session",
            "NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'syncline migrate%' \
             AND datname = current_database())",
        );
    }

    /// A session that holds the table `gate`, made where it is not there.
    pub(super) fn hold_gate(&self) -> Client {
        let mut client = self.db.connect();
        self.db.execute("CREATE TABLE IF NOT EXISTS gate ()");
        client
            .batch_execute("BEGIN; LOCK TABLE gate IN ACCESS EXCLUSIVE MODE")
            .expect("the gate");
        client
    }
}

fn is_true(client: &mut Client, sql: &str) -> bool {
    client
        .query_one(&format!("SELECT {sql}"), &[])
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"))
        .get(0)
}

/// Ends a run as a power cut would.
pub(super) fn kill(mut child: Child) {
    child.kill().expect("SIGKILL");
    child.wait().expect("its end");
}

/// What a run that was started said, when it has ended.
pub(super) fn end(child: Child) -> Output {
    let output = child.wait_with_output().expect("its end");
    Output {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Times, addresses and the database's name differ from run to run.
pub(super) fn without_times(text: &str, db: &TestDb) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let line = line.replace(db.name(), "DB");
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        for at in 0..words.len() {
            let number = words[at].parse::<f64>().is_ok();
            if number && matches!(words.get(at + 1).map(String::as_str), Some("ms" | "s")) {
                words[at] = "N".to_owned();
                words[at + 1] = "ms".to_owned();
            } else if words[at] == "at"
                && words.get(at.wrapping_sub(1)).is_some_and(|it| it == "DB")
            {
                let mark = words[at + 1].trim_start_matches(|c: char| !matches!(c, ',' | ';'));
                words[at + 1] = format!("HOST{mark}");
            } else if words[at].len() == 10
                && words[at].starts_with("20")
                && words[at].contains('-')
            {
                words[at] = "DAY".to_owned();
                words[at + 1] = "TIME".to_owned();
            }
        }
        // Times are right-aligned: what is left of them is of no length.
        let joined = words.join(" ").replace("  N ms", " N ms");
        let mut joined = joined.replace("  N ms", " N ms");
        while joined.contains("  N ms") {
            joined = joined.replace("  N ms", " N ms");
        }
        out.push_str(joined.trim_end());
        out.push('\n');
    }
    out
}
