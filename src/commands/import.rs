//! `syncline import`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use syncline_codegen::disk::Disk;
use syncline_codegen::import::{Facts, Remark, Sent, Server, import};
use syncline_codegen::migrate::folder::Folder;
use syncline_codegen::read::{Library, drizzle, sql, sync_config, text};
use syncline_schema::{Diagnostics, Severity, Sources};

use super::init::project_name;
use super::{live, scripts};
use crate::Exit;
use crate::args::Import;
use crate::ui::{Ui, count};

pub(crate) fn run(ui: &Ui, args: &Import) -> Exit {
    if let Some(why) = refused(args) {
        ui.fail(why);
        return Exit::Failed;
    }
    let mut subjects = Subjects::default();
    if let Err(why) = subjects.read(args) {
        ui.fail(&why);
        return Exit::Failed;
    }
    if subjects.nothing() {
        ui.fail("nothing to import from: name --database-url, --migrations, --sql, --drizzle-pg or --drizzle-sqlite");
        return Exit::Failed;
    }
    // What cannot be read at all would leave tables out.
    if subjects.unread {
        ui.findings(&subjects.found, &subjects.sources);
        return Exit::Findings;
    }
    let said = subjects.said();
    let folder = args.out.as_deref().and_then(Path::parent);
    let folder = folder.filter(|it| !it.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let name = args.name.clone();
    subjects.facts.project = name.unwrap_or_else(|| project_name(folder));
    if is_of_another_tool(&folder.join("migrations")) {
        subjects.facts.migrations = Some("syncline-migrations".to_owned());
    }
    let imported = import(&subjects.facts, said);
    let say_remarks = || {
        for remark in &imported.remarks {
            ui.say(&format!("import: {remark}"));
        }
    };
    if imported.schema.tables.is_empty() {
        say_remarks();
        ui.fail("no table was found in what was named: nothing is written");
        return Exit::Findings;
    }
    if let Err(exit) = write(ui, args, &imported.toml) {
        return exit;
    }
    say_remarks();
    let tables = count(imported.schema.tables.len(), "table");
    let remarks = count(imported.remarks.len(), "remark");
    ui.say(&format!("imported {tables}, with {remarks}"));
    if !imported.diagnostics.has_errors() {
        ui.say("it loads without errors: `syncline generate` is next");
        return Exit::Clean;
    }
    ui.say("the language refuses a part of it, which wants to be decided:");
    let errors = imported.diagnostics.iter();
    for error in errors.filter(|it| it.severity == Severity::Error) {
        ui.say(&format!("error[{}]: {}", error.code.name(), error.message));
    }
    Exit::Findings
}

/// Why a file that was named is none to import from.
fn refused(args: &Import) -> Option<&'static str> {
    if args.app_schema.is_some() {
        return Some(
            "an app schema names tables that are declared elsewhere: name their Drizzle file, \
             --drizzle-sqlite; `check --app-schema` compares it later",
        );
    }
    args.handler.is_some().then_some(
        "an upload handler has no tables of its own: name what they are declared in, --drizzle-pg, \
         --migrations or --database-url; `check --handler` compares it later",
    )
}

/// Does a folder hold migrations, and none of ours?
fn is_of_another_tool(dir: &Path) -> bool {
    let filled = fs::read_dir(dir).is_ok_and(|mut it| it.next().is_some());
    filled && Folder::read(dir).newest().is_none()
}

fn write(ui: &Ui, args: &Import, toml: &str) -> Result<(), Exit> {
    let Some(path) = &args.out else {
        ui.out(toml);
        return Ok(());
    };
    let mut options = fs::OpenOptions::new();
    let made = options.write(true).create_new(true).open(path);
    match made.and_then(|mut it| it.write_all(toml.as_bytes())) {
        Ok(()) => {
            ui.say(&format!("wrote {}", path.display()));
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            ui.fail(&format!("{} exists and is left as it is", path.display()));
            Err(Exit::Findings)
        }
        Err(error) => {
            ui.fail(&format!("cannot write {}: {error}", path.display()));
            Err(Exit::Failed)
        }
    }
}

/// What was named, read.
#[derive(Default)]
struct Subjects {
    facts: Facts,
    /// What cannot be told, beside the findings.
    said: Vec<Remark>,
    found: Diagnostics,
    sources: Sources,
    /// A subject could not be read at all.
    unread: bool,
}

