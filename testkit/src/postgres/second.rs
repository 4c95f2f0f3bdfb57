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
        script.push_str(&format!(
            "{programs}/pg_ctl -D data -l log -w start >/dev/null 2>&1 </dev/null || {{ cat log >&2; exit 1; }}"
        ));
        run(&mut client, &script);
        Some(Self {
            folder,
            programs,
            port,
        })
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
