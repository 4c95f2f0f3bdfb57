//! `syncline generate`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;
use syncline_codegen::output::{self, Cache, Change, Plan};
use syncline_codegen::targets::{self, TARGETS, Target};
use syncline_codegen::{generate, render};
use syncline_schema::{Code, Diagnostic, Diagnostics, Sources, diagnostic::did_you_mean};

use super::watch;
use crate::Exit;
use crate::args::Generate;
use crate::project::{Project, denies_warnings, exit_for, is_human, rendered};
use crate::ui::Ui;

pub(crate) fn run(ui: &Ui, args: &Generate) -> Exit {
    let chosen = match chosen(ui, args) {
        Ok(chosen) => chosen,
        Err(exit) => return exit,
    };
    let project = match Project::find(ui, &args.source) {
        Ok(project) => project,
        Err(exit) => return exit,
    };
    if args.watch {
        return watch::run(ui, &project, || once(ui, args, &project, &chosen).1);
    }
    once(ui, args, &project, &chosen).0
}

/// The targets that the arguments name; all of them where they name none.
fn chosen(ui: &Ui, args: &Generate) -> Result<Vec<&'static Target>, Exit> {
    let names = || TARGETS.iter().map(|target| target.name);
    if args.target.is_empty() {
        return Ok(TARGETS.to_vec());
    }
    let mut chosen = Vec::new();
    let mut unknown = false;
    for name in &args.target {
        match targets::find(name) {
            Some(target) if chosen.iter().any(|it: &&Target| it.name == target.name) => {}
            Some(target) => chosen.push(target),
            None => {
                let help = did_you_mean(name, names()).unwrap_or_else(|| {
                    format!("the targets are {}", names().collect::<Vec<_>>().join(", "))
                });
                ui.fail(&format!("there is no target `{name}`; {help}"));
                unknown = true;
            }
        }
    }
    if unknown {
        Err(Exit::Failed)
    } else {
        Ok(chosen)
    }
}

/// One run, and the source files that it read.
fn once(
    ui: &Ui,
    args: &Generate,
    project: &Project,
    chosen: &[&'static Target],
) -> (Exit, Vec<PathBuf>) {
    let start = Instant::now();
    let partial = chosen.len() < TARGETS.len();
    let shown_cache = (!partial && is_human(&args.report))
        .then(|| output_dir_of_last_run(project))
        .flatten();
    if let Some((dir, count)) = shown_cache {
        ui.say(&format!(
            "{} is up to date: {count} files, nothing changed",
            dir.display()
        ));
        return (Exit::Clean, vec![project.file.clone()]);
    }
    let (mut loaded, globs) = project.load();
    let files: Vec<PathBuf> = loaded
        .sources
        .iter()
        .map(|file| file.path.clone())
        .collect();
    let mut run = Run {
        ui,
        args,
        sources: &loaded.sources,
        found: std::mem::take(&mut loaded.diagnostics),
    };
    if run.found.has_errors() {
        return (run.finish(None, None), files);
    }
    run.found.extend(syncline_codegen::refusals(&loaded.schema));
    if run.found.has_errors() {
        return (run.finish(None, None), files);
    }
    let mut generated = match generate(&loaded.schema, chosen) {
        Ok(generated) => generated,
        Err(error) => {
            ui.fail(&format!(
                "a template does not fit (a defect of Syncline, please report it): {error:#}"
            ));
            return (Exit::Failed, files);
        }
    };
    for (name, time) in &generated.timings {
        ui.progress(&format!(
            "  {name:<17} {:>7.1} ms",
            time.as_secs_f64() * 1000.0
        ));
    }
    run.found.extend(std::mem::take(&mut generated.notes));
    if !partial {
        output::complete(&mut generated.files);
    }
    let dir = project.folder.join(&loaded.schema.settings.output);
    let plan = match output::plan(generated.files, &dir, partial) {
        Ok(plan) => plan,
        Err(error) => {
            ui.fail(&format!("cannot read {}: {error}", dir.display()));
            return (Exit::Failed, files);
        }
    };
    let exit = run.settle(&plan, &dir, start);
    let whole = exit == Exit::Clean
        && !partial
        && !plan.changes.iter().any(|it| args.check && it.is_applied());
    if whole && run.found.count(syncline_schema::Severity::Warning) == 0 {
        let sources = loaded
            .sources
            .iter()
            .map(|file| (file.path.clone(), file.text.as_bytes().to_vec()));
        if let Some(cache) = Cache::new(sources, globs, &dir) {
            cache.save(&dir);
        }
    }
    if !args.watch {
        // The process is about to end: freeing a large schema piece by piece would only delay it.
        std::mem::forget((loaded, plan));
    }
    (exit, files)
}

/// The output folder and its number of files, if nothing has changed since the last clean run.
fn output_dir_of_last_run(project: &Project) -> Option<(PathBuf, usize)> {
    let dir = project.folder.join(output::output_hint(&project.file)?);
    let count = Cache::unchanged(&dir, &project.file, &project.disk())?;
    Some((dir, count))
}

struct Run<'a> {
    ui: &'a Ui,
    args: &'a Generate,
    sources: &'a Sources,
    found: Diagnostics,
}

