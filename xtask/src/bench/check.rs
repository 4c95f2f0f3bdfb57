//! `cargo xtask bench check`: `syncline check` over every kind of file at once, beside what peers can
//! do of it.
//!
//! The tables are those of `bench generate`. The files are what generate prints of them, as if it had
//! been written by hand, a handler that writes to each table, and a database by PowerSync's SDK. Runs
//! alternate, so that a busy minute of the machine hits all alike.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use super::generate;
use super::measure::{self, Usage};
use super::peers::Peers;
use super::plan::median;
use super::schemas::{self, names, put};
use crate::{Result, node, npm, workspace};

const TABLES: usize = 1_000;
const RUNS: usize = 7;

/// The CPU seconds that a check of everything may take.
const LIMIT: f64 = 0.5;

/// Where the files lie, beside the source.
const HAND: &str = "hand";

/// Each kind of file: its option, its name in the folder, and what generate prints that it is a
/// copy of, if it does.
const SUBJECTS: &[(&str, &str, Option<&str>)] = &[
    ("--drizzle-sqlite", "sqlite.ts", Some("ts/sqlite.ts")),
    ("--drizzle-pg", "pg.ts", Some("ts/pg.ts")),
    ("--app-schema", "app-schema.ts", Some("ts/app-schema.ts")),
    ("--handler", "handler.ts", None),
    ("--auth", "auth.ts", None),
    (
        "--sync-config",
        "sync-config.yaml",
        Some("powersync/sync-config.yaml"),
    ),
    ("--service", "service.yaml", Some("powersync/service.yaml")),
    ("--compose", "compose.yaml", Some("powersync/compose.yaml")),
    (
        "--migrations",
        "migrations/0001_init.sql",
        Some("postgres/schema.sql"),
    ),
    ("--sqlite", "client.db", None),
];

/// One program, and what it used in each round.
struct Contender {
    name: String,
    limit: Option<f64>,
    command: Result<Command>,
    cpu: Vec<f64>,
}

/// Runs the command.
pub(crate) fn run() -> Result<ExitCode> {
    let syncline = generate::build()?;
    let folder = workspace::cache().join("bench-check");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    schemas::write(TABLES, &folder)?;
    let peers = Peers::install();
    let database = prepare(&folder.join(schemas::SYNCLINE), &syncline);
    if let Err(why) = &database {
        eprintln!("without the client database: {why}");
    }
    let mut contenders = contenders(&folder, &syncline, &peers, database.is_ok());
    for round in 1..=RUNS {
        eprintln!("round {round} of {RUNS}");
        for contender in &mut contenders {
            let measured = match &contender.command {
                Ok(command) => measure::run(command).map(|it: Usage| it.cpu()),
                Err(_) => continue,
            };
            match measured {
                Ok(cpu) => contender.cpu.push(cpu),
                Err(why) => contender.command = Err(why),
            }
        }
    }
    print(contenders);
    Ok(ExitCode::SUCCESS)
}

fn print(contenders: Vec<Contender>) {
    println!("| medians of {RUNS}, {TABLES} tables | CPU s | ratio | limit |");
    println!("|---|---:|---:|---:|");
    let mut all = f64::NAN;
    for mut contender in contenders {
        let name = &contender.name;
        if let Err(why) = &contender.command {
            println!("| {name} | not measured: {} | | |", why.replace('|', "\\|"));
            continue;
        }
        let cpu = median(&mut contender.cpu);
        if all.is_nan() {
            all = cpu;
        }
        let limit = contender.limit.map_or_else(String::new, |limit| {
            let verdict = if cpu < limit { "" } else { " (over)" };
            format!("{limit}{verdict}")
        });
        println!("| {name} | {cpu:.3} | {:.2} | {limit} |", cpu / all);
    }
}

/// All files together first: the ratios are to that.
fn contenders(folder: &Path, syncline: &Path, peers: &Peers, database: bool) -> Vec<Contender> {
    let contender = |name: &str, limit, command| Contender {
        name: name.to_owned(),
        limit,
        command,
        cpu: Vec::new(),
    };
    let subjects: Vec<_> = SUBJECTS
        .iter()
        .filter(|it| database || it.0 != "--sqlite")
        .collect();
    let check = |subjects: &[&(&str, &str, Option<&str>)]| {
        let mut command = Command::new(syncline);
        command
            .arg("check")
            .current_dir(folder.join(schemas::SYNCLINE));
        for (option, name, _) in subjects {
            command.arg(option).arg(Path::new(HAND).join(name));
        }
        command
    };
    let mut found = vec![
        contender(
            &format!(
                "syncline check: generated files and {} kinds",
                subjects.len()
            ),
            Some(LIMIT),
            Ok(check(&subjects)),
        ),
        contender("syncline check: generated files", None, Ok(check(&[]))),
    ];
    for subject in &subjects {
        let name = format!("syncline check: generated files and {}", subject.0);
        found.push(contender(&name, None, Ok(check(&[subject]))));
    }
    let drizzle = |name, verb: &str, words: &[&str]| {
        let command = peers.drizzle(folder).and_then(|generate| {
            // Its first run writes the snapshot that the others read.
            if !folder.join(schemas::DRIZZLE).join("out").exists() {
                measure::run(&generate)?;
            }
            let mut command = Command::new(generate.get_program());
            command
                .args(["node_modules/drizzle-kit/bin.cjs", verb])
                .args(["--dialect", "postgresql", "--out", "./out"])
                .args(words)
                .current_dir(folder.join(schemas::DRIZZLE));
            Ok(command)
        });
        contender(name, None, command)
    };
    found.push(drizzle(
        "drizzle-kit check: its snapshots among themselves",
        "check",
        &[],
    ));
    found.push(drizzle(
        "drizzle-kit generate: one Drizzle file against its snapshot, nothing changed",
        "generate",
        &["--schema", "./pg.ts"],
    ));
    let sqlc = peers.sqlc(folder).map(|generate| {
        let mut command = Command::new(generate.get_program());
        command
            .arg("compile")
            .current_dir(folder.join(schemas::SQLC));
        command
    });
    found.push(contender(
        "sqlc compile: one SQL schema and one query",
        None,
        sqlc,
    ));
    found
}

