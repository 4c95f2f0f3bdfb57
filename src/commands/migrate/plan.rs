//! `syncline migrate plan`.

use serde_json::{Value, json};
use syncline_codegen::diff::{Drops, Pair, Renames, Scope, adopt, undeclared};
use syncline_codegen::migrate::deployment::{self, Deployment};
use syncline_codegen::migrate::folder::{DOWN, Stamp};
use syncline_codegen::migrate::forgotten::forgotten;
use syncline_codegen::migrate::plan::{Plan, plan};
use syncline_codegen::migrate::summary::{self, Line};
use syncline_codegen::sql;
use syncline_schema::Schema;

use super::draft::{day, deployment as brought_out, folder_of};
use super::rows::{self, Rows};
use super::side::Side;
use crate::Exit;
use crate::args::{MigratePlan, PlanFormat};
use crate::commands::live;
use crate::project::Project;
use crate::ui::Ui;

pub(crate) fn run(ui: &Ui, args: &MigratePlan) -> Exit {
    match planned(ui, args) {
        Ok(()) => Exit::Clean,
        Err(exit) => exit,
    }
}

/// The two sides, the way between them, and what there is to say of it.
struct Planned {
    from: Side,
    to: Side,
    plan: Plan,
    lines: Vec<Line>,
    /// What has to be brought out; none where only tables were compared.
    deployment: Option<Deployment>,
    /// What the source owes to the change.
    owed: Vec<String>,
    rows: Option<Rows>,
}

fn planned(ui: &Ui, args: &MigratePlan) -> Result<(), Exit> {
    let url = live::url(args.database_url.as_deref());
    let (mut from, mut to) = sides(ui, args, url.as_deref())?;
    let scope = match (from.declared, to.declared) {
        (true, true) => Scope::Declared,
        (true, false) => {
            adopt(&mut to.schema, &from.schema);
            Scope::Tables
        }
        (false, true) => {
            adopt(&mut from.schema, &to.schema);
            Scope::Tables
        }
        (false, false) => Scope::Tables,
    };
    let schemas = pair(&from.schema, &to.schema);
    let renames = Renames::declared(schemas);
    let drops = Drops {
        named: args.drop.iter().cloned().collect(),
        all: false,
    };
    let undecided = undeclared(schemas, &renames, &drops);
    if undecided.has_errors() {
        ui.findings(&undecided, &to.sources);
        return Err(Exit::Findings);
    }
    let mut owed = Vec::new();
    if let Some(source) = to.source.as_mut().filter(|_| from.declared) {
        let today = Stamp::of(std::time::SystemTime::now());
        source.edit(ui, forgotten(schemas, &renames, &day(&today)))?;
        owed.extend(source.edits.iter().map(ToString::to_string));
        to.schema = source.schema().clone();
    }
    let schemas = pair(&from.schema, &to.schema);
    let plan = plan(schemas, scope);
    let lines = summary::lines(&plan);
    // What SQL or a database says of a schema gives no text to compare.
    let deployment = match scope {
        Scope::Declared => Some(brought_out(ui, schemas, &plan)?),
        Scope::Tables => None,
    };
    let url = from.url.clone().or(url);
    let rows = match url {
        Some(url) => Some(rows::count(ui, &url, &lines, &from.schema, args.exact)?),
        None => None,
    };
    let planned = Planned {
        from,
        to,
        plan,
        lines,
        deployment,
        owed,
        rows,
    };
    match args.format {
        PlanFormat::Sql => planned.sql(ui),
        PlanFormat::Human => ui.out(&planned.human()),
        PlanFormat::Json => ui.out(&format!("{:#}\n", planned.json())),
    }
    Ok(())
}

fn pair<'a>(previous: &'a Schema, next: &'a Schema) -> Pair<&'a Schema> {
    Pair { previous, next }
}

fn sides(ui: &Ui, args: &MigratePlan, url: Option<&str>) -> Result<(Side, Side), Exit> {
    let project = || Project::find(ui, &args.source);
    let to = match &args.to {
        Some(named) => Side::read(ui, named)?,
        None => Side::of_source(ui, &project()?)?,
    };
    let from = match (args.from.as_deref().or(url), &to.source) {
        (Some(named), _) => Side::read(ui, named)?,
        (None, Some(source)) if args.to.is_none() => {
            Side::newest(ui, &folder_of(&project()?, source.schema()))?
        }
        (None, _) => {
            let source = Side::of_source(ui, &project()?)?;
            Side::newest(ui, &folder_of(&project()?, &source.schema))?
        }
    };
    Ok((from, to))
}