impl Run<'_> {
    /// Writes the plan, or reports it under `--check`.
    fn settle(&mut self, plan: &Plan, dir: &Path, start: Instant) -> Exit {
        let blocked = plan
            .changes
            .iter()
            .any(|change| matches!(change, Change::Blocked { .. }));
        for change in &plan.changes {
            self.found.extend(finding(change, dir, self.args.check));
        }
        if self.args.diff {
            self.ui.out(&output::unified(plan, dir));
        }
        if !self.args.check
            && !blocked
            && let Err(error) = output::apply(plan, dir)
        {
            self.ui
                .fail(&format!("cannot write {}: {error}", dir.display()));
            return Exit::Failed;
        }
        self.finish(Some((plan, dir)), Some(start))
    }

    /// Prints what was found and done.
    fn finish(&mut self, done: Option<(&Plan, &Path)>, start: Option<Instant>) -> Exit {
        self.found.sort();
        let exit = exit_for(&self.found, &self.args.report);
        let report = render::Run {
            found: &self.found,
            suppressed: &[],
            sources: self.sources,
            tables: &[],
            deny_warnings: denies_warnings(&self.args.report),
        };
        if let Some(text) = rendered(&self.args.report, &report) {
            self.ui.out(&text);
            return exit;
        }
        if !is_human(&self.args.report) {
            let report = json!({
                "diagnostics": render::json(&self.found, self.sources),
                "files": done.map(|(plan, _)| files_json(plan, self.args.check, &self.found)),
            });
            self.ui.out(&format!("{report:#}\n"));
            return exit;
        }
        self.ui.findings(&self.found, self.sources);
        if let Some(summary) = render::summary(&self.found)
            .filter(|_| self.found.has_errors() || exit == Exit::Findings)
        {
            self.ui.say(&summary);
        }
        if let (Some((plan, dir)), false) = (done, self.found.has_errors()) {
            let ms = start.map_or(0.0, |start| start.elapsed().as_secs_f64() * 1000.0);
            self.ui.say(&self.outcome(plan, dir, ms));
        }
        exit
    }

    fn outcome(&self, plan: &Plan, dir: &Path, ms: f64) -> String {
        let count =
            |wanted: fn(&Change) -> bool| plan.changes.iter().filter(|it| wanted(it)).count();
        let written = count(|it| matches!(it, Change::Missing { .. } | Change::Stale { .. }));
        let removed = count(|it| matches!(it, Change::Orphan { .. }));
        let dir = dir.display();
        if written + removed == 0 {
            return format!(
                "{dir} is up to date: {} files, nothing changed",
                plan.current
            );
        }
        let removed = if removed > 0 {
            format!(", {removed} removed")
        } else {
            String::new()
        };
        let plural = if written == 1 { "" } else { "s" };
        format!(
            "{dir}: {written} file{plural} written{removed}, {} unchanged, in {ms:.0} ms",
            plan.current
        )
    }
}

/// What a difference means for the user. A run that writes only speaks of what it leaves alone.
pub(super) fn finding(change: &Change, dir: &Path, check: bool) -> Option<Diagnostic> {
    let at = |path: &str| dir.join(path).display().to_string();
    let again = "run `syncline generate` and commit what it writes";
    Some(match change {
        Change::Blocked { path } => Diagnostic::new(
            Code::T002,
            format!("{} is not a file that Syncline wrote", at(path)),
        )
        .note("it stands where a generated file belongs, and is left as it is")
        .help("move it away and run again; or delete it, if it can go"),
        Change::Stray { path } => {
            let mut found = Diagnostic::new(Code::T005, format!("{} is not a generated file", at(path)))
                .help("keep your own files out of the output folder: it can be deleted and made again at any time");
            if !check {
                found.severity = syncline_schema::Severity::Warning;
            }
            found
        }
        _ if !check => return None,
        Change::Missing { path, .. } => {
            Diagnostic::new(Code::T004, format!("{} is missing", at(path))).help(again)
        }
        Change::Stale { path, .. } => {
            Diagnostic::new(Code::T003, format!("{} is stale", at(path))).help(again)
        }
        Change::Orphan { path } => Diagnostic::new(
            Code::T005,
            format!(
                "{} is an orphan: nothing in the schema asks for it",
                at(path)
            ),
        )
        .help(again),
    })
}

fn files_json(plan: &Plan, check: bool, found: &Diagnostics) -> serde_json::Value {
    let paths = |wanted: fn(&Change) -> bool| {
        plan.changes
            .iter()
            .filter(|it| wanted(it))
            .map(|it| it.path().to_owned())
            .collect::<Vec<_>>()
    };
    json!({
        "applied": !check && !found.has_errors(),
        "missing": paths(|it| matches!(it, Change::Missing { .. })),
        "stale": paths(|it| matches!(it, Change::Stale { .. })),
        "orphans": paths(|it| matches!(it, Change::Orphan { .. })),
        "strays": paths(|it| matches!(it, Change::Stray { .. })),
        "blocked": paths(|it| matches!(it, Change::Blocked { .. })),
        "unchanged": plan.current,
    })
}