/// Generates, and writes the files. The client database last: an error there leaves the others.
fn prepare(folder: &Path, syncline: &Path) -> Result<()> {
    let mut command = Command::new(syncline);
    command.arg("generate").current_dir(folder);
    measure::run(&command)?;
    let hand = folder.join(HAND);
    for (_, name, copied) in SUBJECTS {
        let Some(from) = copied else { continue };
        let to = hand.join(name);
        let parent = to.parent().unwrap_or(&hand);
        fs::create_dir_all(parent)
            .and_then(|()| fs::copy(folder.join("generated").join(from), &to))
            .map_err(|error| format!("{}: {error}", to.display()))?;
    }
    for (name, text) in [("handler.ts", handler()), ("auth.ts", AUTH.to_owned())] {
        fs::write(hand.join(name), text).map_err(|error| format!("{name}: {error}"))?;
    }
    client_database(&hand)
}

const AUTH: &str = r#"import { betterAuth } from "better-auth";
import { jwt } from "better-auth/plugins";

export const auth = betterAuth({
  baseURL: "http://localhost:3011",
  plugins: [
    jwt({
      jwks: { keyPairConfig: { alg: "RS256" } },
      jwt: { audience: "http://localhost:3011", expirationTime: "15m" },
    }),
  ],
});
"#;

/// A handler that names each table, as one writes it by hand.
fn handler() -> String {
    let mut text = String::from(
        "import { and, eq } from \"drizzle-orm\";\n\nimport { db } from \"./db\";\nimport * as tables from \"./pg\";\n\n\
         export async function upload(userId: string, op: Op) {\n  const values = op.data;\n  switch (`${op.table}:${op.op}`) {\n",
    );
    for table in names(TABLES) {
        let (_, number) = table.split_once('_').unwrap_or_default();
        let name = format!("tables.item{number}");
        put(
            &mut text,
            format_args!(
                r#"    case "{table}:PUT":
      return db
        .insert({name})
        .values({{ ...values, id: op.id, ownerId: userId }})
        .onConflictDoUpdate({{ target: {name}.id, set: {{ title: values.title, body: values.body, done: values.done }}, setWhere: eq({name}.ownerId, userId) }});
    case "{table}:PATCH":
      return db.update({name}).set(values).where(and(eq({name}.id, op.id), eq({name}.ownerId, userId)));
    case "{table}:DELETE":
      return db.delete({name}).where(and(eq({name}.id, op.id), eq({name}.ownerId, userId)));
"#
            ),
        );
    }
    text.push_str("  }\n}\n");
    text
}

/// A client database with all tables, made by PowerSync's own SDK.
fn client_database(folder: &Path) -> Result<()> {
    let columns = [
        ("owner_id", "text"),
        ("title", "text"),
        ("body", "text"),
        ("parent_id", "text"),
        ("position", "integer"),
        ("done", "integer"),
        ("due_at", "text"),
        ("created_at", "text"),
        ("updated_at", "text"),
        ("deleted_at", "text"),
    ];
    let columns: Vec<_> = columns
        .iter()
        .map(|(name, kind)| format!("\"{name}\": \"{kind}\""))
        .collect();
    let columns = columns.join(", ");
    let mut tables = String::new();
    for table in names(TABLES) {
        let comma = if tables.is_empty() { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(
            tables,
            "{comma}{{\"name\": \"{table}\", \"columns\": {{{columns}}}, \"options\": {{\"ignoreEmptyUpdates\": true}}}}"
        );
    }
    let input = folder.join("tables.json");
    fs::write(&input, format!("[{tables}]")).map_err(|error| error.to_string())?;
    let script: PathBuf = npm::folder().join("make-client-database.mjs");
    let output = Command::new(node::find()?)
        .arg(script)
        .arg(folder)
        .stdin(fs::File::open(&input).map_err(|error| error.to_string())?)
        .stderr(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout);
    if said.contains("\"ok\":true") {
        return Ok(());
    }
    Err(said.trim().to_owned())
}
