//! A second PostgreSQL beside the tests' own, with settings and certificates of its own.
//!
//! The first one starts it: it knows where its programs are, and runs as a user that may run them.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use super::{admin, batch};

/// A server that is stopped with this value.
#[derive(Debug)]
pub struct Second {
    folder: PathBuf,
    programs: String,
    port: u16,
}

/// The superuser's password.
const PASSWORD: &str = "pass_of_second";

impl Second {
    /// Starts one with these files in its data folder (closed to others), lines of
    /// `postgresql.conf` and the whole of `pg_hba.conf`. None where the tests' server is not on
    /// this machine, or is no superuser's.
    #[track_caller]
    pub fn start(files: &[(&str, &str)], settings: &str, access: &str) -> Option<Self> {
        let mut client = admin();
        let row = client.query_one(
            "SELECT c.setting, current_setting('data_directory')
             FROM pg_config() c WHERE c.name = 'BINDIR'",
            &[],
        );
        let row = row.ok()?;
        let (programs, data): (String, String) = (row.get(0), row.get(1));
        let initdb = Path::new(&programs).join("initdb");
        if !cfg!(unix) || !initdb.exists() {
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
        let port = port.map_or(0, |it| it.port());
        // Beside the first one's data: the folder goes with it, and the server with the folder.
        let folder = Path::new(&data).with_file_name(format!("second-{port}"));
        let mut script = format!(
            "set -e; umask 077; mkdir {at}; cd {at}; printf {PASSWORD} >password;
             {programs}/initdb -D data -U postgres -A scram-sha-256 --pwfile=password -N >log 2>&1;",
            at = folder.display(),
        );
        let own = format!(
            "port={port}\nlisten_addresses='127.0.0.1,::1'\nunix_socket_directories=''\nfsync=off\n{settings}\n"
        );
        for (name, text) in files.iter().chain(&[
            ("postgresql.auto.conf", own.as_str()),
            ("pg_hba.conf", access),
        ]) {
            script.push_str(&format!(
                "cat >data/{name} <<'end of file'\n{text}\nend of file\n"
            ));
        }
        run(&mut client, &script);
        let second = Self {
            folder,
            programs,
            port,
        };
        second.go_on("");
        Some(second)
    }

    /// One for faults: its data survive an end without warning, as those of a real server do.
    /// `None` as with [`start`](Self::start).
    #[track_caller]
    pub fn durable(settings: &str) -> Option<Self> {
        let settings = format!("fsync=on\n{settings}");
        Self::start(&[], &settings, "host all all all scram-sha-256")
    }

    /// Ends it at once, as a crash does: connections break, and the next start recovers.
    #[track_caller]
    pub fn crash(&self) {
        self.run(&format!("{} stop -m immediate >/dev/null", self.pg_ctl()));
    }

    /// Starts it again after [`crash`](Self::crash), on the same port, with more lines of
    /// `postgresql.conf`.
    #[track_caller]
    pub fn go_on(&self, settings: &str) {
        let settings = self.adds(settings);
        self.run(&format!(
            "{settings} {} start >/dev/null 2>&1 </dev/null || {{ cat log >&2; exit 1; }}",
            self.pg_ctl()
        ));
    }

    /// Restarts it: clients are thrown out in good order. The way to `max_connections=5`.
    #[track_caller]
    pub fn restart(&self, settings: &str) {
        let end = self.pg_ctl();
        self.run(&format!("{end} stop -m fast >/dev/null"));
        self.go_on(settings);
    }

    /// Changes settings under its running connections: `default_transaction_read_only=on`. A
    /// moment may pass before each of them has read it.
    #[track_caller]
    pub fn reload(&self, settings: &str) {
        let settings = self.adds(settings);
        self.run(&format!("{settings} {} reload >/dev/null", self.pg_ctl()));
    }

    fn pg_ctl(&self) -> String {
        format!("{}/pg_ctl -D data -l log -w", self.programs)
    }

    /// The last of two lines about one setting counts.
    fn adds(&self, settings: &str) -> String {
        format!("cat >>data/postgresql.auto.conf <<'end of file'\n{settings}\nend of file\n")
    }

    #[track_caller]
    fn run(&self, script: &str) {
        let script = format!("set -e; cd {}; {script}", self.folder.display());
        run(&mut admin(), &script);
    }

    /// Its port on this machine.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A superuser's URL, by this name of the machine.
    pub fn url(&self, host: &str, options: &str) -> String {
        format!(
            "postgres://postgres:{PASSWORD}@{host}:{}/postgres?{options}",
            self.port
        )
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        if let Ok(mut client) = super::Client::connect(&super::url(), super::NoTls) {
            let script = format!(
                "{}/pg_ctl -D {at}/data stop -m immediate >/dev/null 2>&1; rm -rf {at}",
                self.programs,
                at = self.folder.display()
            );
            let _ = client.batch_execute(&program(&script));
        }
    }
}

#[track_caller]
fn run(client: &mut super::Client, script: &str) {
    batch(client, &program(script));
}

/// A superuser may run programs as the server's user.
fn program(script: &str) -> String {
    format!("COPY (SELECT) TO PROGRAM '{}'", script.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::Second;
    use crate::postgres::{Client, NoTls};

    #[test]
    fn a_second_server_keeps_what_was_committed_and_takes_new_settings() {
        crate::needs!(postgres);
        let Some(second) = Second::durable("") else {
            return crate::skip(module_path!(), "no superuser of a server on this machine");
        };
        let connect = || Client::connect(&second.url("127.0.0.1", ""), NoTls);
        let mut client = connect().expect("a connection");
        let set_up = "CREATE TABLE t (n integer); INSERT INTO t VALUES (1)";
        client.batch_execute(set_up).expect("a table");
        second.crash();
        assert!(client.batch_execute("SELECT 1").is_err());
        assert!(connect().is_err());
        second.go_on("max_connections=4\nsuperuser_reserved_connections=0\nmax_wal_senders=0");
        let mut clients: Vec<_> = (0..4).map(|_| connect().expect("a connection")).collect();
        let refused = connect().map(|_| ()).expect_err("four are all");
        assert_eq!(refused.code().map(|it| it.code()), Some("53300"));
        let count: i64 = clients[0]
            .query_one("SELECT count(*) FROM t", &[])
            .expect("t")
            .get(0);
        assert_eq!(count, 1);
        drop(clients);
        second.restart("max_connections=20");
        let mut client = connect().expect("a connection");
        second.reload("default_transaction_read_only=on");
        let refused = (0..500).find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            client.batch_execute("INSERT INTO t VALUES (2)").err()
        });
        let refused = refused.expect("the setting is read");
        assert_eq!(refused.code().map(|it| it.code()), Some("25006"));
    }
}