impl Planned {
    fn schemas(&self) -> Pair<&Schema> {
        pair(&self.from.schema, &self.to.schema)
    }

    /// SQL on stdout; what else there is to say on stderr, so that the SQL stays SQL.
    fn sql(&self, ui: &Ui) {
        if !self.plan.is_empty() {
            let mut files = self.plan.files(&self.to.schema);
            files.retain(|(name, _)| name != DOWN);
            for (name, text) in files {
                ui.out(&format!("-- {name}\n{text}\n"));
            }
        }
        ui.say(&self.head());
        ui.say(self.tail().trim_end());
    }

    fn human(&self) -> String {
        let mut out = format!("{}\n", self.head());
        if !self.plan.is_empty() {
            let rows = self.rows.as_ref();
            let more = |line: &Line| rows.and_then(|it| Some(it.said(it.of(line)?)));
            out.push('\n');
            out.push_str(&summary::text(&self.lines, more));
        }
        out.push_str(&self.tail());
        out
    }

    fn head(&self) -> String {
        let what = if self.plan.is_empty() {
            "nothing to change"
        } else {
            "the way"
        };
        format!("{what} from {} to {}", self.from.shown, self.to.shown)
    }

    /// What goes beside the steps.
    fn tail(&self) -> String {
        let mut out = String::new();
        if !self.owed.is_empty() {
            out.push_str("\n`syncline migrate new` will write into the source:\n");
            for line in &self.owed {
                out.push_str(&format!("  {line}\n"));
            }
        }
        if let Some((rows, copied)) = self.copied().filter(|(_, copied)| *copied > 0) {
            out.push_str(&format!(
                "\nPowerSync copies {} to devices again.\n",
                rows.said(copied)
            ));
        }
        match self.deployment.map(deployment::text) {
            Some(order) if !order.is_empty() => {
                out.push_str("\nBring it out in this order:\n");
                out.push_str(&order);
            }
            None if !self.plan.is_empty() => out.push_str(
                "\nOnly tables were compared: SQL and databases do not say what the server, the sync config and the app hold.\n",
            ),
            _ => {}
        }
        out
    }

    fn copied(&self) -> Option<(&Rows, i64)> {
        let rows = self.rows.as_ref()?;
        Some((
            rows,
            rows.copied(
                &self.lines,
                self.schemas(),
                self.deployment.unwrap_or_default(),
            ),
        ))
    }

    fn json(&self) -> Value {
        let mut number = 0;
        let phases = self.plan.phases.iter().enumerate();
        let phases: Vec<_> = phases
            .map(|(at, planned)| {
                let lines = &self.lines[number..number + planned.steps.len()];
                number += planned.steps.len();
                json!({
                    "phase": planned.phase.name(),
                    "file": format!("{}_{}.sql", at + 1, planned.phase.name()),
                    "transaction": planned.phase.in_transaction(),
                    "steps": lines.iter().map(|it| self.step(it)).collect::<Vec<_>>(),
                })
            })
            .collect();
        let down = self.plan.down.iter();
        let down: Vec<_> = down
            .map(|undo| {
                json!({
                    "sql": undo.step.as_ref().map(sql::step),
                    "lost": undo.lost,
                })
            })
            .collect();
        let parts = self.deployment.map(Deployment::parts);
        let parts = parts.map(|it| {
            let parts = it.iter();
            let parts = parts.map(|it| json!({ "part": it.name, "what": it.what }));
            parts.collect::<Vec<_>>()
        });
        json!({
            "version": 1,
            "from": self.from.shown,
            "to": self.to.shown,
            "phases": phases,
            "down": down,
            "source": self.owed,
            "deployment": parts,
            "sync_config_changes": self.deployment.map(|it| it.sync_config),
            "counted": self.rows.as_ref().map(|it| if it.exact { "exact" } else { "estimate" }),
            "copied_again": self.copied().map(|(_, copied)| copied),
        })
    }

    fn step(&self, line: &Line) -> Value {
        let (kind, column) = summary::kind(&line.step);
        let rows = self.rows.as_ref();
        let hazards = line.hazards.iter();
        let hazards: Vec<_> = hazards
            .map(|it| {
                json!({
                    "hazard": it.hazard.name(),
                    "code": it.hazard.code().name(),
                    "why": it.why,
                    "query": it.rows,
                    "rows": rows.and_then(|rows| rows.at_stake(it.rows.as_deref())),
                })
            })
            .collect();
        json!({
            "kind": kind,
            "table": line.step.about().map(|it| it.to_string()),
            "column": column,
            "text": line.text,
            "sql": sql::step(&line.step),
            "rows": rows.and_then(|it| it.of(line)),
            "hazards": hazards,
        })
    }
}
