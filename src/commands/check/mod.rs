//! `syncline check`.

mod live;

use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::json;
use syncline_codegen::check::{self, Subject, SubjectKind};
use syncline_codegen::migrate::folder::Folder;
use syncline_codegen::output::{self, Change};
use syncline_codegen::targets::TARGETS;
use syncline_codegen::{generate, read, render};
use syncline_schema::place::Spanned;
use syncline_schema::suppress::Waiver;
use syncline_schema::{Code, Diagnostic, Diagnostics, Files, Place};

use super::generate::finding;
use super::{scripts, watch};
use crate::Exit;
use crate::args::Check;
use crate::project::{Project, denies_warnings, exit_for, is_human, rendered};
use crate::ui::{Ui, count};

pub(crate) fn run(ui: &Ui, args: &Check) -> Exit {
    if let Some(nowhere) = Project::none(&args.source)
        && names_a_subject(args)
    {
        if args.watch {
            return watch::run(ui, &nowhere, || alone(ui, args, &nowhere).1);
        }
        return alone(ui, args, &nowhere).0;
    }
    let project = match Project::find(ui, &args.source) {
        Ok(project) => project,
        Err(exit) => {
            if Project::none(&args.source).is_some() && !named_paths(args).is_empty() {
                ui.say(
                    "or name a second subject: without a source, two are compared with each other",
                );
            }
            return exit;
        }
    };
    if args.watch {
        return watch::run(ui, &project, || once(ui, args, &project).1);
    }
    once(ui, args, &project).0
}

/// One run, and the files that it read.
fn once(ui: &Ui, args: &Check, project: &Project) -> (Exit, Vec<PathBuf>) {
    let (mut loaded, _) = project.load();
    let mut found = std::mem::take(&mut loaded.diagnostics);
    let mut suppressed = Vec::new();
    let mut against = "nothing compared".to_owned();
    // What cannot be read is watched as well: it may be mended.
    let mut files: Vec<PathBuf> = loaded.sources.iter().map(|it| it.path.clone()).collect();
    if !found.has_errors() {
        let (subjects, missing) = subjects(args, project, &loaded.schema.settings.check);
        found.extend(missing);
        let named = count(subjects.len(), "hand-written file");
        files.extend(subjects.iter().map(|it| it.path.clone()));
        let database = match live::database(ui, args.database_url.as_deref()) {
            Ok(database) => database,
            Err(exit) => return (exit, files),
        };
        let compared = match database {
            Some(_) => format!("generated files, {named} and the database"),
            None => format!("generated files and {named}"),
        };
        against = format!("{compared} against {}", project.file.display());
        let (schema, disk) = (&loaded.schema, project.disk());
        let judged = check::judge_with(schema, &mut loaded.sources, subjects, &disk, database);
        files.extend(loaded.sources.iter().map(|it| it.path.clone()));
        found.extend(judged.found);
        suppressed = judged.suppressed;
        // What is wrong with our own folder: branches that met, edited files.
        let migrations = &loaded.schema.settings.migrations.dir;
        let migrations = Folder::read(&project.folder.join(migrations));
        found.extend(migrations.findings(&mut loaded.sources));
        match generated(project, &loaded.schema) {
            Ok(stale) => found.extend(stale),
            Err(why) => {
                ui.fail(&why);
                return (Exit::Failed, files);
            }
        }
    }
    let tables = names(&loaded.schema);
    let findings = (found, suppressed);
    let exit = report(ui, args, findings, (&loaded.sources, &tables), &against);
    (exit, files)
}

fn names(schema: &syncline_schema::Schema) -> Vec<String> {
    schema.tables.iter().map(|it| it.name.clone()).collect()
}

/// Is enough named to do without a source: two kinds, or one that can be judged by itself?
fn names_a_subject(args: &Check) -> bool {
    let by_itself = [&args.sync_config, &args.service, &args.compose, &args.auth];
    let of_tables = [
        &args.drizzle_pg,
        &args.drizzle_sqlite,
        &args.sqlite,
        &args.app_schema,
        &args.handler,
        &args.migrations,
    ];
    let named = of_tables.iter().filter(|it| !it.is_empty()).count();
    let live = usize::from(args.database_url.is_some());
    named + live > 1 || by_itself.iter().any(|it| !it.is_empty())
}