impl Subjects {
    fn read(&mut self, args: &Import) -> Result<(), String> {
        if let Some(url) = &args.database_url {
            self.database(url)?;
        }
        if let Some(dir) = &args.migrations {
            self.replay(dir.display().to_string(), scripts::of(dir)?);
        }
        if !args.sql.is_empty() {
            let files = args.sql.iter();
            let files = files.map(|it| Ok((it.clone(), scripts::text(it)?)));
            let files: Vec<_> = files.collect::<Result<_, String>>()?;
            let shown: Vec<_> = args.sql.iter().map(|it| it.display().to_string()).collect();
            self.replay(shown.join(", "), files);
        }
        if let Some(reading) = self.drizzle(drizzle::Dialect::Pg, &args.drizzle_pg)? {
            let (server, said) = Server::of_drizzle("the Drizzle file".to_owned(), &reading);
            self.facts.servers.push(server);
            self.said.extend(said);
        }
        if let Some(reading) = self.drizzle(drizzle::Dialect::Sqlite, &args.drizzle_sqlite)? {
            self.facts.device = Some(reading.tables);
        }
        if let Some(path) = &args.sync_config
            && let Some(source) = self.source(path)?
        {
            let config = sync_config::read(&source);
            self.facts.sent = Some(Sent::of(&config));
            self.hear(config.diagnostics);
        }
        Ok(())
    }

    fn nothing(&self) -> bool {
        self.facts.servers.is_empty() && self.facts.device.is_none() && !self.unread
    }

    /// Keeps findings; what could not be read at all stops.
    fn hear(&mut self, found: Diagnostics) {
        self.unread |= found
            .iter()
            .any(|it| it.code == syncline_schema::Code::C001);
        self.found.extend(found.iter().cloned());
    }

    /// Every finding as a line with its place.
    fn said(&mut self) -> Vec<Remark> {
        let tables = self.facts.servers.iter().flat_map(|it| &it.schema.tables);
        let mut names: BTreeSet<String> = tables.map(|it| it.name.clone()).collect();
        let device = self.facts.device.iter().flatten();
        names.extend(device.map(|it| it.name.clone()));
        let mut said = std::mem::take(&mut self.said);
        for it in self.found.iter() {
            let mut remark = Remark::of_reader(&it.message, &names);
            if let Some(at) = self.sources.locate(it.place()) {
                let place = format!("{}:{}", at.path.display(), at.line);
                remark.text = format!("{} ({}, {place})", remark.text, it.code.name());
            } else {
                remark.text = format!("{} ({})", remark.text, it.code.name());
            }
            said.push(remark);
        }
        said
    }

    fn replay(&mut self, shown: String, files: Vec<(PathBuf, String)>) {
        let files: Vec<_> = files
            .into_iter()
            .map(|(path, text)| (self.sources.add(path, text.as_str()), text))
            .collect();
        let replay = sql::replay(files.iter().map(|(file, text)| (*file, text.as_str())));
        self.found.extend(replay.diagnostics.iter().cloned());
        self.facts.servers.push(Server {
            shown,
            schema: replay.schema,
            published: replay.published,
            publishes_all: replay.publishes_all,
            ..Server::default()
        });
    }

    fn source(&mut self, path: &Path) -> Result<Option<text::Source>, String> {
        let bytes = fs::read(path).map_err(|error| cannot(path, &error))?;
        match text::add(&mut self.sources, path, &bytes) {
            Ok(source) => Ok(Some(source)),
            Err(problem) => {
                self.found.push(problem);
                self.unread = true;
                Ok(None)
            }
        }
    }

    fn drizzle(
        &mut self,
        dialect: drizzle::Dialect,
        paths: &[PathBuf],
    ) -> Result<Option<syncline_codegen::read::Reading>, String> {
        let mut sources = Vec::new();
        for path in paths {
            sources.extend(self.source(path)?);
        }
        if sources.is_empty() {
            return Ok(None);
        }
        let disk = Disk::new(Path::new(""));
        let library = Library {
            files: &disk,
            sources: &mut self.sources,
        };
        let mut reading = drizzle::read_with(dialect, &sources, library);
        self.hear(std::mem::take(&mut reading.diagnostics));
        Ok(Some(reading))
    }

    #[cfg(feature = "live")]
    fn database(&mut self, url: &str) -> Result<(), String> {
        let catalog = live::catalog(url)?;
        self.found.extend(catalog.diagnostics.iter().cloned());
        self.facts.servers.push(Server {
            shown: "the database".to_owned(),
            schema: without_own(catalog.schema),
            published: catalog.published,
            publishes_all: catalog.publication.is_some_and(|it| it.all_tables),
            ..Server::default()
        });
        Ok(())
    }

    #[cfg(not(feature = "live"))]
    fn database(&mut self, _: &str) -> Result<(), String> {
        Err(live::NO_DATABASE.to_owned())
    }
}

/// Without the tables that tools of migrations keep for themselves.
#[cfg(feature = "live")]
fn without_own(mut schema: syncline_schema::Schema) -> syncline_schema::Schema {
    schema
        .tables
        .retain(|it| it.schema.as_deref() != Some("drizzle"));
    schema
}

fn cannot(path: &Path, error: &std::io::Error) -> String {
    format!("cannot read {}: {error}", path.display())
}
