//! The arguments.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::config;

/// Takes the uploads of devices and applies them to PostgreSQL.
#[derive(Debug, Parser)]
#[command(version, after_help = keys())]
pub(super) struct Args {
    /// A TOML file with keys of the list below, in lower case and without SYNCLINE_.
    #[arg(long, global = true, env = "SYNCLINE_CONFIG")]
    pub(super) config: Option<PathBuf>,
    /// Reads the configuration, says all that is wrong with it, and ends.
    #[arg(long)]
    pub(super) check_config: bool,
    #[command(subcommand)]
    pub(super) verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Makes the server's own tables in schema syncline, as the role of DATABASE_URL.
    Bookkeeping {
        /// Prints the SQL instead of running it.
        #[arg(long)]
        sql: bool,
    },
    /// Makes Better Auth's tables for auth_issue, as the role of DATABASE_URL.
    AuthTables {
        /// Prints the SQL instead of running it.
        #[arg(long)]
        sql: bool,
        /// Better Auth makes its tables and signs users in: only lets the server see sessions.
        #[arg(long)]
        beside: bool,
    },
    /// Makes the next key of auth_issue; the old ones still verify for 30 days.
    RotateKey,
    /// Prints a token of a user, signed with auth_development_key.
    DevToken {
        /// The user's id.
        #[arg(long)]
        user: String,
        /// How many minutes it is good for, a day at most.
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(i64).range(1..=1440))]
        minutes: i64,
    },
    /// Asks the server of this configuration how it is: exit code 0 where it is well.
    Healthy,
    /// What was acknowledged and could not be applied.
    #[command(subcommand)]
    DeadLetters(DeadLetters),
}

#[derive(Debug, Subcommand)]
pub(super) enum DeadLetters {
    /// Lists them, the newest first.
    List {
        /// Of this user only.
        #[arg(long)]
        user: Option<String>,
        /// Those that are settled, too.
        #[arg(long)]
        all: bool,
        /// At most so many.
        #[arg(long, default_value_t = 100)]
        limit: i64,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Shows one with its ops.
    Show {
        /// Its number.
        id: i64,
    },
    /// Applies them now, as if their devices had sent them again.
    Replay {
        /// Their numbers.
        #[arg(required = true)]
        ids: Vec<i64>,
    },
    /// Marks them as not wanted any more; their payloads stay.
    Discard {
        /// Their numbers.
        #[arg(required = true)]
        ids: Vec<i64>,
    },
}

fn keys() -> String {
    format!("Environment:\n{}", config::describe())
}