/// The subjects against each other, where there is no schema source; and the files that were read.
fn alone(ui: &Ui, args: &Check, nowhere: &Project) -> (Exit, Vec<PathBuf>) {
    let settings = syncline_schema::model::CheckSettings::default();
    let (subjects, mut found) = subjects(args, nowhere, &settings);
    let mut files = named_paths(args);
    let mut sources = syncline_schema::Sources::default();
    if found.has_errors() {
        let none = "nothing compared";
        let exit = report(ui, args, (found, Vec::new()), (&sources, &[]), none);
        return (exit, files);
    }
    let database = match live::database(ui, args.database_url.as_deref()) {
        Ok(database) => database,
        Err(exit) => return (exit, files),
    };
    let live = database.as_ref().map_or("", |_| " and the database");
    let against = match subjects.len() {
        1 if live.is_empty() => "1 file by itself".to_owned(),
        many => format!("{}{live} against each other", count(many, "file")),
    };
    let judged = check::judge_alone_with(&mut sources, subjects, &nowhere.disk(), database);
    found.extend(judged.found);
    files.extend(sources.iter().map(|it| it.path.clone()));
    let findings = (found, judged.suppressed);
    (report(ui, args, findings, (&sources, &[]), &against), files)
}

/// What the arguments name: a file that cannot be read is watched as well.
fn named_paths(args: &Check) -> Vec<PathBuf> {
    let named = [
        &args.drizzle_pg,
        &args.drizzle_sqlite,
        &args.sync_config,
        &args.service,
        &args.compose,
        &args.sqlite,
        &args.app_schema,
        &args.handler,
        &args.auth,
        &args.migrations,
    ];
    named.into_iter().flatten().cloned().collect()
}

/// Prints what was found.
fn report(
    ui: &Ui,
    args: &Check,
    (mut found, suppressed): (Diagnostics, Vec<(Diagnostic, Waiver)>),
    (sources, tables): (&syncline_schema::Sources, &[String]),
    against: &str,
) -> Exit {
    found.sort();
    let run = render::Run {
        found: &found,
        suppressed: &suppressed,
        sources,
        tables,
        deny_warnings: denies_warnings(&args.report),
    };
    if let Some(text) = rendered(&args.report, &run) {
        ui.out(&text);
    } else if is_human(&args.report) {
        ui.findings_by_table(&found, sources);
        let summary = render::summary(&found).unwrap_or_else(|| "no drift".to_owned());
        ui.say(&format!("{summary}: {against}"));
    } else {
        let report = json!({ "diagnostics": render::json(&found, sources) });
        ui.out(&format!("{report:#}\n"));
    }
    exit_for(&found, &args.report)
}

/// The files that the arguments and `[check]` name, and what cannot be read of them.
fn subjects(
    args: &Check,
    project: &Project,
    settings: &syncline_schema::model::CheckSettings,
) -> (Vec<Subject>, Diagnostics) {
    let kinds = [
        (
            SubjectKind::DrizzleSqlite,
            &args.drizzle_sqlite,
            &settings.drizzle_sqlite,
        ),
        (
            SubjectKind::DrizzlePg,
            &args.drizzle_pg,
            &settings.drizzle_pg,
        ),
        (
            SubjectKind::SyncConfig,
            &args.sync_config,
            &settings.sync_config,
        ),
        (SubjectKind::Service, &args.service, &settings.service),
        (SubjectKind::Compose, &args.compose, &settings.compose),
        (SubjectKind::Sqlite, &args.sqlite, &settings.sqlite),
        (
            SubjectKind::AppSchema,
            &args.app_schema,
            &settings.app_schema,
        ),
        (SubjectKind::Handler, &args.handler, &settings.handler),
        (SubjectKind::Auth, &args.auth, &settings.auth),
        (
            SubjectKind::Migrations,
            &args.migrations,
            &settings.migrations,
        ),
    ];
    let mut subjects = Vec::new();
    let mut found = Diagnostics::default();
    for (kind, named, listed) in kinds {
        let mut paths: Vec<(PathBuf, Place)> = named
            .iter()
            .map(|it| (it.clone(), Place::NOWHERE))
            .collect();
        for pattern in listed {
            paths.extend(expand(project, pattern, &mut found));
        }
        if kind == SubjectKind::Migrations {
            let scripts = |(path, place)| scripts_of(path, place, &mut found);
            paths = paths.into_iter().flat_map(scripts).collect();
        }
        for (path, place) in paths {
            match bytes_of(kind, &path) {
                Ok(bytes) => subjects.push(Subject { kind, path, bytes }),
                Err(why) => found.push(unread(&path, place, &why)),
            }
        }
    }
    (subjects, found)
}

