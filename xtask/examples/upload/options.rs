//! The command line. Lists are separated by commas.

use std::path::PathBuf;
use std::str::FromStr;

use crate::Result;
use crate::work::Kind;

/// What to measure, and with what.
pub(crate) struct Options {
    /// Ops in a client transaction.
    pub(crate) ops: Vec<usize>,
    /// Clients at once.
    pub(crate) clients: Vec<usize>,
    /// Which ops.
    pub(crate) kinds: Vec<Kind>,
    /// How long each measurement takes.
    pub(crate) seconds: f64,
    /// Rounds; each runs every contender once.
    pub(crate) rounds: usize,
    /// A superuser's URL of a database with the app's tables.
    pub(crate) url: String,
    /// A folder on the same disk as that database.
    pub(crate) folder: PathBuf,
    /// The app's server, or why it is not measured.
    pub(crate) server: Result<PathBuf>,
    /// Node and the handler, or why it is not measured.
    pub(crate) peer: Result<(PathBuf, PathBuf)>,
    /// PostgreSQL's own load generator, where there is one.
    pub(crate) pgbench: Option<PathBuf>,
}

impl Options {
    /// Reads the words after the program's name.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let absent = || "it was not named".to_owned();
        let mut options = Self {
            ops: vec![1, 10, 100, 1_000],
            clients: vec![1, 8, 32],
            kinds: Kind::ALL.to_vec(),
            seconds: 3.0,
            rounds: 3,
            url: String::new(),
            folder: std::env::temp_dir(),
            server: Err(absent()),
            peer: Err(absent()),
            pgbench: None,
        };
        let (mut node, mut peer) = (Err(absent()), Err(absent()));
        while let Some(word) = words.next() {
            let value = words.next().ok_or(format!("{word} wants a value"))?;
            let path = || PathBuf::from(&value);
            match word.as_str() {
                "--ops" => options.ops = list(&word, &value)?,
                "--clients" => options.clients = list(&word, &value)?,
                "--kinds" => options.kinds = list(&word, &value)?,
                "--seconds" => options.seconds = one(&word, &value)?,
                "--rounds" => options.rounds = one(&word, &value)?,
                "--url" => options.url = value,
                "--folder" => options.folder = path(),
                "--server" => options.server = Ok(path()),
                "--no-server" => options.server = Err(value),
                "--node" => node = Ok(path()),
                "--no-node" => node = Err(value),
                "--peer" => peer = Ok(path()),
                "--pgbench" => options.pgbench = Some(path()),
                _ => return Err(format!("unknown argument `{word}`; see `cargo xtask help`")),
            }
        }
        if options.url.is_empty() {
            return Err("this is for `cargo xtask bench upload`".into());
        }
        options.peer = node.and_then(|node| peer.map(|peer| (node, peer)));
        Ok(options)
    }
}

fn list<T: FromStr>(option: &str, value: &str) -> Result<Vec<T>> {
    value.split(',').map(|word| one(option, word)).collect()
}

fn one<T: FromStr>(option: &str, word: &str) -> Result<T> {
    word.trim()
        .parse()
        .map_err(|_| format!("{option} does not take `{word}`"))
}