/// The scripts of a folder, and the journal that may put them in order.
fn scripts_of(path: PathBuf, place: Place, found: &mut Diagnostics) -> Vec<(PathBuf, Place)> {
    if !path.is_dir() {
        return vec![(path, place)];
    }
    let scripts = match scripts::paths(&path) {
        Ok(scripts) => scripts,
        Err(why) => {
            found.push(unread(&path, place, &why.to_string()));
            return Vec::new();
        }
    };
    if scripts.is_empty() {
        found.push(unread(&path, place, "it holds no SQL"));
    }
    scripts.into_iter().map(|it| (it, place)).collect()
}

fn unread(path: &Path, place: Place, why: &str) -> Diagnostic {
    let message = format!("cannot read {}: {why}", path.display());
    Diagnostic::new(Code::C001, message).at(place, "")
}

/// The content of a subject. A file that is too large is not read.
fn bytes_of(kind: SubjectKind, path: &Path) -> Result<Vec<u8>, String> {
    let most = match kind {
        SubjectKind::Sqlite => read::sqlite::MAX_BYTES,
        // One byte more than is taken, so that the reader can refuse it.
        _ => read::text::MAX_BYTES as u64 + 1,
    };
    let size = std::fs::metadata(path)
        .map_err(|error| error.to_string())?
        .len();
    if kind == SubjectKind::Sqlite {
        if size > most {
            let (size, most) = (size >> 20, most >> 20);
            return Err(format!(
                "it has {size} MiB, and {most} are read; a copy without rows will do: `sqlite3 app.db .schema | sqlite3 small.db`"
            ));
        }
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        if std::fs::metadata(&log).is_ok_and(|it| it.len() > 0) {
            return Err(format!(
                "its newest changes are in {} yet; close the app, or copy it: `sqlite3 app.db \".backup copy.db\"`",
                Path::new(&log).display()
            ));
        }
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    file.take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn expand(
    project: &Project,
    pattern: &Spanned<String>,
    found: &mut Diagnostics,
) -> Vec<(PathBuf, Place)> {
    let problem = match project.disk().glob(&pattern.value) {
        Ok(paths) if paths.is_empty() => format!("no file matches \"{}\"", pattern.value),
        Ok(paths) => {
            return paths
                .into_iter()
                .map(|path| (path, pattern.place))
                .collect();
        }
        Err(why) => format!("\"{}\": {why}", pattern.value),
    };
    found.push(Diagnostic::new(Code::C001, problem).at(pattern.place, "nothing is compared"));
    Vec::new()
}

/// What differs between the output folder and what the schema asks for. An app that generates
/// nothing has no such folder, and nothing to compare.
fn generated(
    project: &Project,
    schema: &syncline_schema::Schema,
) -> Result<Vec<Diagnostic>, String> {
    let dir: &Path = &project.folder.join(&schema.settings.output);
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut generated = generate(schema, TARGETS).map_err(|error| {
        format!("a template does not fit (a defect of Syncline, please report it): {error:#}")
    })?;
    output::complete(&mut generated.files);
    let plan = output::plan(generated.files, dir, false)
        .map_err(|error| format!("cannot read {}: {error}", dir.display()))?;
    Ok(plan
        .changes
        .iter()
        .filter_map(|change: &Change| finding(change, dir, true))
        .collect())
}
